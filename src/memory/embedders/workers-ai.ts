import { z } from "zod";
import { timeLimit } from "../../time-limit.ts";
import { type Embedder, fitVector, VECTOR_DIMS } from "../embedder.ts";

/** What is used of the `AI` binding. */
export interface AiBinding {
  run(model: string, input: { text: string[] }, options?: { signal?: AbortSignal; gateway?: { id: string } }): Promise<unknown>;
}

/** Multilingual, 1,024 dimensions, 8,192 tokens a text; queries and documents are treated alike. */
const MODEL = "@cf/baai/bge-m3";
/** Characters of a text that are sent: about what the model reads. */
const MAX_TEXT = 24_000;
const TIMEOUT_MS = 20_000;

const Answer = z.object({ data: z.array(z.array(z.number()).min(1)) });

/** bge-m3 on Workers AI. */
export function workersAiEmbedder(ai: AiBinding, options: { gateway?: string; timeoutMs?: number } = {}): Embedder {
  return {
    id: "workers-ai/bge-m3",
    dims: VECTOR_DIMS,
    maxBatch: 50,
    async embed(texts) {
      if (texts.length === 0) return [];
      const limit = timeLimit(options.timeoutMs ?? TIMEOUT_MS);
      try {
        const running = ai.run(
          MODEL,
          // An empty text is refused.
          { text: texts.map((text) => text.slice(0, MAX_TEXT).trim() || " . ") },
          { signal: limit.signal, ...(options.gateway === undefined ? {} : { gateway: { id: options.gateway } }) },
        );
        const { data } = Answer.parse(await Promise.race([running, aborted(limit.signal)]));
        if (data.length !== texts.length) throw new Error(`Workers AI gave ${data.length} vectors for ${texts.length} texts.`);
        return data.map(fitVector);
      } finally {
        limit.end();
      }
    },
  };
}

/** Local and older runtimes do not heed the signal. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new Error("It took too long.")), {
      once: true,
    });
  });
