/** Whether words are a pattern of paths. */
export const isPattern = (text: string): boolean => /[*?]/.test(text);

/**
 * Whether a path fits what is looked for. A pattern: `*` stands for any part of a name, `**` for any folders, `?` for one character; without a slash it is about the name alone (`*.csv`). Words: each of them is somewhere in
 * the path. Case does not matter. At most `path.length * pattern.length` steps.
 */
export function fits(path: string, search: string): boolean {
  const wanted = search.toLowerCase();
  const lower = path.toLowerCase();
  if (!isPattern(wanted)) return wanted.split(/\s+/).every((word) => lower.includes(word));
  if (!wanted.includes("/")) return matches(lower.slice(lower.lastIndexOf("/") + 1), wanted);
  return matches(lower.slice(1), wanted.replace(/^\//, ""));
}

/** One row of a table at a time: whether the first `i` characters of the pattern fit the first `j` of the text. */
function matches(text: string, pattern: string): boolean {
  let row = Array.from({ length: text.length + 1 }, (_, j) => j === 0);
  for (let i = 0; i < pattern.length; i++) {
    const deep = pattern.startsWith("**", i);
    // `**/` also stands for no folder at all.
    const skip = deep && pattern[i + 2] === "/";
    const next = Array.from({ length: text.length + 1 }, () => false);
    for (let j = 0; j <= text.length; j++) {
      const char = text[j - 1];
      if (pattern[i] === "*") next[j] = (row[j] ?? false) || (j > 0 && (deep || char !== "/") && (next[j - 1] ?? false));
      else next[j] = j > 0 && (row[j - 1] ?? false) && (pattern[i] === char || (pattern[i] === "?" && char !== "/"));
    }
    if (skip) {
      for (let j = 0; j <= text.length; j++) row[j] = (row[j] ?? false) || ((next[j] ?? false) && text[j - 1] === "/");
      i += 2;
      continue;
    }
    if (deep) i += 1;
    row = next;
  }
  return row[text.length] ?? false;
}
