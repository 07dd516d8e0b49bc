/** Builds the page, and the Worker of `npm start` into a directory (the first argument) with a configuration, `wrangler.toml`, that serves it. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv, WRANGLER } from "../../scripts/build-node.mjs";
import { buildPage } from "../../scripts/build-page.mjs";

const [directory] = process.argv.slice(2);
const local = join(ROOT, "wrangler.local.toml");

/** What is said otherwise for a Worker that is built already. */
const CHANGES = [
  ['main = "src/worker.local.ts"', 'main = "worker.local.js"\nno_bundle = true'],
  ["minify = true\n", ""],
  ['directory = "dist/web"', `directory = ${JSON.stringify(join(ROOT, "dist/web"))}`],
  ['migrations_dir = "migrations"', `migrations_dir = ${JSON.stringify(join(ROOT, "migrations"))}`],
];

await buildPage();
execFileSync(nodePath(), [WRANGLER, "deploy", "--dry-run", "-c", local, "--outdir", directory], {
  cwd: ROOT,
  env: toolEnv({ WRANGLER_SEND_METRICS: "false", WRANGLER_WRITE_LOGS: "false" }),
  stdio: ["ignore", "ignore", "inherit"],
});
let config = readFileSync(local, "utf8");
for (const [from, to] of CHANGES) {
  if (!config.includes(from)) throw new Error(`wrangler.local.toml has no line ${JSON.stringify(from)} any more.`);
  config = config.replace(from, to);
}
writeFileSync(join(directory, "wrangler.toml"), config);
