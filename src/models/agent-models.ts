import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ProviderInput, ProviderView, UserSettings } from "../agent/shapes.ts";
import type { Usage } from "../channels/events.ts";
import type { UsageStore } from "../db/object/usage.ts";
import type { Settings } from "../env.ts";
import { MargayError } from "../errors.ts";
import type { ModelCall } from "./budget.ts";
import type { BreakerState } from "./circuit-breaker.ts";
import { chainFor } from "./chains.ts";
import type { Connections } from "./connections.ts";
import { formatModelRef } from "./model-ref.ts";
import { loadPrices } from "./prices.ts";
import type { ConnectionTest, ModelRef, Tier } from "./provider.ts";
import { PROVIDERS } from "./registry.ts";
import { createRouter } from "./router.ts";

export interface AgentModelsDeps {
  connections: Connections;
  settings(): UserSettings;
  deployment: Settings;
  usage: UsageStore;
  now(): number;
  /** The user set up an endpoint or took one away; a line without the key. */
  changed?(summary: string): void;
}

/** The models of one user: which answer a tier, the router over them, what a turn used of them. */
export interface AgentModels {
  /** `agent`: on whose account it goes; the coordinator's where it is left out. */
  model(request: { tier: Tier; turnId: string; agent?: string; onNotice(message: string): void }): LanguageModelV4;
  chain(tier: Tier): ModelRef[];
  /** The first model of a tier, as `provider/model`. */
  name(tier: Tier): string;
  usageOf(turnId: string): { usage: Usage; model: string | null };
  /** Throws `invalid_request` when a chain does not parse or names a provider that is not configured. */
  checkChains(chains: UserSettings["models"]): void;
  test(input: ProviderInput): Promise<ConnectionTest>;
  /** Stores an endpoint of the user, or takes it away. What its old key was refused for no longer counts. */
  putProvider(input: ProviderInput): Promise<ProviderView>;
  deleteProvider(provider: string, endpoint: string): void;
}

const TEST_TIMEOUT_MS = 15_000;

export function agentModels(deps: AgentModelsDeps): AgentModels {
  const calls = new Map<string, ModelCall[]>();
  const chain = (tier: Tier): ModelRef[] =>
    chainFor(tier, {
      endpoints: deps.connections.endpoints(),
      user: deps.settings().models,
      deployment: { fast: deps.deployment.MODEL_FAST, smart: deps.deployment.MODEL_SMART, vision: deps.deployment.MODEL_VISION },
    });
  const breakers = new Map<string, BreakerState>();
  const router = createRouter({
    chain,
    connection: (ref) => deps.connections.connection(ref),
    budget: deps.usage,
    now: deps.now,
    breakers,
    providers: PROVIDERS,
    prices: loadPrices,
  });
  return {
    chain,
    model: ({ tier, turnId, agent = "coordinator", onNotice }) =>
      router.model({
        tier,
        turnId,
        agent,
        onNotice,
        onCall(call) {
          // Kept for the turn that runs now; after a restart the ledger knows.
          if (calls.size > 100) calls.clear();
          calls.set(turnId, [...(calls.get(turnId) ?? deps.usage.callsOf(turnId).slice(0, -1)), call]);
        },
      }),
    name(tier) {
      const first = chain(tier)[0];
      return first ? formatModelRef(first) : "none";
    },
    usageOf: (turnId) => sum(calls.get(turnId) ?? deps.usage.callsOf(turnId)),
    checkChains(chains) {
      const configured = deps.connections.endpoints();
      for (const tier of ["fast", "smart", "vision"] as const) {
        const chosen = chains[tier];
        if (chosen === null || chosen.length === 0) continue;
        for (const ref of chainFor(tier, { endpoints: [], user: { [tier]: chosen } })) {
          const known =
            ref.provider === "offline" ||
            configured.some(({ provider, endpoint }) => provider === ref.provider && endpoint === ref.endpoint);
          if (!known)
            throw new MargayError("not_configured", `${formatModelRef(ref)}: add a key for ${ref.provider} first, in Settings → Models.`);
        }
      }
    },
    async test(input) {
      const connection = await deps.connections.candidate(input);
      if (!connection)
        return { ok: false, message: "Nothing is configured here yet. Enter a key first.", models: [], tokenCount: null, latencyMs: 0 };
      return PROVIDERS[input.provider].test(connection, AbortSignal.timeout(TEST_TIMEOUT_MS));
    },
    async putProvider(input) {
      breakers.clear();
      const view = await deps.connections.put(input);
      deps.changed?.(`Model endpoint ${input.provider}:${input.endpoint} set up${view.baseUrl === null ? "" : `, at ${view.baseUrl}`}`);
      return view;
    },
    deleteProvider(provider, endpoint) {
      breakers.clear();
      deps.connections.delete(provider, endpoint);
      deps.changed?.(`Model endpoint ${provider}:${endpoint} taken away`);
    },
  };
}

function sum(calls: readonly ModelCall[]): { usage: Usage; model: string | null } {
  const usage: Usage = { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: calls.length };
  for (const call of calls) {
    usage.input_tokens += call.inputTokens;
    usage.output_tokens += call.outputTokens;
    usage.cached_input_tokens += call.cachedInputTokens;
    // One unknown price makes the sum unknown.
    usage.cost_micro_usd = usage.cost_micro_usd === null || call.microUsd === null ? null : usage.cost_micro_usd + call.microUsd;
  }
  return { usage, model: calls.findLast((call) => call.outcome === "done")?.model ?? null };
}
