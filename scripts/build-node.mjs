import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** wrangler 4.164 and vite 8 refuse an older Node. */
const NEEDED = [22, 12];

/**
 * A Node that is new enough for the tools: this one, else the one that `npm install` put into node_modules (the `node`
 * package). Scripts are started by npm (whose PATH has the right one first), by a global wrangler, or by hand; all must work.
 */
export function nodePath() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return process.execPath;
  const bundled = join(ROOT, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(bundled)) return bundled;
  throw new Error(
    `Node ${process.versions.node} is too old for the build tools and node_modules has no newer one: run \`npm install\` first.`,
  );
}

/** The environment for a child: the right Node and the local tools first on PATH. */
export function toolEnv(extra = {}) {
  const separator = process.platform === "win32" ? ";" : ":";
  const path = [dirname(nodePath()), join(ROOT, "node_modules/.bin"), process.env["PATH"] ?? ""].join(separator);
  return { ...process.env, PATH: path, ...extra };
}

export const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
