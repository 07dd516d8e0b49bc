import { aiGateway } from "./ai-gateway.ts";
import { anthropic } from "./anthropic.ts";
import { offline } from "./offline.ts";
import { openaiCompatible } from "./openai-compatible.ts";
import type { Provider, ProviderId } from "./provider.ts";
import { workersAi } from "./workers-ai.ts";

/** Every provider there is; a new one is one line here. */
export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  anthropic,
  "openai-compatible": openaiCompatible,
  "workers-ai": workersAi,
  "ai-gateway": aiGateway,
  offline,
};
