/** Why a model call failed, whatever the provider called it. */
export type ModelErrorKind =
  | "auth" // 401, 403: the key is wrong
  | "billing" // 402: the account has no credit
  | "rate_limited" // 429
  | "overloaded" // 5xx, 529
  | "timeout"
  | "network"
  | "cut" // the stream ended in the middle
  | "malformed" // an answer or chunk that is not the documented format
  | "too_long" // the request exceeds the context window
  | "rejected" // any other 4xx: the request is wrong for this model
  | "budget" // our own cap
  | "not_configured"; // no chain has a usable key

/** A failed model call, after every model of the chain was tried. `message` is a sentence for the user, without a secret. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  constructor(
    readonly kind: ModelErrorKind,
    message: string,
    /** Worth trying the same call again later. */
    readonly retryable: boolean,
    /** What the provider asked for, milliseconds. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}
