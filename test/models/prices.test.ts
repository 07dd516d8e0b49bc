import { describe, expect, it } from "vitest";
import { parseModelRef } from "../../src/models/model-ref.ts";
import { loadPrices, unknownPriceCost, type TokenUsage } from "../../src/models/prices.ts";

const AT = Date.UTC(2026, 10, 1);
const usage = (part: Partial<TokenUsage>): TokenUsage => ({
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  ...part,
});
const cost = async (model: string, part: Partial<TokenUsage>, baseUrl?: string): Promise<number | null> =>
  (await loadPrices()).cost(parseModelRef(model), baseUrl, usage(part), AT);

describe("loadPrices()", () => {
  it("prices plain, cached and written input and output apart", async () => {
    const model = "anthropic/claude-haiku-4-5";
    expect(await cost(model, { inputTokens: 1_000_000 })).toBe(1_000_000);
    expect(await cost(model, { outputTokens: 1_000_000 })).toBe(5_000_000);
    expect(await cost(model, { inputTokens: 1_000_000, cachedInputTokens: 1_000_000 })).toBe(100_000);
    expect(await cost(model, { inputTokens: 1_000_000, cacheWriteTokens: 1_000_000 })).toBe(1_250_000);
    expect(await cost(model, { inputTokens: 1000, cachedInputTokens: 600, cacheWriteTokens: 300, outputTokens: 10 })).toBe(
      100 + 60 + 375 + 50,
    );
  });

  it("knows an endpoint by its address, and else by its name", async () => {
    const tokens = { inputTokens: 1_000_000 };
    expect(await cost("openai-compatible/gpt-6-luna", { inputTokens: 1000 })).toBe(100);
    expect(await cost("openai-compatible:mine/openai/gpt-oss-20b", tokens, "https://api.groq.com/openai/v1")).toBe(75_000);
    expect(await cost("openai-compatible:groq/openai/gpt-oss-20b", tokens, "https://proxy.example.com/v1")).toBe(75_000);
    expect(await cost("openai-compatible:groq/openai/gpt-oss-20b", tokens, "https://openrouter.ai/api/v1")).not.toBe(75_000);
  });

  it("knows Workers AI and the gateway's catalog", async () => {
    expect(await cost("workers-ai/@cf/zai-org/glm-4.7-flash", { inputTokens: 1_000_000 })).toBe(60_000);
    expect(await cost("ai-gateway/@cf/zai-org/glm-4.7-flash", { inputTokens: 1_000_000 })).toBe(60_000);
    expect(await cost("ai-gateway/anthropic/claude-opus-4.8", { inputTokens: 1_000_000 })).toBe(5_000_000);
  });

  it.each([
    "anthropic/claude-nobody",
    "workers-ai/@cf/nobody/nothing",
    "ai-gateway/dynamic/route",
    "ai-gateway/nobody",
    "ai-gateway/nobody/x",
  ])("does not know %s", async (model) => {
    expect(await cost(model, { inputTokens: 1000 })).toBeNull();
  });

  it("does not know an OpenAI model at an address of which nothing is known", async () => {
    expect(await cost("openai-compatible/gpt-6-luna", { inputTokens: 1000 }, "https://proxy.example.com/v1")).toBeNull();
  });

  it("is free offline and never negative or negative zero", async () => {
    expect(await cost("offline/margay", { inputTokens: 1000 })).toBe(0);
    expect(Object.is(await cost("anthropic/claude-haiku-4-5", {}), 0)).toBe(true);
  });

  it("bears usage that does not add up", async () => {
    expect(await cost("anthropic/claude-haiku-4-5", { inputTokens: 100, cachedInputTokens: 5000, cacheWriteTokens: 5000 })).toBe(10);
  });
});

describe("unknownPriceCost()", () => {
  it("is as dear as the dearest default vendor's model", async () => {
    const tokens = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    expect(unknownPriceCost(usage(tokens))).toBe(60_000_000);
    expect((await cost("anthropic/claude-fable-5", tokens)) ?? Infinity).toBeLessThanOrEqual(60_000_000);
  });
});
