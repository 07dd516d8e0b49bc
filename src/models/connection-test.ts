import type { ConnectionTest } from "./provider.ts";
import { toModelError } from "./provider-failure.ts";

/** At most so many model ids are shown. */
export const MAX_LISTED_MODELS = 200;

/** An answer with an error status, in the shape {@link toModelError} reads. Never shown. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  constructor(
    readonly statusCode: number,
    readonly responseHeaders: Headers,
    readonly responseBody: string,
  ) {
    super(`status ${statusCode}`);
  }
}

/**
 * Runs the calls of a *test connection* and says in a sentence how it went. `call` returns the model ids (empty: the provider does not
 * list them) and a token count where there is one. A failure is an answer, not an error; only an abort by the caller is thrown.
 */
export async function runConnectionTest(
  who: string,
  signal: AbortSignal,
  call: () => Promise<{ models: string[]; tokenCount: number | null }>,
): Promise<ConnectionTest> {
  const startedAt = Date.now();
  const latency = (): number => Date.now() - startedAt;
  try {
    const { models, tokenCount } = await call();
    const listed = models.slice(0, MAX_LISTED_MODELS);
    const count = models.length === 1 ? "1 model" : `${models.length} models`;
    const message = models.length === 0 ? "The connection works." : `The connection works: ${count} can be used.`;
    return { ok: true, message, models: listed, tokenCount, latencyMs: latency() };
  } catch (error) {
    signal.throwIfAborted();
    return {
      ok: false,
      message: toModelError(error, who, "request", Date.now()).message,
      models: [],
      tokenCount: null,
      latencyMs: latency(),
    };
  }
}
