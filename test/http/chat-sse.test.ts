import { expect, test } from "vitest";
import { sseEvent, sseResponse } from "../../src/http/sse.ts";
import { turnStream } from "../../src/http/turn-stream.ts";

const reader = (response: Response): ReadableStreamDefaultReader<Uint8Array> => {
  if (!response.body) throw new Error("no body");
  return response.body.getReader();
};
const text = (chunk: ReadableStreamReadResult<Uint8Array>): string => new TextDecoder().decode(chunk.value);

test("sseResponse() sends comments on a quiet stream", async () => {
  const quiet = Promise.withResolvers<void>();
  const body = reader(sseResponse(() => quiet.promise, {}, 1));
  expect(text(await body.read())).toMatch(/^: .*\n\n$/);
  quiet.resolve();
});

test("sseResponse() tells its producer that the client left", async () => {
  const left = Promise.withResolvers<void>();
  const body = reader(
    sseResponse(async (write, gone) => {
      gone.addEventListener("abort", () => left.resolve());
      await write(sseEvent({ data: "1" }));
      await left.promise;
    }),
  );
  expect(text(await body.read())).toBe("data: 1\n\n");
  await body.cancel();
  await left.promise;
});

test("sseResponse() cuts the connection when its producer fails", async () => {
  const body = reader(sseResponse(() => Promise.reject(new Error("bug"))));
  await expect(body.read()).rejects.toThrow("bug");
});

test("turnStream() cancels the turn's stream when the client leaves, also while it waits for the next event", async () => {
  const cancelled = Promise.withResolvers<void>();
  const waiting = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"seq":0,"event":{"type":"notice","message":"x"}}\n')),
    cancel: () => cancelled.resolve(),
  });
  const body = reader(await turnStream({ open: async () => waiting, from: 0 }));
  expect(text(await body.read())).toContain("event: notice");
  await body.cancel();
  await cancelled.promise;
});

test("turnStream() gives up after some attempts that bring nothing, and ends without an `end`", async () => {
  const waits: number[] = [];
  const broken = (): ReadableStream<Uint8Array> => new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  const response = await turnStream({ open: async () => broken(), from: 0, sleep: async (ms) => void waits.push(ms) });
  expect(await response.text()).toBe("");
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200]);
});
