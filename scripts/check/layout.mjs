import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build-node.mjs";
import { sourceFiles } from "./source-files.mjs";

const MAX_LINES = 400;
const read = (file) => readFileSync(join(ROOT, file), "utf8");

/** One concept a file: past 400 lines a file is split, or says on its first lines why not (`Long because …`). */
export function longFiles(file, text) {
  const lines = text.split("\n").length - 1;
  if (lines <= MAX_LINES || /\blong because\b/i.test(text.split("\n").slice(0, 5).join("\n"))) return [];
  return [`${file} has ${lines} lines (${MAX_LINES} at most, or "Long because …" at its top)`];
}

/** Logs go through the logger, which knows what must not be in them. */
export function consoleUse(file, text) {
  if (!/^(src|durable-objects)\//.test(file) || file === "src/log.ts") return [];
  return matches(text, /(?<![\w./-])console\s*\.\s*\w+/g).map(({ line, found }) => `${file}:${line} uses ${found}`);
}

/** A focused test hides the others, a skipped one hides itself. */
export function focusedTests(file, text) {
  if (!file.startsWith("test/")) return [];
  return matches(
    text,
    /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(/g,
  ).map(({ line, found }) => `${file}:${line} has ${found}`);
}

/** A cast through `unknown`, or a silenced compiler, is a hole in the types. */
export function holes(file, text) {
  return matches(text, /\bas\s+unknown\s+as\b|@ts-(?:ignore|nocheck|expect-error)\b/g).map(
    ({ line, found }) => `${file}:${line} has ${found}`,
  );
}

function matches(text, pattern) {
  return text
    .split("\n")
    .flatMap((content, index) => [...content.matchAll(pattern)].map((match) => ({ line: index + 1, found: match[0] })));
}

/** npm on Node 20 resolves a range to an old major without a word: every version is exact, and the lockfile names no registry. */
export function looseVersions(manifest, lockfile) {
  const problems = [];
  for (const group of ["dependencies", "devDependencies"]) {
    for (const [name, version] of Object.entries(manifest[group] ?? {})) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`package.json: ${name} is "${version}", not an exact version`);
    }
  }
  for (const [path, entry] of Object.entries(lockfile.packages ?? {})) {
    if (entry.resolved !== undefined && !entry.link)
      problems.push(`package-lock.json: ${path} has "resolved" (npm install --omit-lockfile-registry-resolved)`);
  }
  return problems;
}

/** The shape of the checkout: short files, exact versions, no console, no focused tests, no holes in the types. */
export function checkLayout() {
  const problems = [];
  for (const file of sourceFiles(["src", "durable-objects", "container-sandbox", "test", "scripts"], /\.(ts|tsx|mjs)$/)) {
    const text = read(file);
    for (const rule of [longFiles, consoleUse, focusedTests, file.startsWith("scripts/check/") ? () => [] : holes])
      problems.push(...rule(file, text));
  }
  return [...problems, ...looseVersions(JSON.parse(read("package.json")), JSON.parse(read("package-lock.json")))];
}
