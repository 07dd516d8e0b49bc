import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { nodePath, ROOT, toolEnv } from "./build-node.mjs";

/** What is too large to be loaded with every start of the Worker, by name. Each is a Worker of its own, which Margay loads when it is needed (`src/modules/built-module.ts`). */
const MODULES = {
  "pdf-reader": "src/knowledge/parse/pdf/reader-module.ts",
  "code-csv": "src/sandbox/modules/csv.js",
  "code-xlsx": "src/sandbox/modules/xlsx.js",
  "code-dates": "src/sandbox/modules/dates.js",
  "code-charts": "src/sandbox/modules/charts.js",
  "code-png": "src/sandbox/modules/png.js",
};
/** What such modules need as bytes. */
const FILES = {
  "code-resvg": "node_modules/@resvg/resvg-wasm/index_bg.wasm",
  "code-font": "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
};

const RUN = join(ROOT, "scripts/build-modules.run.mjs");

/** Builds the modules into a directory, named by their content, with `index.json` that says which is which. */
export function buildModules(directory) {
  mkdirSync(directory, { recursive: true });
  const index = {};
  const entries = Object.fromEntries(Object.entries(MODULES).map(([name, entry]) => [name, join(ROOT, entry)]));
  const built = spawnSync(nodePath(), [RUN, resolve(directory), JSON.stringify(entries)], {
    cwd: ROOT,
    env: toolEnv({ NODE_ENV: "production" }),
    encoding: "utf8",
  });
  if (built.status !== 0) {
    throw new Error(`The modules could not be built.\n${built.stdout ?? ""}${built.stderr ?? ""}${built.error ? built.error.message : ""}`);
  }
  for (const name of Object.keys(MODULES)) index[name] = named(name, directory, `${name}.js`);
  for (const [name, from] of Object.entries(FILES)) {
    const file = `${name}${extname(from)}`;
    copyFileSync(join(ROOT, from), join(directory, file));
    index[name] = named(name, directory, file);
  }
  writeFileSync(join(directory, "index.json"), JSON.stringify(index));
}

/** Gives a file the name that its content has. */
function named(name, directory, file) {
  const sha256 = createHash("sha256")
    .update(readFileSync(join(directory, file)))
    .digest("hex");
  const to = `${name}.${sha256.slice(0, 16)}${extname(file)}`;
  renameSync(join(directory, file), join(directory, to));
  return { file: to, sha256 };
}
