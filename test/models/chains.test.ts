import { describe, expect, it } from "vitest";
import { chainFor, type Endpoint } from "../../src/models/chains.ts";
import { formatModelRef } from "../../src/models/model-ref.ts";
import { loadPrices } from "../../src/models/prices.ts";
import { Tier } from "../../src/models/provider.ts";

const names = (...args: Parameters<typeof chainFor>): string[] => chainFor(...args).map((ref) => formatModelRef(ref));
const endpoint = (provider: Endpoint["provider"], name = "default", baseUrl?: string): Endpoint => ({ provider, endpoint: name, baseUrl });
const ANTHROPIC = endpoint("anthropic");
const OPENAI = endpoint("openai-compatible");
const USAGE = { inputTokens: 1000, outputTokens: 1000, cachedInputTokens: 0, cacheWriteTokens: 0 };

describe("chainFor()", () => {
  it("is offline exactly where nothing is configured", () => {
    for (const tier of Tier.options) {
      expect(names(tier, { endpoints: [] })).toEqual(["offline/margay"]);
      expect(names(tier, { endpoints: [endpoint("offline")] })).toEqual(["offline/margay"]);
      for (const configured of [
        ANTHROPIC,
        OPENAI,
        endpoint("workers-ai"),
        endpoint("ai-gateway"),
        endpoint("openai-compatible", "ollama", "https://ollama.example.com/v1"),
      ]) {
        expect(names(tier, { endpoints: [configured] })).not.toContain("offline/margay");
      }
    }
  });

  it("has a model for every tier of every provider and well-known host, and knows its price", async () => {
    const prices = await loadPrices();
    const configured = [
      ANTHROPIC,
      OPENAI,
      endpoint("workers-ai"),
      endpoint("ai-gateway"),
      endpoint("openai-compatible", "openrouter", "https://openrouter.ai/api/v1"),
      endpoint("openai-compatible", "groq", "https://api.groq.com/openai/v1"),
      endpoint("openai-compatible", "mistral", "https://api.mistral.ai/v1"),
    ];
    for (const one of configured) {
      for (const tier of Tier.options) {
        const chain = chainFor(tier, { endpoints: [one] });
        expect(chain.length).toBeGreaterThan(0);
        for (const ref of chain)
          expect([formatModelRef(ref), prices.cost(ref, one.baseUrl, USAGE, Date.UTC(2026, 10, 1))]).not.toEqual([
            formatModelRef(ref),
            null,
          ]);
      }
    }
  });

  it("takes a fast model that costs less than the smart one", async () => {
    const prices = await loadPrices();
    for (const one of [ANTHROPIC, OPENAI, endpoint("workers-ai"), endpoint("ai-gateway")]) {
      const cost = (tier: Tier): number => {
        const [ref] = chainFor(tier, { endpoints: [one] });
        if (ref === undefined) throw new Error("empty chain");
        return prices.cost(ref, one.baseUrl, USAGE, Date.UTC(2026, 10, 1)) ?? Number.NaN;
      };
      expect(cost("fast")).toBeLessThan(cost("smart"));
    }
  });

  it("prefers a vendor's own key to the account's shared models, and the default endpoint to a named one", () => {
    const chain = names("fast", {
      endpoints: [endpoint("workers-ai"), endpoint("openai-compatible", "groq", "https://api.groq.com/openai/v1"), OPENAI, ANTHROPIC],
    });
    expect(chain[0]).toMatch(/^anthropic\//);
    expect(chain[1]).toMatch(/^openai-compatible\//);
    expect(chain).toHaveLength(4);
  });

  it("does not depend on the order of the endpoints", () => {
    expect(names("smart", { endpoints: [OPENAI, ANTHROPIC] })).toEqual(names("smart", { endpoints: [ANTHROPIC, OPENAI] }));
  });

  it("lets the user's choice win over the deployment's, and that over the defaults", () => {
    const deployment = { fast: "openai-compatible/b, anthropic/c", smart: "anthropic/d" };
    expect(names("fast", { endpoints: [ANTHROPIC], user: { fast: ["anthropic/a"] }, deployment })).toEqual(["anthropic/a"]);
    expect(names("fast", { endpoints: [ANTHROPIC], user: { fast: null }, deployment })).toEqual(["openai-compatible/b", "anthropic/c"]);
    expect(names("fast", { endpoints: [ANTHROPIC], user: { fast: [] }, deployment: { fast: "" } })[0]).toBe("anthropic/claude-haiku-4-5");
    expect(names("smart", { endpoints: [], user: { fast: ["anthropic/a"] }, deployment })).toEqual(["anthropic/d"]);
  });

  it("is empty where only an endpoint without known models is configured, and refuses a chain that does not parse", () => {
    expect(chainFor("fast", { endpoints: [endpoint("openai-compatible", "ollama", "https://ollama.example.com/v1")] })).toEqual([]);
    expect(() => chainFor("fast", { endpoints: [], deployment: { fast: "nonsense" } })).toThrow("is not a model");
  });
});
