import { hostOf } from "./base-url.ts";
import { parseChain } from "./model-ref.ts";
import type { ModelRef, ProviderId, Tier } from "./provider.ts";

/** What can be reached: the endpoints that have what they need (a key, an address or a binding). */
export interface Endpoint {
  provider: ProviderId;
  /** `default` unless named. */
  endpoint: string;
  /** Root of an OpenAI-compatible endpoint; absent: OpenAI's own. */
  baseUrl?: string | undefined;
}

/** Chains that somebody chose, as `provider/model` texts; null or absent: not chosen. */
export type ChosenChains = Partial<Record<Tier, readonly string[] | string | null>>;

export interface ChainInput {
  /** Everything configured except `offline`. Order does not matter. */
  endpoints: readonly Endpoint[];
  /** The user's own choice; wins. */
  user?: ChosenChains | undefined;
  /** The deployment's `MODEL_FAST`, `MODEL_SMART`, `MODEL_VISION`. */
  deployment?: ChosenChains | undefined;
}

type Defaults = Readonly<Record<Tier, readonly string[]>>;

/**
 * Model names are those of the vendors' SDKs and of the price data as installed: every default has a known price, so that a cap
 * counts real dollars. Newer models without a known price are one setting away.
 */
const ANTHROPIC: Defaults = {
  fast: ["claude-haiku-4-5"],
  smart: ["claude-opus-5-5", "claude-sonnet-5"],
  vision: ["claude-sonnet-5", "claude-haiku-4-5"],
};
const WORKERS_AI: Defaults = {
  fast: ["@cf/zai-org/glm-5.3-flash"],
  smart: ["@cf/moonshotai/kimi-k2.6", "@cf/openai/gpt-oss-120b"],
  vision: ["@cf/meta/llama-4-scout-17b-16e-instruct"],
};
const AI_GATEWAY: Defaults = {
  fast: ["anthropic/claude-haiku-4.5", "openai/gpt-5.4-mini"],
  smart: ["anthropic/claude-opus-4.8", "openai/gpt-5.5"],
  vision: ["anthropic/claude-haiku-4.5", "openai/gpt-5.4-mini"],
};
const NONE: Defaults = { fast: [], smart: [], vision: [] };

/** Well-known OpenAI-compatible hosts. On any other (Ollama, a proxy) nobody but the person knows which models there are. */
const COMPATIBLE: Readonly<Record<string, Defaults>> = {
  "api.openai.com": { fast: ["gpt-6-luna", "gpt-5.4-mini"], smart: ["gpt-6-sol", "gpt-5.5"], vision: ["gpt-6-sol", "gpt-5.4-mini"] },
  "openrouter.ai": {
    fast: ["anthropic/claude-haiku-4.5", "openai/gpt-6-luna"],
    smart: ["anthropic/claude-opus-5.5", "openai/gpt-6-sol"],
    vision: ["anthropic/claude-sonnet-5", "openai/gpt-6-sol"],
  },
  "api.groq.com": { fast: ["openai/gpt-oss-20b"], smart: ["openai/gpt-oss-120b"], vision: ["meta-llama/llama-4-scout-17b-16e-instruct"] },
  "api.mistral.ai": {
    fast: ["mistral-small-latest"],
    smart: ["mistral-medium-latest"],
    vision: ["mistral-medium-latest", "mistral-small-latest"],
  },
};

/** Which configured endpoint comes first where nobody chose: a vendor's own key before the account's shared models. */
const PREFERENCE: readonly ProviderId[] = ["anthropic", "openai-compatible", "ai-gateway", "workers-ai"];

const OFFLINE: ModelRef = { provider: "offline", endpoint: "default", model: "margay" };

/**
 * The chain of a tier: the user's choice, else the deployment's, else defaults by what is configured. `offline` only where no
 * provider is configured at all. Empty: something is configured but no model is known for it, and someone has to choose one.
 * Throws `invalid_request` where a chosen chain does not parse.
 */
export function chainFor(tier: Tier, input: ChainInput): ModelRef[] {
  for (const chosen of [input.user?.[tier], input.deployment?.[tier]]) {
    if (chosen !== undefined && chosen !== null && chosen.length > 0) return parseChain(chosen);
  }
  const configured = input.endpoints.filter((endpoint) => endpoint.provider !== "offline");
  if (configured.length === 0) return [OFFLINE];
  return configured
    .toSorted(
      (a, b) =>
        PREFERENCE.indexOf(a.provider) - PREFERENCE.indexOf(b.provider) || rank(a) - rank(b) || a.endpoint.localeCompare(b.endpoint),
    )
    .flatMap(({ provider, endpoint, baseUrl }) => defaultsOf(provider, baseUrl)[tier].map((model) => ({ provider, endpoint, model })))
    .slice(0, MAX_DEFAULTS);
}

/** Defaults of many endpoints together stop here: a turn should fail in time, not try a dozen models. */
const MAX_DEFAULTS = 4;

const rank = (endpoint: Endpoint): number => (endpoint.endpoint === "default" ? 0 : 1);

function defaultsOf(provider: ProviderId, baseUrl: string | undefined): Defaults {
  if (provider === "openai-compatible") return COMPATIBLE[baseUrl === undefined ? "api.openai.com" : hostOf(baseUrl)] ?? NONE;
  return BY_PROVIDER[provider];
}

const BY_PROVIDER: Readonly<Record<Exclude<ProviderId, "openai-compatible">, Defaults>> = {
  anthropic: ANTHROPIC,
  "workers-ai": WORKERS_AI,
  "ai-gateway": AI_GATEWAY,
  offline: NONE,
};
