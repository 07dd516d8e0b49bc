/** What can run a program here: JavaScript at once, the others where there is a Linux. */
export type ScriptLanguage = "javascript" | "python" | "shell";

/** By the name of the file; null: nothing runs it. */
export function runnerOf(path: string): ScriptLanguage | null {
  if (/\.m?js$/i.test(path)) return "javascript";
  if (/\.py$/i.test(path)) return "python";
  return /\.(?:sh|bash)$/i.test(path) ? "shell" : null;
}
