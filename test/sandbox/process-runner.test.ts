import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type RunRequest } from "../../src/sandbox/javascript.ts";
import { processRunner } from "../../src/sandbox/process.ts";

const REQUEST: RunRequest = { code: "1", modules: {}, scope: { tools: [], files: { read: false, write: false } }, limits: DEFAULT_LIMITS };
const HOST = { ask: () => Promise.reject(new Error("nothing is asked")) };

/** The host of processes: `lines` are what its socket says before it is killed; null: it is not there at all. */
function killed(lines: readonly string[] | null) {
  const dead = () => Promise.reject(new TypeError("fetch failed"));
  const socket = new EventTarget();
  const left = [...(lines ?? [])];
  const webSocket = Object.assign(socket, {
    accept: () => undefined,
    close: () => undefined,
    send() {
      for (const data of left.splice(0)) socket.dispatchEvent(new MessageEvent("message", { data }));
      setTimeout(() => socket.dispatchEvent(new Event("close")), 0);
    },
  });
  const answer = (input: RequestInfo | URL) =>
    lines === null || String(input).includes("/ended") ? dead() : Promise.resolve(Object.assign(new Response(null), { webSocket }));
  const runner = processRunner({ url: "http://host", token: "t", fetch: answer, now: () => 0, newId: () => "a" });
  return runner.run(REQUEST, HOST, new AbortController().signal);
}

test("processRunner() tells how a run ended whose host was killed before, while it was loaded, and in the middle", async () => {
  await expect(killed(null)).rejects.toMatchObject({ code: "not_configured" });
  expect(await killed([])).toMatchObject({ ended: "error" });
  expect(await killed(['{"loaded":true}'])).toMatchObject({ ended: "error", error: { message: "It ended without a result." } });
});
