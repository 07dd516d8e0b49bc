import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Writes the folder `skills/` into one module, which the Worker, Node and every test import alike. A test compares the two. */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "skills");
const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  .toSorted();
const lines = paths.map(
  (path) => `  { path: ${JSON.stringify(path)}, text: ${JSON.stringify(readFileSync(join(folder, path), "utf8"))} },`,
);
writeFileSync(
  join(root, "src/skills/built-in-files.ts"),
  [
    "/** The folder `skills/`, made by `node scripts/bundle-skills.mjs`. */",
    "export const BUILT_IN_FILES: readonly { path: string; text: string }[] = [",
    ...lines,
    "];",
    "",
  ].join("\n"),
);
