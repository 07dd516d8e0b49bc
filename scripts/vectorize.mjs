import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv, WRANGLER } from "./build-node.mjs";

/** Every embedder gives 1,024 numbers (bge-m3's size; others are reduced or padded). An index cannot change its size later. */
const DIMENSIONS = 1024;

function indexName() {
  const match = /^index_name\s*=\s*"([^"]+)"/m.exec(readFileSync(join(ROOT, "wrangler.toml"), "utf8"));
  if (!match) throw new Error("wrangler.toml has no [[vectorize]] index_name.");
  return match[1];
}

/** Runs this checkout's wrangler with the caller's credentials (CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, or `wrangler login`). */
function wrangler(args) {
  // WRANGLER_COMMAND belongs to the wrangler above; this one is a plain call.
  const env = toolEnv({ WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", FORCE_COLOR: "0" });
  delete env["WRANGLER_COMMAND"];
  const run = spawnSync(nodePath(), [WRANGLER, ...args], { cwd: ROOT, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { status: run.status, output: `${run.stdout ?? ""}${run.stderr ?? ""}${run.error ? run.error.message : ""}`.trim() };
}

/**
 * Makes the Vectorize index unless it is there. An index that exists is only looked at, so every later deploy costs one read.
 *
 * @returns {string} what was done, for the build's output
 * @throws {Error} with a message that says what to do, when the index can be neither found nor made, or has another size
 */
export function ensureVectorizeIndex() {
  const name = indexName();
  const there = wrangler(["vectorize", "get", name, "--json"]);
  if (there.status === 0) {
    const dimensions = dimensionsIn(there.output);
    if (dimensions !== null && dimensions !== DIMENSIONS) {
      throw new Error(
        `The Vectorize index "${name}" has ${dimensions} dimensions and Margay needs ${DIMENSIONS}: delete it or name another in wrangler.toml.`,
      );
    }
    return `Vectorize index "${name}" is there`;
  }
  const made = wrangler(["vectorize", "create", name, `--dimensions=${DIMENSIONS}`, "--metric=cosine", "--no-update-config"]);
  if (made.status === 0) return `Vectorize index "${name}" made`;
  // Two first deploys at once: the other one made it between our two calls.
  if (/duplicate_name|already exists/i.test(made.output)) return `Vectorize index "${name}" is there`;
  const signIn = /CLOUDFLARE_API_TOKEN|not authenticated|wrangler login|Authentication error/i.test(made.output)
    ? "\nSign in with `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (it needs the Vectorize Edit permission too), then deploy again."
    : "";
  throw new Error(`The Vectorize index "${name}" could not be made.${signIn}\n${made.output}`);
}

function dimensionsIn(output) {
  const match = /"dimensions":\s*(\d+)/.exec(output);
  return match ? Number(match[1]) : null;
}
