import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserHost, CdpSocket } from "../../src/browser/cdp.ts";

const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export interface Chromium extends BrowserHost {
  stop(): Promise<void>;
}

/** One Chromium for a file of tests; each session has a context of its own in it. */
export async function startChromium(): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), "margay-chromium-"));
  const binary = process.env["CHROMIUM"] ?? BROWSERS.find((path) => existsSync(path)) ?? "/usr/bin/chromium";
  const child = spawn(
    binary,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"], detached: true },
  );
  const address = await listening(child);
  const sockets = new Set<WebSocket>();
  return {
    async launch() {
      const socket = new WebSocket(address);
      sockets.add(socket);
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve, { once: true });
        socket.addEventListener("error", () => reject(new Error("Chromium does not answer.")), { once: true });
      });
      return { id: `chromium-${sockets.size}`, socket: cdpSocket(socket) };
    },
    end: async () => undefined,
    async stop() {
      for (const socket of sockets) socket.close();
      const ended = new Promise((resolve) => child.once("close", resolve));
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const cdpSocket = (socket: WebSocket): CdpSocket => ({
  send: (text) => socket.send(text),
  onMessage: (listener) => socket.addEventListener("message", ({ data }) => listener(String(data))),
  onClose: (listener) => socket.addEventListener("close", () => listener()),
  close: () => socket.close(),
});

function listening(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`Chromium did not start:\n${said}`)));
    child.once("error", reject);
  });
}
