import { aiGateway } from "../../src/models/ai-gateway.ts";
import { anthropic } from "../../src/models/anthropic.ts";
import { openaiCompatible } from "../../src/models/openai-compatible.ts";
import { workersAi } from "../../src/models/workers-ai.ts";
import { providerConformance } from "../conformance/provider.ts";
import { fakeAiBinding } from "./fake-ai-binding.ts";

const STATUSES = {
  400: "rejected",
  401: "auth",
  402: "billing",
  403: "auth",
  404: "rejected",
  429: "rate_limited",
  500: "overloaded",
  503: "overloaded",
  529: "overloaded",
} as const;

/** Every provider on a network, against the scripted server at `url`. */
export function everyProviderConforms(url: () => string): void {
  providerConformance("anthropic", {
    provider: anthropic,
    model: "claude-haiku-4-5",
    url,
    connection: (baseUrl, apiKey) => ({ apiKey, baseUrl, fetch }),
    statuses: STATUSES,
    retryAfter: true,
    listsModels: true,
    malformed: "malformed",
  });

  providerConformance("openai-compatible", {
    provider: openaiCompatible,
    model: "gpt-6-luna",
    url,
    connection: (baseUrl, apiKey) => ({ apiKey, baseUrl: `${baseUrl}/v1/`, fetch }),
    statuses: STATUSES,
    retryAfter: true,
    listsModels: true,
    malformed: "malformed",
  });

  providerConformance("workers-ai", {
    provider: workersAi,
    model: "@cf/zai-org/glm-4.7-flash",
    url,
    connection: (root, key) => ({ ai: fakeAiBinding(root, key), fetch }),
    statuses: { 400: "rejected", 403: "auth", 429: "rate_limited" },
    retryAfter: false,
    listsModels: false,
    malformed: "left_out",
  });

  providerConformance("ai-gateway", {
    provider: aiGateway,
    model: "openai/gpt-5.5",
    url,
    connection: (root, key) => ({ ai: fakeAiBinding(root, key), gateway: "default", fetch }),
    statuses: { 400: "rejected", 401: "auth", 402: "billing", 429: "rate_limited", 500: "overloaded" },
    retryAfter: true,
    listsModels: false,
    malformed: "left_out",
  });
}
