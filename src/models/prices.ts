import type { calcPrice, findProvider } from "@pydantic/genai-prices";
import { DEFAULT_ENDPOINT } from "./model-ref.ts";
import type { ModelRef } from "./provider.ts";

/** Tokens of one call. `inputTokens` is the whole input; the cached parts are included in it. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** Read from the provider's prompt cache. */
  cachedInputTokens: number;
  /** Written to the provider's prompt cache. */
  cacheWriteTokens: number;
}

/** Prices of models, in millionths of a US dollar. */
export interface Prices {
  /** What `usage` costs on this model; null: the price is not known. `at` is UTC milliseconds (prices change over time). */
  cost(ref: ModelRef, baseUrl: string | undefined, usage: TokenUsage, at: number): number | null;
}

/**
 * Dollars per million tokens assumed for a model whose price is not known, when money is reserved and counted against a cap: as dear as
 * the dearest model of the default chains' vendors, so that a cap holds. The shown cost of such a call is "not known".
 */
export const UNKNOWN_PRICE = { inputPerMillion: 10, outputPerMillion: 50 } as const;

/** The cost at {@link UNKNOWN_PRICE}, in millionths of a US dollar. */
export function unknownPriceCost(usage: TokenUsage): number {
  return Math.ceil(usage.inputTokens * UNKNOWN_PRICE.inputPerMillion + usage.outputTokens * UNKNOWN_PRICE.outputPerMillion);
}

/** Authors in the AI Gateway catalog whose name differs from the price data's. */
const CATALOG_AUTHORS: Readonly<Record<string, string>> = {
  grok: "x-ai",
  xai: "x-ai",
  "google-ai-studio": "google",
  "google-vertex-ai": "google",
};

let loading: Promise<Prices> | null = null;

/**
 * The price table of `@pydantic/genai-prices`, as bundled with the package: nothing is fetched and nothing updates itself.
 * Loaded when first needed: building the table takes about 30 ms, which a Worker's start should not pay.
 */
export function loadPrices(): Promise<Prices> {
  loading ??= import("@pydantic/genai-prices").then((table) => pricesFrom(table));
  return loading;
}

function pricesFrom(table: { calcPrice: typeof calcPrice; findProvider: typeof findProvider }): Prices {
  const providerIdOf = (ref: ModelRef, baseUrl: string | undefined): string | undefined => {
    if (baseUrl === undefined) return "openai";
    const byAddress = table.findProvider({ providerApiUrl: baseUrl })?.id;
    return byAddress ?? (ref.endpoint === DEFAULT_ENDPOINT ? undefined : table.findProvider({ providerId: ref.endpoint })?.id);
  };
  const locate = (ref: ModelRef, baseUrl: string | undefined): { providerId: string; model: string } | null => {
    if (ref.provider === "anthropic") return { providerId: "anthropic", model: ref.model };
    if (ref.provider === "openai-compatible") {
      const providerId = providerIdOf(ref, baseUrl);
      return providerId === undefined ? null : { providerId, model: ref.model };
    }
    if (ref.model.startsWith("@cf/")) return { providerId: "cloudflare", model: ref.model };
    const slash = ref.model.indexOf("/");
    const author = ref.model.slice(0, Math.max(slash, 0));
    const providerId = CATALOG_AUTHORS[author] ?? author;
    if (table.findProvider({ providerId }) === undefined) return null;
    return { providerId, model: ref.model.slice(slash + 1) };
  };
  return {
    cost(ref, baseUrl, usage, at) {
      if (ref.provider === "offline") return 0;
      const place = locate(ref, baseUrl);
      if (place === null) return null;
      // The parts can never be more than the whole, whatever an endpoint reports; the table throws on such usage.
      const cacheRead = Math.min(usage.cachedInputTokens, usage.inputTokens);
      const cacheWrite = Math.min(usage.cacheWriteTokens, usage.inputTokens - cacheRead);
      try {
        const price = table.calcPrice(
          {
            input_tokens: usage.inputTokens,
            output_tokens: usage.outputTokens,
            cache_read_tokens: cacheRead,
            cache_write_tokens: cacheWrite,
          },
          place.model,
          { providerId: place.providerId, timestamp: new Date(at) },
        );
        return price === null ? null : Math.max(0, Math.ceil(price.total_price * 1e6 - 1e-6));
      } catch {
        // The table throws on entries it cannot apply to these tokens: the price is then not known. A call that is over must be booked.
        return null;
      }
    },
  };
}
