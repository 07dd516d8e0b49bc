import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtinModules } from "node:module";
import { ROOT } from "../build-node.mjs";
import { cyclesIn, importGraph } from "./import-graph.mjs";
import { RULES } from "./import-rules.mjs";

/** Imports point inwards, drivers are apart, vendors stay in their drivers, nothing goes in circles. */
export function checkImports() {
  const { edges, problems } = importGraph(["src", "durable-objects"]);
  for (const edge of edges) {
    for (const rule of RULES) if (rule.breaks(edge)) problems.push(`${edge.from} → ${edge.to}  [${rule.name}] ${rule.why}`);
  }
  for (const cycle of cyclesIn(edges)) problems.push(`${cycle.join(" → ")}  [no-cycles]`);
  return [...problems, ...undeclared(edges)];
}

/** What the Worker runs must be in `dependencies`: development tools are not there where only those are installed. */
function undeclared(edges) {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const known = new Set([...Object.keys(dependencies), ...builtinModules]);
  return edges
    .filter(({ from, to, local, types }) => !local && !types && !to.includes(":") && !from.startsWith("src/web/") && !known.has(to))
    .map(({ from, to }) => `${from} → ${to}  [declared] not in package.json's dependencies`);
}
