import { createAI } from "agents/models/ai-sdk";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ProviderConnection } from "./provider.ts";
import { hostOf } from "./base-url.ts";

/** Hosts that AI Gateway has a provider for, of those that the drivers name (developers.cloudflare.com/ai-gateway, "Providers"). */
const KNOWN_HOSTS: ReadonlySet<string> = new Set([
  "api.anthropic.com",
  "api.openai.com",
  "api.groq.com",
  "api.mistral.ai",
  "openrouter.ai",
]);

/**
 * A model of the gateway's catalog (`anthropic/claude-opus-4.8`), of Workers AI (`@cf/…`) or a dynamic route (`dynamic/…`), billed to
 * the account.
 */
export function gatewayModel(model: string, ai: Ai, gateway: string | undefined): LanguageModelV4 {
  return createAI(gateway === undefined ? { binding: ai } : { binding: ai, id: gateway }).languageModel(model);
}

/**
 * A vendor's model sent through the account's gateway with the key it already carries, where a gateway is configured and knows the host;
 * else the model itself. The gateway then logs, limits and caches as its owner set it up.
 */
export function throughGateway(model: LanguageModelV4, connection: ProviderConnection, baseUrl: string): LanguageModelV4 {
  if (connection.ai === undefined || connection.gateway === undefined || !KNOWN_HOSTS.has(hostOf(baseUrl))) return model;
  return createAI({ binding: connection.ai, id: connection.gateway })(model, { vendorKey: "request" });
}
