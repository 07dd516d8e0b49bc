import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { aiGateway } from "../../src/models/ai-gateway.ts";
import { anthropic } from "../../src/models/anthropic.ts";
import type { BreakerState } from "../../src/models/circuit-breaker.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { parseChain } from "../../src/models/model-ref.ts";
import { openaiCompatible } from "../../src/models/openai-compatible.ts";
import { loadPrices } from "../../src/models/prices.ts";
import type { Provider, ProviderConnection, ProviderId } from "../../src/models/provider.ts";
import { createRouter, type ModelRequest, type RouterDeps } from "../../src/models/router.ts";
import { workersAi } from "../../src/models/workers-ai.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** A provider that answers from a list of parts, without a network. */
export function partsProvider(id: ProviderId, parts: (options: LanguageModelV4CallOptions) => LanguageModelV4StreamPart[]): Provider {
  return {
    id,
    needs: { apiKey: false, baseUrl: false },
    create: (model): LanguageModelV4 => ({
      specificationVersion: "v4",
      provider: id,
      modelId: model,
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error("the router streams")),
      doStream: (options) =>
        Promise.resolve({
          stream: new ReadableStream({
            start(controller) {
              for (const part of parts(options)) controller.enqueue(part);
              controller.close();
            },
          }),
        }),
    }),
    test: () => Promise.reject(new Error("not used")),
  };
}

const USAGE = { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } };

export const offlineStandIn = partsProvider("offline", () => [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: "offline" },
  { type: "text-end", id: "1" },
  { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: USAGE },
]);

export interface Routing extends RouterDeps {
  budget: MemoryBudget;
  breakers: Map<string, BreakerState>;
  notices: string[];
  model(request?: Partial<ModelRequest>): LanguageModelV4;
}

/** A router over `chain` with real drivers, real prices and a budget in memory. */
export function routing(
  chain: string,
  connections: Partial<Record<string, ProviderConnection>>,
  overrides: Partial<RouterDeps> & { budget?: MemoryBudget } = {},
): Routing {
  const notices: string[] = [];
  const deps: RouterDeps & { budget: MemoryBudget } = {
    chain: () => (chain === "" ? [] : parseChain(chain)),
    connection: (ref) => Promise.resolve(connections[`${ref.provider}:${ref.endpoint}`] ?? connections[ref.provider] ?? null),
    budget: new MemoryBudget(),
    now: () => Date.now(),
    breakers: new Map(),
    providers: {
      anthropic,
      "openai-compatible": openaiCompatible,
      "workers-ai": workersAi,
      "ai-gateway": aiGateway,
      offline: offlineStandIn,
    },
    prices: loadPrices,
    ...overrides,
  };
  const router = createRouter(deps);
  return {
    ...deps,
    notices,
    model: (request) =>
      router.model({ tier: "smart", turnId: "turn-1", agent: "coordinator", onNotice: (notice) => notices.push(notice), ...request }),
  };
}

export const HELLO: LanguageModelV4Prompt = [
  { role: "system", content: "You are a test." },
  { role: "user", content: [{ type: "text", text: "Hello there" }] },
];

export interface Run {
  text: string;
  parts: LanguageModelV4StreamPart[];
  toolCalls: { name: string; input: unknown }[];
  /** Thrown by the call, or in the stream. */
  error: ModelError | null;
  /** Whether text had come before the error. */
  shown: boolean;
}

/** Runs one streaming call to its end. Anything but a ModelError is thrown on. */
export async function run(model: LanguageModelV4, options: Partial<LanguageModelV4CallOptions> = {}): Promise<Run> {
  const parts: LanguageModelV4StreamPart[] = [];
  let error: ModelError | null = null;
  try {
    const { stream } = await model.doStream({ prompt: HELLO, ...options });
    for await (const part of stream) {
      parts.push(part);
      if (part.type !== "error") continue;
      if (!(part.error instanceof ModelError)) throw part.error;
      error = part.error;
    }
  } catch (thrown) {
    if (!(thrown instanceof ModelError)) throw thrown;
    error = thrown;
  }
  const text = parts.flatMap((part) => (part.type === "text-delta" ? [part.delta] : [])).join("");
  const toolCalls = parts.flatMap((part) =>
    part.type === "tool-call" ? [{ name: part.toolName, input: JSON.parse(part.input) as unknown }] : [],
  );
  return { text, parts, toolCalls, error, shown: text !== "" };
}
