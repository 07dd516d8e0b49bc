import { z } from "zod";
import { MargayError } from "../errors.ts";
import { within } from "../time-limit.ts";
import type { BrowserHost, CdpSocket } from "./cdp.ts";

/** A browser ends by itself when nobody spoke to it for so long: Browser Rendering's longest time. */
const KEEP_ALIVE_MS = 600_000;
/** A browser answers within this time, milliseconds, or is given up. */
const START_MS = 40_000;
/** The binding takes any host; it is never resolved. */
const ROOT = "https://browser.invalid/v1/devtools/browser";

const Acquired = z.object({ sessionId: z.string().min(1).max(200) });

/**
 * Browsers by the Browser Rendering binding (https://developers.cloudflare.com/browser-rendering/), spoken to by DevTools over its WebSocket. `local`: the runtime is one of this machine, and whether
 * there is a Chromium for it; null: it is Cloudflare's.
 */
export function browserBinding(binding: Pick<Fetcher, "fetch">, local: "chromium" | "missing" | null): BrowserHost {
  const acquire = async (signal: AbortSignal): Promise<string> => {
    const response = await binding.fetch(`${ROOT}?keep_alive=${KEEP_ALIVE_MS}`, { method: "POST", signal });
    const text = await response.text();
    if (response.status === 429)
      throw new MargayError("rate_limited", "There are too many browsers open in this account. Try again in some minutes.");
    const acquired = response.ok ? Acquired.safeParse(readJson(text)) : null;
    if (!acquired?.success)
      throw new MargayError("not_configured", local === null ? "Browser Rendering did not start a browser. Try again later." : NO_CHROMIUM);
    return acquired.data.sessionId;
  };
  return {
    async launch() {
      if (local === "missing") throw new MargayError("not_configured", NO_CHROMIUM);
      try {
        const id = await within(START_MS, acquire);
        const { webSocket } = await within(START_MS, (signal) =>
          binding.fetch(`${ROOT}/${id}`, { headers: { upgrade: "websocket" }, signal }),
        );
        if (!webSocket) throw silent();
        webSocket.accept();
        return { id, socket: socketOf(webSocket) };
      } catch (error) {
        throw error instanceof MargayError ? error : silent();
      }
    },
    async end(id) {
      const response = await within(START_MS, (signal) => binding.fetch(`${ROOT}/${id}`, { method: "DELETE", signal }));
      await response.body?.cancel();
    },
  };
}

const silent = (): MargayError => new MargayError("gone", "No browser answers. Try again in a minute.");

const NO_CHROMIUM = "No browser here: install Chromium on this machine (Debian: apt install chromium) and start Margay again.";

const socketOf = (socket: WebSocket): CdpSocket => ({
  send: (text) => socket.send(text),
  onMessage: (listener) =>
    socket.addEventListener("message", ({ data }) => listener(typeof data === "string" ? data : new TextDecoder().decode(data))),
  onClose(listener) {
    socket.addEventListener("close", () => listener());
    socket.addEventListener("error", () => listener());
  },
  close() {
    try {
      socket.close();
    } catch {
      // It is closed already.
    }
  },
});

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
