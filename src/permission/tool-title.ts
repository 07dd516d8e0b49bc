/** `add_todo` as a person would say it: `Add to-do`. */
export function toolTitle(name: string): string {
  const words = name
    .replaceAll(/[_-]+/gu, " ")
    .replaceAll(/\btodo/gu, "to-do")
    .replaceAll(/\bjavascript\b/gu, "JavaScript")
    .replaceAll(/\bpython\b/gu, "Python")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
