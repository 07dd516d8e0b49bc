import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ModelCall } from "../../src/models/budget.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { loadPrices, type Prices } from "../../src/models/prices.ts";
import type { ProviderConnection } from "../../src/models/provider.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { startModelServer } from "../support/model-server.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { HELLO, partsProvider, routing, run } from "./routing.ts";

const CLAUDE = "anthropic/claude-haiku-4-5";
const GPT = "openai-compatible/gpt-6-luna";
const CHAIN = `${CLAUDE}, ${GPT}`;

let server: Awaited<ReturnType<typeof startModelServer>>;
let first: ModelScript;
let second: ModelScript;
let connections: Record<string, ProviderConnection>;
let count = 0;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  count += 1;
  first = modelScript(server.url, `first-key-${count}`);
  second = modelScript(server.url, `second-key-${count}`);
  connections = {
    anthropic: { apiKey: first.key, baseUrl: server.url, fetch },
    "openai-compatible": { apiKey: second.key, baseUrl: `${server.url}/v1`, fetch },
  };
});

/** Stops a call when it has arrived: before, its answer is left to the next one. */
async function stopAt(requests: number, stop: AbortController): Promise<void> {
  await expect.poll(async () => (await first.requests()).length).toBe(requests);
  stop.abort(new Error("stop"));
}

const budgetError = async (promise: Promise<unknown>): Promise<ModelError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error("expected a ModelError");
  return error;
};

describe("createRouter() falls over", () => {
  it.each([401, 402, 404, 429, 500, 529])("to the next model after status %i, with a notice", async (status) => {
    await first.set([{ error: { status } }]);
    await second.set([{ text: "From the second." }]);
    const routes = routing(CHAIN, connections);
    const result = await run(routes.model());
    expect(result.text).toBe("From the second.");
    expect(result.error).toBeNull();
    expect(routes.notices).toHaveLength(1);
    expect(routes.notices[0]).toContain(`Trying ${GPT} instead.`);
    expect(routes.budget.calls.map(({ model, outcome }) => [model, outcome])).toEqual([
      [CLAUDE, "failed"],
      [GPT, "done"],
    ]);
    expect(routes.budget.open).toBe(0);
  });

  it.each([
    { cutAfter: 0 },
    { cutAfter: 1 },
    { endAfter: 2 },
    { errorAfter: { events: 1, type: "overloaded_error" } },
    { malformed: true },
  ])("while nothing was shown: %o", async (step) => {
    await first.set([{ text: "", toolCalls: [{ name: "todo_add", input: { title: "half a call" } }], ...step }]);
    await second.set([{ text: "Whole." }]);
    const routes = routing(CHAIN, connections);
    const result = await run(routes.model(), { tools: [{ type: "function", name: "todo_add", inputSchema: { type: "object" } }] });
    expect(result.text).toBe("Whole.");
    expect(result.toolCalls).toEqual([]);
    expect(result.error).toBeNull();
  });

  it("but not once text was shown: the step has to start again", async () => {
    await first.set([{ text: "One two three four five six seven eight nine ten eleven twelve", cutAfter: 8 }]);
    await second.set([{ text: "Never asked." }]);
    const routes = routing(CHAIN, connections);
    const result = await run(routes.model());
    expect(result.shown).toBe(true);
    expect(result.error).toMatchObject({ kind: "cut", retryable: true });
    expect(await second.left()).toBe(1);
  });

  it("at any point of a call that does not stream", async () => {
    await first.set([{ text: "One two three four five six seven eight nine ten eleven twelve", cutAfter: 8 }]);
    await second.set([{ text: "Whole." }]);
    const result = await routing(CHAIN, connections).model().doGenerate({ prompt: HELLO });
    expect(result.content).toMatchObject([{ type: "text", text: "Whole." }]);
    expect(result.response?.modelId).toBe(GPT);
  });

  it("past an endpoint that is not configured, silently", async () => {
    await second.set([{ text: "Hi." }]);
    const routes = routing(CHAIN, { "openai-compatible": connections["openai-compatible"] });
    expect((await run(routes.model())).text).toBe("Hi.");
    expect(routes.notices).toEqual([]);
    expect(routes.budget.calls).toHaveLength(1);
  });

  it("and names the model that answered in the stream's metadata", async () => {
    await first.set([{ error: { status: 500 } }]);
    const result = await run(routing(CHAIN, connections).model());
    const named = result.parts.flatMap((part) => (part.type === "response-metadata" ? [part.modelId] : []));
    expect(new Set(named)).toEqual(new Set([GPT]));
  });
});

describe("createRouter() when every model fails", () => {
  it("throws the one that is worth a retry, with the shortest wait", async () => {
    await first.set([{ error: { status: 401 } }]);
    await second.set([{ error: { status: 429, retryAfter: "9" } }]);
    const result = await run(routing(CHAIN, connections).model());
    expect(result.error).toMatchObject({ kind: "rate_limited", retryable: true, retryAfterMs: 9000 });
  });

  it("throws what a person can put right when none is worth a retry", async () => {
    await first.set([{ error: { status: 401 } }]);
    await second.set([{ error: { status: 404 } }]);
    const result = await run(routing(CHAIN, connections).model());
    expect(result.error).toMatchObject({ kind: "auth", retryable: false });
  });

  it("is not_configured where no model of the chain has a key, and where there is no chain", async () => {
    expect((await run(routing(CHAIN, {}).model())).error).toMatchObject({ kind: "not_configured", retryable: false });
    expect((await run(routing("", connections).model())).error).toMatchObject({ kind: "not_configured" });
  });
});

describe("createRouter() and the budget", () => {
  it("reserves the worst case before the call and settles what it really cost", async () => {
    await first.set([{ text: "Hi.", usage: { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 800, cacheWriteTokens: 100 } }]);
    const routes = routing(CLAUDE, connections);
    await run(routes.model(), { maxOutputTokens: 1000 });
    // 1,000 output tokens at 5 dollars a million, and a little input.
    expect(routes.budget.peak).toBeGreaterThan(5000);
    expect(routes.budget.peak).toBeLessThan(5400);
    // 100 plain at 1, 800 cached at 0.1, 100 written at 1.25, 100 out at 5 dollars a million.
    expect(routes.budget.calls).toMatchObject([
      { microUsd: 805, chargedMicroUsd: 805, inputTokens: 1000, cachedInputTokens: 800, outputTokens: 100 },
    ]);
    expect(routes.budget.open).toBe(0);
  });

  it("refuses before anything is sent, with the budget's sentence", async () => {
    const routes = routing(CLAUDE, connections, { budget: new MemoryBudget(100) });
    const result = await run(routes.model());
    expect(result.error).toMatchObject({ kind: "budget", retryable: false, message: "Today's spending limit is used up." });
    expect(await first.requests()).toEqual([]);
    expect(routes.budget.calls).toEqual([]);
  });

  it("tries a cheaper model where the first does not fit", async () => {
    const cheap = "openai-compatible:openai/gpt-6-luna";
    const routes = routing(`anthropic/claude-opus-5-5, ${cheap}`, connections, { budget: new MemoryBudget(20_000) });
    const result = await run(routes.model(), { maxOutputTokens: 8000 });
    expect(result.text).toContain("You said");
    expect(routes.budget.calls.map((call) => call.model)).toEqual([cheap]);
  });

  it("never lets parallel calls pass the cap together", async () => {
    await first.set([], { text: "Hi.", delayMs: 20 });
    const cap = 17_000;
    const routes = routing(CLAUDE, connections, { budget: new MemoryBudget(cap) });
    const results = await Promise.all(Array.from({ length: 12 }, () => run(routes.model(), { maxOutputTokens: 1000 })));
    expect(results.filter((result) => result.error === null)).toHaveLength(3);
    expect(results.filter((result) => result.error?.kind === "budget")).toHaveLength(9);
    expect(routes.budget.peak).toBeLessThanOrEqual(cap);
    expect(routes.budget.open).toBe(0);
  });

  it("charges a stated high price where the price is not known, and shows the cost as unknown", async () => {
    await second.set([{ text: "Hi.", usage: { inputTokens: 1000, outputTokens: 100 } }]);
    const routes = routing("openai-compatible/a-model-nobody-knows", connections);
    await run(routes.model());
    expect(routes.budget.calls).toMatchObject([{ microUsd: null, chargedMicroUsd: 1000 * 10 + 100 * 50 }]);
  });

  it("books what was used when the reader goes away", async () => {
    await first.set([{ text: "One two three four five six seven eight", chunkDelayMs: 100 }]);
    const calls: ModelCall[] = [];
    const routes = routing(CLAUDE, connections);
    const { stream } = await routes.model({ onCall: (call) => calls.push(call) }).doStream({ prompt: HELLO });
    await stream.cancel();
    expect(calls).toMatchObject([{ outcome: "cancelled" }]);
    expect(calls[0]?.inputTokens).toBeGreaterThan(0);
    expect(routes.budget.open).toBe(0);
  });

  it("books the input that the provider had counted when a stream is cut", async () => {
    await first.set([
      {
        text: "One two three four five six seven eight",
        cutAfter: 6,
        usage: { inputTokens: 4321, outputTokens: 50, cachedInputTokens: 4000 },
      },
    ]);
    const routes = routing(CLAUDE, connections);
    await run(routes.model());
    expect(routes.budget.calls).toMatchObject([{ outcome: "failed", inputTokens: 4321, cachedInputTokens: 4000 }]);
  });

  it("takes a provider's zeros for a missing usage", async () => {
    await second.set([{ text: "One two three four.", usage: { inputTokens: 0, outputTokens: 0 } }]);
    const routes = routing(GPT, connections);
    await run(routes.model());
    expect(routes.budget.calls[0]?.inputTokens).toBeGreaterThan(0);
    expect(routes.budget.calls[0]?.outputTokens).toBeGreaterThan(0);
  });

  it("costs and reserves nothing for the offline model, and asks for no prices and no connection", async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error("not for offline"));
    const routes = routing("offline/margay", {}, { budget: new MemoryBudget(0), prices: refuse, connection: refuse });
    const result = await run(routes.model());
    expect(result.text).toBe("offline");
    expect(routes.budget.peak).toBe(0);
    expect(routes.budget.calls).toMatchObject([
      { model: "offline/margay", microUsd: 0, chargedMicroUsd: 0, reservationId: null, outcome: "done" },
    ]);
  });

  it("gives the offline model no network", async () => {
    let reached: unknown = null;
    const curious = partsProvider("offline", () => []);
    const routes = routing(
      "offline/margay",
      {},
      {
        providers: {
          ...routing("", {}).providers,
          offline: {
            ...curious,
            create(model, connection) {
              reached = connection.fetch(server.url).catch((error: unknown) => error);
              return curious.create(model, connection);
            },
          },
        },
      },
    );
    await run(routes.model());
    expect(await reached).toBeInstanceOf(TypeError);
  });
});

describe("createRouter() and its circuit breakers", () => {
  it("stops asking a model that failed three times in a row, and tries it again later", async () => {
    let now = 1_800_000_000_000;
    await first.set([{ error: { status: 500 } }, { error: { status: 500 } }, { error: { status: 500 } }], { text: "Back again." });
    const routes = routing(CHAIN, connections, { now: () => now });
    for (let turn = 0; turn < 5; turn++) await run(routes.model());
    expect(await first.requests()).toHaveLength(3);
    expect(await second.requests()).toHaveLength(5);
    now += 31_000;
    expect((await run(routes.model())).text).toBe("Back again.");
    expect(routes.breakers.get(CLAUDE)).toEqual({ kind: "closed", failures: 0, openings: 0 });
  });

  it("says when a model that is passed over can be asked again", async () => {
    let now = 1_800_000_000_000;
    await first.set([{ error: { status: 429, retryAfter: "20" } }]);
    const routes = routing(CLAUDE, connections, { now: () => now });
    await run(routes.model());
    now += 5000;
    const again = await run(routes.model());
    expect(again.error).toMatchObject({ kind: "rate_limited", retryable: true, retryAfterMs: 15_000 });
    expect(await first.requests()).toHaveLength(1);
  });

  it("asks again at once after a wrong key: it may have been corrected", async () => {
    await first.set([{ error: { status: 401 } }, { error: { status: 401 } }, { error: { status: 401 } }, { error: { status: 401 } }], {
      text: "Thanks.",
    });
    const routes = routing(CLAUDE, connections);
    for (let turn = 0; turn < 4; turn++) expect((await run(routes.model())).error?.kind).toBe("auth");
    expect((await run(routes.model())).text).toBe("Thanks.");
  });

  it("lets a cancelled probe be tried again", async () => {
    let now = 1_800_000_000_000;
    await first.set([{ error: { status: 429, retryAfter: "1" } }, { delayMs: 5_000 }], { text: "Back." });
    const routes = routing(CLAUDE, connections, { now: () => now });
    await run(routes.model());
    now += 1500;
    const stop = new AbortController();
    const probe = run(routes.model(), { abortSignal: stop.signal });
    await Promise.all([expect(probe).rejects.toThrow("stop"), stopAt(2, stop)]);
    expect((await run(routes.model())).text).toBe("Back.");
  });
});

describe("createRouter() and aborts", () => {
  it("sends nothing after an abort", async () => {
    const routes = routing(CHAIN, connections);
    await expect(run(routes.model(), { abortSignal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(await first.requests()).toEqual([]);
    expect(routes.budget.calls).toEqual([]);
  });

  it("does not fall over to another model after an abort", async () => {
    await first.set([{ delayMs: 5_000, error: { status: 500 } }]);
    const stop = new AbortController();
    const routes = routing(CHAIN, connections);
    const result = run(routes.model(), { abortSignal: stop.signal });
    await Promise.all([expect(result).rejects.toThrow("stop"), stopAt(1, stop)]);
    expect(await second.requests()).toEqual([]);
  });

  it("books the call at the abort, also while nobody reads", async () => {
    await first.set([{ text: "One two three four five six seven eight", chunkDelayMs: 50 }]);
    const stop = new AbortController();
    const routes = routing(CLAUDE, connections);
    const { stream } = await routes.model().doStream({ prompt: HELLO, abortSignal: stop.signal });
    stop.abort(new Error("stop"));
    expect(routes.budget.calls).toMatchObject([{ outcome: "cancelled" }]);
    await expect(stream.getReader().read()).resolves.toMatchObject({ done: false });
  });
});

describe("createRouter() and time limits", () => {
  it("does not blame the provider for a caller that reads slowly", async () => {
    await first.set([{ text: "One two three four five six seven eight" }]);
    const routes = routing(CLAUDE, connections, { limits: { firstByteMs: 1000, chunkMs: 1000 } });
    const { stream } = await routes.model().doStream({ prompt: HELLO });
    let text = "";
    for await (const part of stream) {
      if (part.type !== "text-delta") continue;
      if (text === "") await new Promise((resolve) => setTimeout(resolve, 1400));
      text += part.delta;
    }
    expect(text).toBe("One two three four five six seven eight");
    expect(routes.budget.calls).toMatchObject([{ outcome: "done" }]);
  });
});

describe("createRouter() keeps what it is given", () => {
  it("turns an error of a driver's create() into a refusal, and goes on", async () => {
    const broken = {
      ...partsProvider("anthropic", () => []),
      create: () => {
        throw new TypeError("no such model form");
      },
    };
    const routes = routing(CHAIN, connections, { providers: { ...routing("", {}).providers, anthropic: broken } });
    expect((await run(routes.model())).text).toContain("You said");
    const alone = routing(CLAUDE, connections, { providers: { ...routing("", {}).providers, anthropic: broken } });
    expect((await budgetError(Promise.resolve(alone.model().doGenerate({ prompt: HELLO })))).kind).toBe("rejected");
  });

  it("asks for prices at the time of the call", async () => {
    const prices = await loadPrices();
    const asked: number[] = [];
    const spy: Prices = { cost: (ref, baseUrl, usage, at) => (asked.push(at), prices.cost(ref, baseUrl, usage, at)) };
    await run(routing(CLAUDE, connections, { now: () => 1_800_000_000_000, prices: () => Promise.resolve(spy) }).model());
    expect(new Set(asked)).toEqual(new Set([1_800_000_000_000]));
  });

  it("sends byte-identical prefixes, so that the provider's cache is hit by the next turn", async () => {
    const routes = routing(CLAUDE, connections);
    const tools = [
      { type: "function" as const, name: "todo_add", description: "Adds.", inputSchema: { type: "object" as const, properties: {} } },
    ];
    await run(routes.model(), { prompt: HELLO, tools });
    await run(routes.model(), {
      tools,
      prompt: [
        ...HELLO,
        { role: "assistant", content: [{ type: "text", text: "You said: Hello there" }] },
        { role: "user", content: [{ type: "text", text: "And now?" }] },
      ],
    });
    await run(routes.model(), {
      tools,
      prompt: [
        ...HELLO,
        { role: "assistant", content: [{ type: "text", text: "You said: Hello there" }] },
        { role: "user", content: [{ type: "text", text: "And now?" }] },
        { role: "assistant", content: [{ type: "text", text: "Well." }] },
        { role: "user", content: [{ type: "text", text: "Good." }] },
      ],
    });
    const cached = routes.budget.calls.map((call) => call.cachedInputTokens);
    expect(cached[0]).toBe(0);
    expect(cached[1]).toBeGreaterThan(0);
    expect(cached[2]).toBeGreaterThan(cached[1] ?? 0);
  });
});
