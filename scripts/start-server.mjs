import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { pathToFileURL } from "node:url";
import { nodePath, ROOT, toolEnv, WRANGLER } from "./build-node.mjs";
import { localBrowser } from "./hands/local-browser.mjs";
import { startHands } from "./hands/start-hands.mjs";

/** Whether something answers, or a socket could not be bound, at this address. */
export async function portInUse(port) {
  const answers = await new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
  if (answers) return true;
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(false)));
  });
}

/** A port that is free now on loopback. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts `wrangler dev` on loopback with everything local: no account, no telemetry, no update check, no request to look up where this
 * machine is. What it prints goes to a log file, and the last lines are kept to explain a crash.
 *
 * @param {{ port: number, state: string, echo: boolean, config?: string }} options `state`: where D1, R2 and the objects are kept; `config`: another one than
 * that of `npm start`
 */
export async function startServer({ port, state, echo, config = join(ROOT, "wrangler.local.toml") }) {
  mkdirSync(state, { recursive: true });
  const logFile = join(state, "margay.log");
  const log = createWriteStream(logFile);
  const hands = await startHands();
  const browser = localBrowser(state);
  const giveVars = `--import=${pathToFileURL(join(ROOT, "scripts/hands/give-vars.mjs")).href}`;
  const child = spawn(
    nodePath(),
    [
      WRANGLER,
      "dev",
      "--local",
      "-c",
      config,
      "--ip",
      "127.0.0.1",
      "--port",
      String(port),
      // The debugger has no password and its default port is fixed: a free one, so that two Margays can run side by side.
      "--inspector-ip",
      "127.0.0.1",
      "--inspector-port",
      String(await freePort()),
      "--persist-to",
      state,
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: toolEnv({
        NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${giveVars}`.trim(),
        MARGAY_WORKER_VARS: JSON.stringify({ ...hands.vars, ...browser.vars }),
        ...browser.env,
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_SEND_ERROR_REPORTS: "false",
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_WRITE_LOGS: "false",
        WRANGLER_REGISTRY_PATH: join(state, "registry"),
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        // wrangler's own data browser and trace store: the first would show every user's data to any page, the second costs time a turn.
        X_LOCAL_EXPLORER: "false",
        X_LOCAL_OBSERVABILITY: "false",
        NO_COLOR: "1",
        FORCE_COLOR: "0",
      }),
    },
  );
  let tail = "";
  let broken = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (raw) => {
      const text = stripVTControlCharacters(raw);
      log.write(text);
      if (echo) process.stdout.write(text);
      tail = (tail + text).slice(-8000);
      // wrangler then waits for a file to change; a person who only wants to start Margay should hear it now.
      broken ||= /Build failed with \d+ error/.test(text);
    });
  }
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  const exited = new Promise((resolve) => {
    child.once("error", (error) => {
      tail += `\n${error.message}`;
      resolve({ code: 1, signal: null });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  let ended = false;
  const handsEnded = exited.then(() => {
    ended = true;
    return hands.stop();
  });
  return {
    logFile,
    exited,
    tail: () => tail.trim(),
    /** Asks the server to stop, and insists after five seconds. */
    async stop() {
      if (ended) return handsEnded;
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), 5000);
      await exited;
      clearTimeout(insist);
      await handsEnded;
    },
    /**
     * Resolves when the server has not answered for half a minute although its process lives: wrangler does not notice when the runtime
     * below it is killed, and requests then wait for ever.
     */
    async silent() {
      for (let failures = 0; !ended && failures < 3;) {
        await new Promise((resolve) => setTimeout(resolve, 5000).unref());
        const answered = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(10_000) }).then(
          (response) => response.arrayBuffer().then(() => true),
          () => false,
        );
        failures = answered ? 0 : failures + 1;
      }
    },
    /** Resolves when `/health` answers; false when the server ended, could not be built, or `timeoutMs` passed. */
    async ready(timeoutMs) {
      const until = Date.now() + timeoutMs;
      while (!ended && !broken && Date.now() < until) {
        try {
          const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5000) });
          await response.arrayBuffer();
          if (response.ok) return true;
        } catch {
          // Not listening yet.
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    },
  };
}
