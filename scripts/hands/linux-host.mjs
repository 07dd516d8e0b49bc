import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodePath, ROOT } from "../build-node.mjs";

/** Until the server has shown that it can wall a session off. */
const START_MS = 20_000;

/** A Node that reads TypeScript without being told (22.18): the one of `npm install`, else this one. */
function typescriptNode() {
  const bundled = join(ROOT, "node_modules/node/bin/node");
  return existsSync(bundled) ? bundled : nodePath();
}

/**
 * Starts the sandbox server on this machine, on a free port of loopback with a token that nobody else has. null: this machine cannot wall programs off (no Linux, no bubblewrap, or no user namespaces); there is then no
 * Linux, and nothing takes its place.
 *
 * @returns {Promise<{ url: string, token: string, stop(): Promise<void> } | null>}
 */
export async function startLinuxHost() {
  if (process.platform !== "linux" || !inPath("bwrap")) return null;
  const token = randomBytes(32).toString("hex");
  const { PATH, TMPDIR } = process.env;
  const server = [typescriptNode(), join(ROOT, "container-sandbox/src/main.ts")];
  // Whatever ends this process ends it too, and with it every session.
  const [program, ...args] = inPath("setpriv") ? ["setpriv", "--pdeathsig", "KILL", ...server] : server;
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "ignore"],
    // Nothing of this process's surroundings but what a program needs to be found; the token is not among the arguments, which everybody can list.
    env: {
      PATH,
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      SANDBOX_TOKEN: token,
      SANDBOX_HOST: "127.0.0.1",
      SANDBOX_PORT: "0",
      SANDBOX_PROXY: "direct",
    },
  });
  const ended = new Promise((resolve) => {
    child.once("error", resolve);
    child.once("close", resolve);
  });
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, START_MS, null)));
  const url = await Promise.race([firstLine(child.stdout), ended.then(() => null), late]);
  clearTimeout(timer);
  const stop = async () => {
    child.kill("SIGTERM");
    const insist = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(insist);
  };
  if (url !== null) return { url, token, stop };
  await stop();
  return null;
}

const inPath = (program) => (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));

/** Where it listens, as it says first; null: it said something else. */
function firstLine(stream) {
  stream.setEncoding("utf8");
  return new Promise((resolve) => {
    let text = "";
    // Goes on reading after the first line: a full pipe would stop it.
    stream.on("data", (part) => {
      if (text.includes("\n")) return;
      text += part;
      if (text.includes("\n")) resolve(listening(text.slice(0, text.indexOf("\n"))));
    });
  });
}

function listening(line) {
  try {
    return JSON.parse(line).listening ?? null;
  } catch {
    return null;
  }
}
