/**
 * Every refusal Margay can give, by a stable code. Codes are part of the API: they may be added, never renamed.
 * A code maps to one HTTP status; chat and tools show the message.
 */
export const ERROR_STATUS = {
  invalid_request: 400,
  unsupported: 400,
  unauthorized: 401,
  forbidden: 403,
  bad_origin: 403,
  suspended: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_conflict: 409,
  gone: 410,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  rate_limited: 429,
  budget_exceeded: 402,
  model_unavailable: 503,
  model_rejected: 502,
  not_configured: 409,
  cancelled: 409,
  /** A Worker's cached sign-in is older than the user's current access; the Worker signs in again and repeats the call once. Never leaves the Worker. */
  stale_principal: 401,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** What a caller sees of an error, on every surface. `message` is a sentence a person can act on; it holds no secret and no stack. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  details?: unknown;
}

/** An expected refusal, thrown where a value would be awkward. Mapped once per surface; never crosses RPC (use {@link Result}). */
export class MargayError extends Error {
  override readonly name = "MargayError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
  get status(): number {
    return ERROR_STATUS[this.code];
  }
  toBody(): ErrorBody {
    return this.details === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, details: this.details };
  }
}

/** Adds to the details of a refusal what an agent can do about it. Only the agent reads that: it names tools and arguments, which mean nothing to a person. */
export const withNext = (next: string, details: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({ ...details, next });

/** One of the details of a refusal; undefined: it has none of this name. */
export const detailOf = ({ details }: Pick<ErrorBody, "details">, name: string): unknown =>
  typeof details === "object" && details !== null ? Reflect.get(details, name) : undefined;

/** A refusal as an agent reads it: the sentence for everybody, and what to do next. */
export function agentMessage(error: MargayError): string {
  const { message } = error;
  const next = detailOf(error, "next");
  return typeof next === "string" ? `${message} ${next}` : message;
}

/** The shape of every answer that crosses RPC between the Worker and an object: plain data, so no `instanceof` is needed. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorBody };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: ErrorCode, message: string, details?: unknown): { ok: false; error: ErrorBody } => ({
  ok: false,
  error: details === undefined ? { code, message } : { code, message, details },
});

/** Turns a {@link Result} back into a value or a thrown {@link MargayError}, on the calling side of an RPC. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new MargayError(result.error.code, result.error.message, result.error.details);
}

/** What `work` gives; null where it throws a {@link MargayError}. Anything else is a bug and keeps being thrown. */
export function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof MargayError) return null;
    throw error;
  }
}

/** Runs `work` and turns a thrown {@link MargayError} into a Result; anything else is a bug and keeps being thrown. */
export async function toResult<T>(work: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof MargayError) return { ok: false, error: error.toBody() };
    throw error;
  }
}
