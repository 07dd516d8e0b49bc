import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelErrorKind } from "../../src/models/model-error.ts";
import type { Provider, ProviderConnection } from "../../src/models/provider.ts";
import { routing, run, type Routing } from "../models/routing.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import type { Step } from "../support/model-server-script.ts";

/** How a provider is reached in the suite, and where it differs by nature. */
export interface ProviderHarness {
  provider: Provider;
  /** A model id that it takes. */
  model: string;
  /** Root of the scripted model server. */
  url(): string;
  connection(url: string, key: string): ProviderConnection;
  /** What an HTTP status becomes; a binding tells less than a status line. */
  statuses: Partial<Record<number, ModelErrorKind>>;
  /** Whether `retry-after` gets through. */
  retryAfter: boolean;
  /** Whether `test()` answers with a list of models. */
  listsModels: boolean;
  /** What an unreadable event in a stream does: the vendor's SDK either reports it or leaves it out. */
  malformed: "malformed" | "left_out";
}

const TOOLS: LanguageModelV4CallOptions["tools"] = [
  {
    type: "function",
    name: "todo_add",
    description: "Adds a to-do.",
    inputSchema: {
      type: "object",
      properties: { title: { type: "string" }, priority: { type: "integer" } },
      required: ["title"],
      additionalProperties: false,
    },
  },
];

let count = 0;

/** What every provider on a network must do, through the router, against a server that is as strict as the real one. */
export function providerConformance(name: string, harness: ProviderHarness): void {
  describe(`provider ${name}`, () => {
    let script: ModelScript;
    let connection: ProviderConnection;
    let routes: Routing;

    beforeEach(() => {
      script = modelScript(harness.url(), `sk-secret-${name}-${++count}-0123456789`);
      connection = harness.connection(harness.url(), script.key);
      routes = routing(
        `${harness.provider.id}/${harness.model}`,
        { [harness.provider.id]: connection },
        { limits: { firstByteMs: 20_000, chunkMs: 20_000 } },
      );
    });
    afterEach(async () => {
      expect(routes.budget.open).toBe(0);
      await script.clear();
    });

    const failing = async (...steps: Step[]): Promise<Awaited<ReturnType<typeof run>>> => {
      await script.set(steps);
      return run(routes.model(), { tools: TOOLS });
    };

    it("create() streams text in order and ends with the usage", async () => {
      await script.set([{ text: "Good morning, Zoë 👋 — how are you today?", usage: { inputTokens: 120, outputTokens: 34 } }]);
      const result = await run(routes.model());
      expect(result.error).toBeNull();
      expect(result.text).toBe("Good morning, Zoë 👋 — how are you today?");
      expect(result.parts.filter((part) => part.type === "text-delta").length).toBeGreaterThan(2);
      expect(result.parts.at(-1)).toMatchObject({
        type: "finish",
        finishReason: { unified: "stop" },
        usage: { inputTokens: { total: 120 }, outputTokens: { total: 34 } },
      });
      expect(routes.budget.calls).toMatchObject([{ outcome: "done", inputTokens: 120, outputTokens: 34 }]);
    });

    it("create() puts tool calls together from their pieces", async () => {
      const input = { title: 'Film the "workout" video, ünïcode', priority: 1 };
      await script.set([
        {
          text: "On it.",
          toolCalls: [
            { name: "todo_add", input },
            { name: "todo_add", input: { title: "Second" } },
          ],
        },
      ]);
      const result = await run(routes.model(), { tools: TOOLS });
      expect(result.toolCalls).toEqual([
        { name: "todo_add", input },
        { name: "todo_add", input: { title: "Second" } },
      ]);
      expect(result.parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "tool-calls" } });
    });

    it("create() sends a conversation with tool results that the API accepts", async () => {
      await script.set([{ text: "Added." }]);
      const result = await run(routes.model(), {
        tools: TOOLS,
        prompt: [
          { role: "system", content: "You are a test." },
          { role: "user", content: [{ type: "text", text: "Earlier" }] },
          { role: "assistant", content: [{ type: "text", text: "Yes?" }] },
          { role: "user", content: [{ type: "text", text: "Add two" }] },
          {
            role: "assistant",
            content: [
              { type: "text", text: "Adding." },
              { type: "tool-call", toolCallId: "call_a", toolName: "todo_add", input: { title: "A" } },
              { type: "tool-call", toolCallId: "call_b", toolName: "todo_add", input: { title: "B" } },
            ],
          },
          {
            role: "tool",
            content: [
              { type: "tool-result", toolCallId: "call_a", toolName: "todo_add", output: { type: "json", value: { id: "1" } } },
              { type: "tool-result", toolCallId: "call_b", toolName: "todo_add", output: { type: "error-text", value: "Denied." } },
            ],
          },
        ],
      });
      expect(result.error).toBeNull();
      expect(result.text).toBe("Added.");
    });

    it("create() sends a picture", async () => {
      await script.set([{ text: "A pixel." }]);
      const pixel = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      const result = await run(routes.model(), {
        prompt: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is this?" },
              { type: "file", mediaType: "image/png", data: { type: "data", data: pixel } },
            ],
          },
        ],
      });
      expect(result.error).toBeNull();
      const [request] = await script.requests();
      expect(JSON.stringify(request?.body)).toContain("iVBORw0KGgo=");
    });

    it("create() always sends a limit of output tokens", async () => {
      await script.set([{}]);
      await run(routes.model(), { maxOutputTokens: 321 });
      const [request] = await script.requests();
      expect(JSON.stringify(request?.body)).toMatch(/"max_(completion_)?tokens":321/);
    });

    it("the router's doGenerate() answers the same as its stream", async () => {
      await script.set([{ text: "Whole answer.", toolCalls: [{ name: "todo_add", input: { title: "x" } }] }]);
      const result = await routes.model().doGenerate({ prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }], tools: TOOLS });
      expect(result.content).toMatchObject([
        { type: "text", text: "Whole answer." },
        { type: "tool-call", toolName: "todo_add" },
      ]);
      expect(result.finishReason.unified).toBe("tool-calls");
      expect(result.response?.modelId).toBe(`${harness.provider.id}/${harness.model}`);
    });

    for (const [status, kind] of Object.entries(harness.statuses)) {
      it(`status ${status} is ${kind} and its sentence holds nothing of the answer`, async () => {
        const result = await failing({
          error: {
            status: Number(status),
            body: { error: { type: "x", message: `bad key ${script.key}` }, message: `bad key ${script.key}` },
          },
        });
        expect(result.error?.kind).toBe(kind);
        expect(result.error?.message).toMatch(/^\S.+\.$/);
        expect(`${result.error?.message} ${result.error?.stack} ${JSON.stringify(result.error)}`).not.toContain(script.key);
        expect(result.error?.cause).toBeUndefined();
        expect(routes.budget.calls).toMatchObject([{ outcome: "failed", chargedMicroUsd: 0 }]);
      });
    }

    if (harness.retryAfter) {
      it("status 429 says when to come back, in seconds or as a date", async () => {
        const inSeconds = await failing({ error: { status: 429, retryAfter: "7" } });
        expect(inSeconds.error).toMatchObject({ kind: "rate_limited", retryable: true, retryAfterMs: 7000 });
        routes.breakers.clear();
        const date = new Date(Date.now() + 90_000).toUTCString();
        const asDate = await failing({ error: { status: 429, retryAfter: date } });
        expect(asDate.error?.retryAfterMs).toBeGreaterThan(60_000);
        expect(asDate.error?.retryAfterMs).toBeLessThanOrEqual(90_000);
      });
      it("a request that is too long is told apart from a wrong one", async () => {
        const result = await failing({
          error: {
            status: 400,
            body: { error: { type: "invalid_request_error", message: "prompt is too long: 300000 tokens > 200000 maximum" } },
          },
        });
        expect(result.error).toMatchObject({ kind: "too_long", retryable: false });
      });
      it("an empty account is told apart from a limit of requests", async () => {
        const result = await failing({
          error: {
            status: 429,
            body: { error: { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" } },
          },
        });
        expect(result.error).toMatchObject({ kind: "billing", retryable: false });
      });
    }

    it("a connection that breaks before the answer is retryable", async () => {
      const result = await failing({ cutAfter: 0 });
      expect(result.error?.retryable).toBe(true);
      expect(["network", "overloaded"]).toContain(result.error?.kind);
    });

    it("a stream that is cut after text fails as cut, and what was used is booked", async () => {
      const result = await failing({ text: "One two three four five six seven eight nine ten", cutAfter: 7 });
      expect(result.shown).toBe(true);
      expect(result.error).toMatchObject({ kind: "cut", retryable: true });
      expect(routes.budget.calls).toMatchObject([{ outcome: "failed" }]);
      expect(routes.budget.calls[0]?.inputTokens).toBeGreaterThan(0);
      expect(routes.budget.calls[0]?.outputTokens).toBeGreaterThan(0);
    });

    it.each<Step>([{ cutAfter: 6 }, { endAfter: 6 }, { text: "On it.", cutAfter: 8 }, { text: "On it.", endAfter: 8 }])(
      "a tool call from a stream that breaks off never reaches the caller: %o",
      async (step) => {
        const result = await failing({
          toolCalls: [{ name: "todo_add", input: { title: "A rather long title that comes in pieces" } }],
          ...step,
        });
        expect(result.toolCalls).toEqual([]);
        expect(result.error).toMatchObject({ kind: "cut", retryable: true });
      },
    );

    it("a stream that ends without an end is not taken for an answer", async () => {
      const result = await failing({ text: "One two three four five six seven eight", endAfter: 6 });
      expect(result.error).toMatchObject({ kind: "cut", retryable: true });
    });

    it("an event that is not JSON is never shown", async () => {
      const result = await failing({ text: "One two three four five six seven eight", malformed: true });
      expect(result.text).not.toContain("half");
      expect(result.error?.kind ?? "left_out").toBe(harness.malformed);
    });

    it("an abort ends the call at once, before the answer and within it", async () => {
      const early = new AbortController();
      await script.set([{ delayMs: 60_000 }, { text: "One two three four five six seven eight nine ten", chunkDelayMs: 200 }]);
      const waiting = run(routes.model(), { abortSignal: early.signal });
      const stopped = async () => {
        await expect.poll(async () => (await script.requests()).length).toBe(1);
        early.abort(new Error("stop"));
      };
      await Promise.all([expect(waiting).rejects.toThrow("stop"), stopped()]);
      expect(routes.budget.calls).toMatchObject([{ outcome: "cancelled" }]);

      const late = new AbortController();
      const { stream } = await routes
        .model()
        .doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }], abortSignal: late.signal });
      const reader = stream.getReader();
      await reader.read();
      late.abort(new Error("enough"));
      await expect(
        (async () => {
          while (!(await reader.read()).done);
        })(),
      ).rejects.toThrow("enough");
      expect(routes.budget.calls).toMatchObject([{ outcome: "cancelled" }, { outcome: "cancelled" }]);
    });

    it("a provider that does not answer in time is a retryable timeout", async () => {
      routes = routing(
        `${harness.provider.id}/${harness.model}`,
        { [harness.provider.id]: connection },
        { limits: { firstByteMs: 60, chunkMs: 60 } },
      );
      const silent = await failing({ delayMs: 600 });
      expect(silent.error).toMatchObject({ kind: "timeout", retryable: true });
      const stuck = await failing({ text: "One two three four five six", chunkDelayMs: 600 });
      expect(stuck.error).toMatchObject({ kind: "timeout", retryable: true });
    });

    it("test() says that it works", async () => {
      await script.set([]);
      const result = await harness.provider.test(connection, new AbortController().signal);
      expect(result).toMatchObject({ ok: true });
      expect(result.models.length > 0).toBe(harness.listsModels);
      expect(JSON.stringify(result)).not.toContain(script.key);
    });

    it("test() says what is wrong, without the key", async () => {
      await script.set([], { error: { status: 403, body: { error: { message: `no access for ${script.key}` } } } });
      const result = await harness.provider.test(connection, new AbortController().signal);
      expect(result).toMatchObject({ ok: false, models: [], tokenCount: null });
      expect(result.message).toMatch(/refused/);
      expect(JSON.stringify(result)).not.toContain(script.key);
    });

    it("test() ends at the caller's abort", async () => {
      await script.set([], { delayMs: 1500, error: { status: 500 } });
      const stop = new AbortController();
      const result = harness.provider.test(connection, stop.signal);
      setTimeout(() => stop.abort(new Error("stop")), 30);
      await expect(result).rejects.toThrow("stop");
    });
  });
}
