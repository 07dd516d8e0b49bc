import { z } from "zod";
import type { ProviderInput, ProviderView } from "../agent/shapes.ts";
import type { SettingStore } from "../db/object/settings.ts";
import type { Env, Settings } from "../env.ts";
import type { Vault } from "../secrets/vault.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { Endpoint } from "./chains.ts";
import { type ModelRef, type ProviderConnection, ProviderId } from "./provider.ts";

const Stored = z.object({ baseUrl: z.string().nullable(), hasKey: z.boolean(), lastFour: z.string(), updatedAt: z.number() });
type Stored = z.infer<typeof Stored>;

export interface ConnectionDeps {
  settings: Pick<SettingStore, "read" | "keys" | "write" | "delete">;
  vault: Pick<Vault, "put" | "get" | "delete">;
  deployment: Settings;
  bindings: Pick<Env, "AI">;
  fetch: typeof fetch;
  now(): number;
}

/**
 * Which model endpoints a user has and how to reach them: their own (bring your own key, in the vault) before the deployment's. A user's own
 * entry replaces the deployment's whole: the owner's key is never sent to an address that a user entered.
 */
export class Connections {
  constructor(private readonly deps: ConnectionDeps) {}

  endpoints(): Endpoint[] {
    return this.views()
      .filter((view) => view.source !== "none")
      .map((view) => ({
        provider: ProviderId.parse(view.provider),
        endpoint: view.endpoint,
        ...(view.baseUrl === null ? {} : { baseUrl: view.baseUrl }),
      }));
  }

  /** Every endpoint there is or could be, for the settings page. */
  views(): ProviderView[] {
    const own = this.deps.settings.keys(PREFIX).map((key) => {
      const [provider = "", endpoint = ""] = split(key.slice(PREFIX.length));
      const stored = this.#stored(provider, endpoint);
      return {
        provider,
        endpoint,
        source: "user" as const,
        baseUrl: stored?.baseUrl ?? null,
        lastFour: stored?.hasKey ? stored.lastFour : null,
        updatedAt: stored?.updatedAt ?? null,
      };
    });
    const shared = DEPLOYMENT.filter(({ provider }) => !own.some((view) => view.provider === provider && view.endpoint === "default")).map(
      ({ provider }) => ({
        provider,
        endpoint: "default",
        source: this.#shared(provider) ? ("deployment" as const) : ("none" as const),
        // Where the owner's key goes is the owner's affair.
        baseUrl: provider === "openai-compatible" ? (this.deps.deployment.OPENAI_BASE_URL ?? null) : null,
        lastFour: null,
        updatedAt: null,
      }),
    );
    return [...own, ...shared];
  }

  /** How to reach the endpoint of a model, with its key, for one call; null: not configured. */
  async connection(ref: Pick<ModelRef, "provider" | "endpoint">): Promise<ProviderConnection | null> {
    const stored = this.#stored(ref.provider, ref.endpoint);
    if (stored) {
      const apiKey = stored.hasKey ? await this.deps.vault.get(secretName(ref.provider, ref.endpoint)) : null;
      return {
        ...(apiKey === null ? {} : { apiKey }),
        ...(stored.baseUrl === null ? {} : { baseUrl: stored.baseUrl }),
        fetch: stored.baseUrl === null ? this.deps.fetch : boundedFetch(this.deps.fetch),
      };
    }
    return ref.endpoint === "default" ? this.#shared(ref.provider) : null;
  }

  /** Stores an endpoint of the user. Without `apiKey` a stored key is kept, unless the address changes: a key belongs to one address. */
  async put(input: ProviderInput): Promise<ProviderView> {
    const before = this.#stored(input.provider, input.endpoint);
    const baseUrl = input.baseUrl ?? before?.baseUrl ?? null;
    const name = secretName(input.provider, input.endpoint);
    let hasKey = before?.hasKey === true && before.baseUrl === baseUrl;
    let lastFour = hasKey ? (before?.lastFour ?? "") : "";
    if (input.apiKey !== undefined) {
      lastFour = (await this.deps.vault.put(name, input.apiKey)).lastFour;
      hasKey = true;
    } else if (!hasKey) this.deps.vault.delete(name);
    const stored: Stored = { baseUrl, hasKey, lastFour, updatedAt: this.deps.now() };
    this.deps.settings.write(settingKey(input.provider, input.endpoint), stored, this.deps.now());
    return {
      provider: input.provider,
      endpoint: input.endpoint,
      source: "user",
      baseUrl,
      lastFour: hasKey ? lastFour : null,
      updatedAt: stored.updatedAt,
    };
  }

  delete(provider: string, endpoint: string): void {
    this.deps.vault.delete(secretName(provider, endpoint));
    this.deps.settings.delete(settingKey(provider, endpoint));
  }

  /** What a connection test uses: what is typed now, and the stored key where none is typed and the address is unchanged. */
  async candidate(input: ProviderInput): Promise<ProviderConnection | null> {
    const stored = await this.connection({ provider: input.provider, endpoint: input.endpoint });
    const typed = input.apiKey !== undefined || input.baseUrl !== undefined;
    if (!typed) return stored;
    const sameAddress = input.baseUrl === undefined || input.baseUrl === stored?.baseUrl;
    const apiKey = input.apiKey ?? (sameAddress ? stored?.apiKey : undefined);
    const baseUrl = input.baseUrl ?? this.#stored(input.provider, input.endpoint)?.baseUrl;
    return {
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(baseUrl === undefined || baseUrl === null ? {} : { baseUrl }),
      fetch: boundedFetch(this.deps.fetch),
    };
  }

  #stored(provider: string, endpoint: string): Stored | null {
    return this.deps.settings.read(settingKey(provider, endpoint), Stored);
  }

  #shared(provider: string): ProviderConnection | null {
    const { deployment, bindings, fetch } = this.deps;
    const gateway = deployment.AI_GATEWAY === undefined ? {} : { gateway: deployment.AI_GATEWAY };
    const ai = bindings.AI === undefined ? {} : { ai: bindings.AI };
    switch (provider) {
      case "anthropic":
        if (deployment.ANTHROPIC_API_KEY === undefined) return null;
        return {
          apiKey: deployment.ANTHROPIC_API_KEY,
          ...(deployment.ANTHROPIC_BASE_URL ? { baseUrl: deployment.ANTHROPIC_BASE_URL } : {}),
          ...ai,
          ...gateway,
          fetch,
        };
      case "openai-compatible":
        if (deployment.OPENAI_API_KEY === undefined && deployment.OPENAI_BASE_URL === undefined) return null;
        return {
          ...(deployment.OPENAI_API_KEY ? { apiKey: deployment.OPENAI_API_KEY } : {}),
          ...(deployment.OPENAI_BASE_URL ? { baseUrl: deployment.OPENAI_BASE_URL } : {}),
          ...ai,
          ...gateway,
          fetch,
        };
      case "workers-ai":
        return bindings.AI === undefined ? null : { ...ai, ...gateway, fetch };
      case "ai-gateway":
        return bindings.AI === undefined || deployment.AI_GATEWAY === undefined ? null : { ...ai, ...gateway, fetch };
      default:
        return null;
    }
  }
}

const PREFIX = "provider:";
const DEPLOYMENT = [
  { provider: "anthropic" },
  { provider: "openai-compatible" },
  { provider: "workers-ai" },
  { provider: "ai-gateway" },
] as const;
const settingKey = (provider: string, endpoint: string): string => `${PREFIX}${provider}:${endpoint}`;
const secretName = (provider: string, endpoint: string): string => `provider:${provider}:${endpoint}`;
const split = (name: string): string[] => {
  const at = name.indexOf(":");
  return [name.slice(0, at), name.slice(at + 1)];
};
