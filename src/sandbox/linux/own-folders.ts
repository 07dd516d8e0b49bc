/** Folders that programs fill for themselves and can fill again: thousands of files that nobody wants among their own. */
const NAMES: ReadonlySet<string> = new Set([
  "node_modules",
  "__pycache__",
  ".venv",
  "venv",
  ".cache",
  ".npm",
  ".git",
  ".ipynb_checkpoints",
  ".pytest_cache",
  ".mypy_cache",
]);

/** The folder of that kind that a path is in; null: it is in none. `/a/node_modules/b/c.js` → `/a/node_modules`. */
export function ownFolderOf(path: string): string | null {
  const parts = path.split("/");
  const at = parts.findIndex((part, index) => index < parts.length - 1 && NAMES.has(part));
  return at < 0 ? null : parts.slice(0, at + 1).join("/");
}
