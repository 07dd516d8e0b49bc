import { ModelError, type ModelErrorKind } from "./model-error.ts";

/** Kinds after which the same call may succeed later. */
const RETRYABLE: ReadonlySet<ModelErrorKind> = new Set<ModelErrorKind>([
  "rate_limited",
  "overloaded",
  "timeout",
  "network",
  "cut",
  "malformed",
]);

export function isRetryable(kind: ModelErrorKind): boolean {
  return RETRYABLE.has(kind);
}

/**
 * A {@link ModelError} with the sentence of its kind. `who` is the endpoint (`anthropic`, `openai-compatible:groq`) or the model; the
 * sentence holds nothing that a provider wrote, so nothing of a key or of a request can be in it.
 */
export function modelError(kind: ModelErrorKind, who: string, retryAfterMs: number | null = null): ModelError {
  return new ModelError(kind, SENTENCES[kind](who, retryAfterMs), isRetryable(kind), retryAfterMs);
}

const SENTENCES: Readonly<Record<ModelErrorKind, (who: string, retryAfterMs: number | null) => string>> = {
  auth: (who) => `${who} refused the API key. Check or replace the key under Settings, Models.`,
  billing: (who) =>
    `The account behind ${who} has no credit left. Add credit with the provider, or choose another model under Settings, Models.`,
  rate_limited: (who, retryAfterMs) =>
    `${who} is taking no more requests for now${retryAfterMs === null ? "" : `; it asks to try again in ${inWords(retryAfterMs)}`}.`,
  overloaded: (who) => `${who} has a problem of its own or is overloaded. Trying again later usually helps.`,
  timeout: (who) => `${who} did not answer in time. Trying again later usually helps.`,
  network: (who) => `${who} could not be reached. If this goes on, check its address under Settings, Models.`,
  cut: (who) => `${who} broke off in the middle of the answer.`,
  malformed: (who) =>
    `${who} sent an answer that could not be read. If this goes on, check that its address under Settings, Models is right.`,
  too_long: (who) => `The conversation is too long for ${who}. Start a new one with /new, or choose a model with a larger context.`,
  rejected: (who) => `${who} did not accept the request. Check under Settings, Models that the model exists and that your key may use it.`,
  budget: (who) => `The spending limit does not allow a call to ${who}.`,
  not_configured: () => "No model is set up for this. Add a key, or choose a model, under Settings, Models.",
};

function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
