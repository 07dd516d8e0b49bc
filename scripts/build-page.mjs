import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildModules } from "./build-modules.mjs";
import { nodePath, ROOT, toolEnv } from "./build-node.mjs";

const DIST = join(ROOT, "dist");
const OUT = join(DIST, "web");
const STAMP = join(DIST, "web.stamp.json");
const LOCK = join(DIST, "web.lock");
const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

/**
 * What the page is made of. All of src/ counts, not only src/web/: the page imports the API's types and schemas from there, and
 * hashing a few hundred small files takes milliseconds, while a forgotten input would serve an old page.
 */
const INPUTS = [
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/build-page.mjs",
  "scripts/build-modules.mjs",
  "scripts/build-modules.run.mjs",
];

/** All files under a path, or the path itself when it is a file; nothing when it does not exist. */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** One hash over names and contents, so that a renamed, added or deleted file counts as a change. */
function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      const bytes = readFileSync(file);
      hash.update(`${relative(ROOT, file)}\0${bytes.length}\0`);
      hash.update(bytes);
    }
  }
  return hash.digest("hex");
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, "utf8"));
  } catch {
    return null;
  }
}

/** Fresh means: built from exactly these inputs, and nobody touched the result since. */
function isFresh(inputs) {
  const stamp = readStamp();
  return stamp !== null && stamp.inputs === inputs && existsSync(join(OUT, "index.html")) && stamp.outputs === hashOf([OUT]);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** One build at a time in a checkout: two would swap the directory under each other. A lock whose process is gone is taken over. */
async function locked(work) {
  mkdirSync(DIST, { recursive: true });
  for (;;) {
    try {
      const file = openSync(LOCK, "wx");
      writeFileSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = Number(readFileOrEmpty(LOCK));
    if (owner > 0 && !isAlive(owner)) rmSync(LOCK, { force: true });
    else await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function readFileOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * Builds src/web into dist/web, and the modules beside it, or does nothing when dist/web is what these inputs give. The old page stays in place until
 * the new one is complete.
 *
 * @returns {Promise<"built" | "unchanged">}
 */
export async function buildPage() {
  return locked(() => {
    const inputs = hashOf(INPUTS.map((path) => join(ROOT, path)));
    if (isFresh(inputs)) return "unchanged";
    const next = join(DIST, `web.next-${process.pid}`);
    const old = join(DIST, `web.old-${process.pid}`);
    try {
      const vite = spawnSync(nodePath(), [VITE, "build", join(ROOT, "src/web"), "--outDir", next, "--emptyOutDir", "--logLevel", "warn"], {
        cwd: ROOT,
        env: toolEnv({ NODE_ENV: "production" }),
        encoding: "utf8",
      });
      if (vite.status !== 0) {
        throw new Error(`The page could not be built.\n${vite.stdout ?? ""}${vite.stderr ?? ""}${vite.error ? vite.error.message : ""}`);
      }
      buildModules(join(next, "modules"));
      if (existsSync(OUT)) renameSync(OUT, old);
      renameSync(next, OUT);
      writeFileSync(STAMP, JSON.stringify({ inputs, outputs: hashOf([OUT]) }));
    } finally {
      rmSync(next, { recursive: true, force: true });
      rmSync(old, { recursive: true, force: true });
    }
    return "built";
  });
}
