import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface DevServerOptions {
  /** Where D1, R2 and the objects are kept; a new directory when absent. Pass the same one to start again on what was there. */
  state?: string;
  /** Settings and secrets as the Worker sees them (`TELEGRAM_BOT_TOKEN` …). */
  vars?: Record<string, string>;
  /** A Worker that was built before (`inject("builtWorker")`), served by the runtime alone, which starts faster. Absent: `npm start` with all of it. */
  built?: string;
  /** Whether programs have a Linux to run in: it takes a second more to start. */
  linux?: boolean;
  /** More arguments of the Chromium that agents browse with. */
  chromium?: readonly string[];
}

export interface DevServer {
  origin: string;
  port: number;
  state: string;
  /** Milliseconds from the start of the process until it printed where it is. */
  startedInMs: number;
  /** Everything printed so far. */
  output(): string;
  /** Requests as the person at this machine, signed in by the loopback sign-in. */
  owner(path: string, init?: RequestInit): Promise<Response>;
  /** `kill -9` of the whole process group: npm's child, wrangler, the runtime. */
  kill(): Promise<void>;
  /** Ctrl-C. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** A directory for a server's state, outside of the checkout. */
export const newState = (): string => mkdtempSync(join(tmpdir(), "margay-state-"));

export const removeState = (state: string): void => rmSync(state, { recursive: true, force: true });

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("close", (code) => resolve(code)));

/**
 * Starts the real thing, in a process group of its own, on a free port of loopback: `scripts/start.mjs`, so a real `wrangler dev` process, or the runtime
 * with what was built before.
 * Resolves when it has printed where it is.
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const port = await freePort();
  const state = options.state ?? newState();
  const began = performance.now();
  const child = spawn(
    process.execPath,
    options.built ? [join(ROOT, "test/support/serve.mjs"), options.built] : [join(ROOT, "scripts/start.mjs")],
    {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      // wrangler takes variables of the process as the Worker's when told to, so nothing is written into the checkout.
      env: {
        ...process.env,
        ...options.vars,
        ...(options.vars ? { CLOUDFLARE_INCLUDE_PROCESS_ENV: "true", MARGAY_VARS: JSON.stringify(options.vars) } : {}),
        PORT: String(port),
        MARGAY_STATE: state,
        ...(options.chromium ? { MARGAY_CHROMIUM_ARGS: JSON.stringify(options.chromium) } : {}),
        ...(options.linux ? {} : { MARGAY_LINUX: "off" }),
      },
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error("the server could not be started");
  let output = "";
  const started = new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += text;
        if (output.includes("Ctrl-C stops it.")) resolve(performance.now() - began);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`the server ended with ${code} before it was ready:\n${output}`)));
  });
  const startedInMs = await started;
  const origin = `http://127.0.0.1:${port}`;

  let cookie: string | null = null;
  const signIn = async (): Promise<string> => {
    const response = await fetch(`${origin}/api/v1/auth/loopback`, { method: "POST", headers: { origin } });
    if (!response.ok) throw new Error(`the loopback sign-in answered ${response.status}: ${await response.text()}`);
    return response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
  };
  return {
    origin,
    port,
    state,
    startedInMs,
    output: () => output,
    async owner(path, init = {}) {
      cookie ??= await signIn();
      const headers = new Headers(init.headers);
      headers.set("cookie", cookie);
      headers.set("origin", origin);
      if (typeof init.body === "string") headers.set("content-type", "application/json");
      return fetch(`${origin}${path}`, { ...init, headers });
    },
    async kill() {
      process.kill(-pid, "SIGKILL");
      await ended(child);
      // The rest of the group is gone when no member of it can be signalled any more.
      for (let tries = 0; tries < 200 && groupLives(pid); tries++) await sleep(10);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(pid, "SIGINT");
      return ended(child);
    },
  };
}

function groupLives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks again and again until there is an answer; throws what was seen last when `timeoutMs` has passed. */
export async function until<T>(what: string, ask: () => Promise<T | null>, timeoutMs = 30_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(50);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`);
}
