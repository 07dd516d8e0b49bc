import type { Embedder } from "../embedder.ts";
import type { EmbedderName } from "../embedder-names.ts";
import { localEmbedder } from "./local.ts";
import { type OpenAiCompatibleEmbedding, openAiCompatibleEmbedder } from "./openai-compatible.ts";
import { type AiBinding, workersAiEmbedder } from "./workers-ai.ts";

/** What there is to embed with. */
export interface EmbedderSources {
  ai?: AiBinding;
  /** Name of an AI Gateway. */
  gateway?: string;
  openAi?: OpenAiCompatibleEmbedding;
}

/** The embedder of that name, or the local one where what it needs is not there: search must go on. */
export function chooseEmbedder(name: EmbedderName, sources: EmbedderSources): Embedder {
  if (name === "workers-ai" && sources.ai)
    return workersAiEmbedder(sources.ai, sources.gateway === undefined ? {} : { gateway: sources.gateway });
  if (name === "openai-compatible" && sources.openAi) return openAiCompatibleEmbedder(sources.openAi);
  return localEmbedder;
}
