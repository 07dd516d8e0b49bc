import type { LanguageModelV4 } from "@ai-sdk/provider";
import { z } from "zod";

/** What a turn asks for; the router maps a tier to a chain of models. */
export const Tier = z.enum(["fast", "smart", "vision"]);
export type Tier = z.infer<typeof Tier>;

export const ProviderId = z.enum(["anthropic", "openai-compatible", "workers-ai", "ai-gateway", "offline"]);
export type ProviderId = z.infer<typeof ProviderId>;

/**
 * One model in a chain, written `provider/model` or, for a named OpenAI-compatible endpoint, `openai-compatible:name/model`
 * (`anthropic/claude-sonnet-5`, `openai-compatible:groq/llama-4`, `workers-ai/@cf/meta/llama-4-scout`).
 */
export interface ModelRef {
  provider: ProviderId;
  /** Which configured endpoint of the provider; `default` unless named. */
  endpoint: string;
  model: string;
}

/** What a driver gets to reach its endpoint. Made for one call and not kept. */
export interface ProviderConnection {
  /** Absent for providers that need none. */
  apiKey?: string;
  baseUrl?: string;
  /** Cloudflare bindings and gateway settings, for the drivers that use them. */
  ai?: Ai;
  gateway?: string;
  fetch: typeof fetch;
}

/** The answer of *test connection*. Never holds a secret. */
export interface ConnectionTest {
  ok: boolean;
  /** A sentence a person can act on. */
  message: string;
  /** Model ids the key may use, when the provider lists them (at most 200). */
  models: string[];
  /** Tokens of a fixed short prompt, when the provider counts them. */
  tokenCount: number | null;
  latencyMs: number;
}

/** A kind of endpoint. One driver a file; the vendor's SDK appears only there. */
export interface Provider {
  readonly id: ProviderId;
  /** What it needs to be configured with. */
  readonly needs: { apiKey: boolean; baseUrl: boolean };
  create(model: string, connection: ProviderConnection): LanguageModelV4;
  test(connection: ProviderConnection, signal: AbortSignal): Promise<ConnectionTest>;
}
