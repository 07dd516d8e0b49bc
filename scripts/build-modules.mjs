import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodePath, ROOT, toolEnv } from "./build-node.mjs";

/** What is too large to be loaded with every start of the Worker, by name. Each is a Worker of its own, which Margay loads when it is needed (`src/modules/built-module.ts`). */
const MODULES = { "pdf-reader": "src/knowledge/parse/pdf/reader-module.ts" };

const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

/** Builds the modules into a directory, named by their content, with `index.json` that says which is which. */
export function buildModules(directory) {
  mkdirSync(directory, { recursive: true });
  const index = {};
  for (const [name, entry] of Object.entries(MODULES)) {
    const vite = spawnSync(nodePath(), [VITE, "build", "--config", join(ROOT, "scripts/build-modules.config.mjs"), "--outDir", directory], {
      cwd: ROOT,
      env: toolEnv({ NODE_ENV: "production", MODULE_ENTRY: join(ROOT, entry), MODULE_FILE: `${name}.js` }),
      encoding: "utf8",
    });
    if (vite.status !== 0) {
      throw new Error(`${name} could not be built.\n${vite.stdout ?? ""}${vite.stderr ?? ""}${vite.error ? vite.error.message : ""}`);
    }
    const sha256 = createHash("sha256")
      .update(readFileSync(join(directory, `${name}.js`)))
      .digest("hex");
    const file = `${name}.${sha256.slice(0, 16)}.js`;
    renameSync(join(directory, `${name}.js`), join(directory, file));
    index[name] = { file, sha256 };
  }
  writeFileSync(join(directory, "index.json"), JSON.stringify(index));
}
