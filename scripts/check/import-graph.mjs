import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { parseSync } from "vite";
import { ROOT } from "../build-node.mjs";
import { sourceFiles } from "./source-files.mjs";

/**
 * One import as written. `to` is a path in the checkout (`src/errors.ts`) or a package (`ai`, `cloudflare:workers`); `types` is true when
 * nothing of it exists at run time.
 *
 * @typedef {{ from: string, to: string, types: boolean, local: boolean }} Edge
 */

/** The package of a specifier: `agents/lifecycle` → `agents`, `@ai-sdk/anthropic/x` → `@ai-sdk/anthropic`. */
const packageOf = (specifier) => (specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : specifier.split("/")[0]);

/** @returns {Edge} */
function edge(from, specifier, types) {
  if (!specifier.startsWith(".")) return { from, to: specifier.includes(":") ? specifier : packageOf(specifier), types, local: false };
  return { from, to: posix.normalize(posix.join(posix.dirname(from), specifier)), types, local: true };
}

/** Every import of every source file under the given folders, read with the parser that also builds the page. */
export function importGraph(folders) {
  /** @type {Edge[]} */
  const edges = [];
  const problems = [];
  for (const from of sourceFiles(folders, /\.tsx?$/)) {
    const code = readFileSync(join(ROOT, from), "utf8");
    const parsed = parseSync(from, code);
    for (const error of parsed.errors) problems.push(`${from}: ${error.message}`);
    for (const found of parsed.module.staticImports) {
      const types = found.entries.length > 0 && found.entries.every((entry) => entry.isType);
      edges.push(edge(from, found.moduleRequest.value, types || /^import\s+type\b/.test(code.slice(found.start, found.end))));
    }
    for (const found of parsed.module.staticExports) {
      const entries = found.entries.filter((entry) => entry.moduleRequest);
      if (entries.length === 0) continue;
      edges.push(
        edge(
          from,
          entries[0].moduleRequest.value,
          entries.every((entry) => entry.isType),
        ),
      );
    }
    for (const found of parsed.module.dynamicImports) {
      const text = code.slice(found.moduleRequest.start, found.moduleRequest.end);
      const literal = /^["'`]([^"'`$]+)["'`]$/.exec(text);
      if (literal) edges.push(edge(from, literal[1], false));
      else problems.push(`${from}: import(${text}) is not a plain text, so nothing can check where it points`);
    }
  }
  for (const { from, to, local } of edges) {
    if (local && !existsSync(join(ROOT, to))) problems.push(`${from} imports ${relative(dirname(from), to)}, which is not there`);
  }
  return { edges, problems };
}

/** Import cycles that exist at run time, each as a list of files, found once. Cycles of types alone do no harm. */
export function cyclesIn(edges) {
  const next = new Map();
  for (const { from, to, types, local } of edges) {
    if (local && !types) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const state = new Map();
  const cycles = [];
  const visit = (file, path) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, "open");
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, "done");
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}
