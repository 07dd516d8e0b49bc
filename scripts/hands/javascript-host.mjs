/**
 * The host of the JavaScript sandbox on this machine. workerd by itself limits nothing, and an endless loop hangs all that is in its process: so each run has a process of its own, which is watched from here and killed
 * at its limit. Margay's Worker opens a WebSocket, this host checks the token and passes the bytes on.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processUse } from "./process-use.mjs";
import { startWorkerd } from "./workerd-process.mjs";

/** Runs at the same time; more wait. */
const AT_ONCE = 4;
/** Looked at so often while something runs, milliseconds. */
const LOOK_MS = 25;
/** One process waits for the next run so long. */
const WARM_MS = 5 * 60_000;
/** What the runtime itself takes on top, and how long how a run ended is remembered. */
const OWN_BYTES = 32 * 1024 * 1024;
const REMEMBERED_MS = 60_000;

/** @returns {Promise<{ url: string, token: string, running(): number, stop(): Promise<void> }>} */
export async function startJavascriptHost() {
  const token = randomBytes(32).toString("hex");
  const directory = mkdtempSync(join(tmpdir(), "margay-code-"));
  const lives = new Set();
  const ends = new Map();
  const queue = [];
  let count = 0;
  let running = 0;
  let warm = null;
  let cooling = null;
  let stopped = false;

  const forget = async (child) => {
    await child.exited;
    lives.delete(child);
    rmSync(child.socket, { force: true });
  };
  const start = async () => {
    const child = await startWorkerd(directory, `${count++}`);
    lives.add(child);
    void forget(child);
    if (stopped) child.kill();
    return child;
  };
  const warmUp = () => {
    warm ??= start().catch(() => null);
    clearTimeout(cooling);
    cooling = setTimeout(() => {
      const idle = warm;
      warm = null;
      void idle?.then((child) => child?.kill());
    }, WARM_MS).unref();
  };
  const take = async () => {
    const waiting = warm;
    // Before anything is waited for: nobody else may get the same.
    warm = null;
    const ready = await waiting;
    return ready !== null && lives.has(ready) ? ready : start();
  };

  const run = async (request, socket, head, { id, cpuMs, memoryBytes, wallMs }) => {
    if (running >= AT_ONCE) await new Promise((resolve) => queue.push(resolve));
    running++;
    let timer = null;
    try {
      const child = await take();
      if (socket.destroyed) return child.kill();
      const before = processUse(child.pid) ?? { cpuMs: 0, bytes: 0 };
      const began = performance.now();
      const done = Promise.withResolvers();
      let reason = null;
      ends.set(id, done.promise);
      setTimeout(() => ends.delete(id), wallMs + REMEMBERED_MS).unref();
      const end = (why) => {
        reason ??= why;
        child.kill();
      };
      timer = setInterval(() => {
        const use = processUse(child.pid);
        if (use === null) return;
        if (use.bytes - before.bytes > memoryBytes + OWN_BYTES) end("memory");
        else if (use.cpuMs - before.cpuMs > cpuMs) end("cpu");
        else if (performance.now() - began > wallMs + 2_000) end("time");
      }, LOOK_MS);
      const way = connect(child.socket);
      way.on("error", () => undefined);
      socket.on("error", () => undefined);
      way.write(upgradeOf(request));
      way.write(head);
      socket.pipe(way).pipe(socket);
      socket.once("close", () => end("error"));
      way.once("close", () => socket.destroy());
      const code = await child.exited;
      // V8 ends the process by a trap when it has no memory left.
      done.resolve(reason ?? (code > 128 ? "memory" : "error"));
      socket.destroy();
      warmUp();
    } finally {
      clearInterval(timer);
      running--;
      queue.shift()?.();
    }
  };

  const allowed = ({ headers }) => {
    const given = Buffer.from(headers.authorization ?? "");
    const wanted = Buffer.from(`Bearer ${token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://host");
    const known = pathname === "/ended" ? ends.get(searchParams.get("id") ?? "") : undefined;
    if (!allowed(request)) response.writeHead(401).end();
    else if (known === undefined) response.writeHead(404).end("{}");
    else void known.then((ended) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ended })));
  });
  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://host");
    const number = (name, most) => Math.min(Math.max(Number(searchParams.get(name)) || 0, 1), most);
    if (!allowed(request) || pathname !== "/run") return socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
    const asked = {
      id: searchParams.get("id") ?? "",
      cpuMs: number("cpu", 600_000),
      memoryBytes: number("memory", 1_024) * 1024 * 1024,
      wallMs: number("wall", 900_000),
    };
    run(request, socket, head, asked).catch(() => socket.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    token,
    running: () => lives.size,
    async stop() {
      stopped = true;
      clearTimeout(cooling);
      server.close();
      server.closeAllConnections();
      await Promise.all([...lives].map((child) => (child.kill(), child.exited)));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The request as the process gets it: the upgrade alone, without the token. */
const upgradeOf = ({ headers }) =>
  [
    "GET / HTTP/1.1",
    "host: code",
    "connection: Upgrade",
    "upgrade: websocket",
    ...["sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions"].flatMap((name) =>
      headers[name] === undefined ? [] : [`${name}: ${headers[name]}`],
    ),
    "",
    "",
  ].join("\r\n");
