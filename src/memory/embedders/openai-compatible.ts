import { z } from "zod";
import { timeLimit } from "../../time-limit.ts";
import { type Embedder, fitVector, VECTOR_DIMS } from "../embedder.ts";

export interface OpenAiCompatibleEmbedding {
  /** Root of the API with its version, `https://api.openai.com/v1`. */
  baseUrl: string;
  model: string;
  /** Absent: none is sent. */
  apiKey?: string;
  fetch: typeof fetch;
  timeoutMs?: number;
}

/** Characters of a text that are sent; servers refuse what is beyond 8,192 tokens. */
const MAX_TEXT = 20_000;
const TIMEOUT_MS = 20_000;
/** Bytes of an answer: a batch of the largest known vectors, written out, is below 10 MB. */
const MAX_ANSWER = 32 * 1024 * 1024;

const Answer = z.object({ data: z.array(z.object({ index: z.number().int().min(0).optional(), embedding: z.array(z.number()).min(1) })) });

/**
 * `POST /embeddings` of OpenAI and everything that speaks like it (Ollama, vLLM, Mistral, LM Studio …). It is asked for 1,024 dimensions; a server that does not know `dimensions` is asked
 * again without, and what it gives is cut or padded.
 */
export function openAiCompatibleEmbedder(connection: OpenAiCompatibleEmbedding): Embedder {
  const url = `${connection.baseUrl.replace(/\/+$/, "")}/embeddings`;
  let takesDimensions = true;

  async function ask(input: string[], signal: AbortSignal): Promise<Float32Array[]> {
    const response = await connection.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(connection.apiKey === undefined ? {} : { authorization: `Bearer ${connection.apiKey}` }),
      },
      body: JSON.stringify({
        model: connection.model,
        input,
        encoding_format: "float",
        ...(takesDimensions ? { dimensions: VECTOR_DIMS } : {}),
      }),
      signal,
    });
    if ((response.status === 400 || response.status === 422) && takesDimensions) {
      await response.body?.cancel();
      takesDimensions = false;
      return await ask(input, signal);
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`The embeddings server answered ${response.status}.`);
    }
    const text = await response.text();
    if (text.length > MAX_ANSWER) throw new Error("The embeddings server's answer is too long.");
    const { data } = Answer.parse(JSON.parse(text));
    const vectors = Array.from<unknown, Float32Array | undefined>(input, () => undefined);
    for (const [place, { index, embedding }] of data.entries()) vectors[index ?? place] = fitVector(embedding);
    return vectors.slice(0, input.length).map((vector) => {
      if (vector === undefined) throw new Error(`The embeddings server gave ${data.length} vectors for ${input.length} texts.`);
      return vector;
    });
  }

  return {
    id: `openai-compatible/${connection.model}@${hostOf(connection.baseUrl)}`,
    dims: VECTOR_DIMS,
    maxBatch: 64,
    async embed(texts) {
      if (texts.length === 0) return [];
      const limit = timeLimit(connection.timeoutMs ?? TIMEOUT_MS);
      try {
        // An empty text is refused.
        return await ask(
          texts.map((text) => text.slice(0, MAX_TEXT).trim() || "."),
          limit.signal,
        );
      } finally {
        limit.end();
      }
    },
  };
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
