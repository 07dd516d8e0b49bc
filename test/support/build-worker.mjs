/**
 * Builds the page, and the Worker of `npm start` into a directory (the first argument), with `worker.json`: what serves it (`serve.mjs`), as wrangler reads it
 * out of the configuration of `npm start`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { nodePath, ROOT, toolEnv, WRANGLER } from "../../scripts/build-node.mjs";
import { buildPage } from "../../scripts/build-page.mjs";

const [directory] = process.argv.slice(2);
const local = join(ROOT, "wrangler.local.toml");

await buildPage();
execFileSync(nodePath(), [WRANGLER, "deploy", "--dry-run", "-c", local, "--outdir", directory], {
  cwd: ROOT,
  env: toolEnv({ WRANGLER_SEND_METRICS: "false", WRANGLER_WRITE_LOGS: "false" }),
  stdio: ["ignore", "ignore", "inherit"],
});
const { workerOptions } = unstable_getMiniflareWorkerOptions(local);
const ENTRY = "worker.local.js";
const TYPES = { js: "ESModule", sql: "Text", wasm: "CompiledWasm", bin: "Data", txt: "Text", html: "Text" };
/** The entry first, as the runtime wants it; beside the modules stand a source map and a text of wrangler's. */
const modules = readdirSync(directory)
  .map((name) => ({ type: TYPES[name.split(".").at(-1)], path: join(directory, name), name }))
  .filter(({ type }) => type !== undefined)
  .toSorted((a, b) => Number(b.name === ENTRY) - Number(a.name === ENTRY))
  .map(({ type, path }) => ({ type, path }));
writeFileSync(join(directory, "worker.json"), JSON.stringify({ ...workerOptions, name: "margay", modules, modulesRoot: directory }));
