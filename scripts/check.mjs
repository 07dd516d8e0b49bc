/**
 * `npm run check`: the one gate, the same for people and CI. One line a step; all steps run even when one fails.
 * `--no-tests` leaves out the test suite, for CI that has just run it with `npm test`.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv } from "./build-node.mjs";
import { checkConfig } from "./check/config.mjs";
import { checkImports } from "./check/imports.mjs";
import { checkLayout } from "./check/layout.mjs";
import { checkMigrations } from "./check/migrations.mjs";

/** Runs a tool of node_modules; its output is what went wrong, or nothing. */
function tool(bin, ...args) {
  return () =>
    new Promise((resolve) => {
      const child = spawn(nodePath(), [join(ROOT, "node_modules", bin), ...args], {
        cwd: ROOT,
        env: toolEnv({ FORCE_COLOR: "0" }),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
      child.once("error", (error) => resolve([error.message]));
      child.once("close", (code) => resolve(code === 0 ? [] : [output.trim() || `exit code ${code}`]));
    });
}

const tsc = (project) => tool("typescript/bin/tsc", "-p", project);

/** Name and work; the work answers with problems. Steps of the first list run two at a time. */
const QUICK = [
  ["lint", tool("oxlint/bin/oxlint", "--type-aware", "--deny-warnings")],
  ["format", tool("oxfmt/bin/oxfmt", "--check")],
  ["types: server", tsc(".")],
  ["types: page", tsc("src/web")],
  ["types: tests", tsc("test")],
  ["types: sandbox", tsc("container-sandbox")],
  ["imports", checkImports],
  ["layout", checkLayout],
  ["configuration", checkConfig],
  ["migrations", checkMigrations],
];
const SLOW = [["tests", tool("vitest/vitest.mjs", "run")]];

let failed = 0;

async function step([name, work]) {
  const start = performance.now();
  let problems;
  try {
    problems = await work();
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${problems.length === 0 ? "ok    " : "FAILED"} ${name.padEnd(16)}${seconds} s\n`);
  for (const problem of problems) process.stdout.write(`${problem.replace(/^/gm, "       ")}\n`);
  if (problems.length > 0) failed++;
}

async function run(steps, width) {
  const waiting = [...steps];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await step(next);
    }),
  );
}

const steps = process.argv.includes("--no-tests") ? [QUICK] : [QUICK, SLOW];
for (const list of steps) await run(list, list === QUICK ? 2 : 1);
process.stdout.write(failed === 0 ? "\nAll checks passed.\n" : `\n${failed} ${failed === 1 ? "check" : "checks"} failed.\n`);
process.exitCode = failed === 0 ? 0 : 1;
