import { modelError } from "./failure-sentence.ts";
import { ModelError, type ModelErrorKind } from "./model-error.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** Where a call was when it failed: before anything came back, or while its answer was read. */
export type Phase = "request" | "stream";

/**
 * Turns whatever a vendor's SDK threw into a {@link ModelError}. Classified by status, error name and well-known words of the body; the
 * body itself goes nowhere.
 *
 * Statuses: Anthropic (docs.anthropic.com, "Errors"), OpenAI ("Error codes"); Workers AI codes as its provider maps them to statuses.
 */
export function toModelError(error: unknown, who: string, phase: Phase, now: number): ModelError {
  if (error instanceof ModelError) return error;
  const seen = inspect(error);
  const kind = seen.status !== null && seen.status >= 400 ? byStatus(seen.status, seen.text) : byShape(seen, phase);
  const retryAfterMs = kind === "rate_limited" || kind === "overloaded" ? parseRetryAfter(seen.headers, now) : null;
  return modelError(kind, who, retryAfterMs);
}

function byStatus(status: number, text: string): ModelErrorKind {
  if (status === 402 || NO_CREDIT.test(text)) return "billing";
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return "rate_limited";
  if (status === 408 || status === 504) return "timeout";
  if (status >= 500) return "overloaded";
  if (status === 413 || TOO_LONG.test(text)) return "too_long";
  // Google's and some proxies' way to say that the key is wrong.
  if (status === 400 && /api[_ ]key[_ ](?:not valid|invalid)|invalid[_ ]api[_ ]key/.test(text)) return "auth";
  return "rejected";
}

/** An empty account: Anthropic says it with 400, OpenAI with 429, Workers AI's free allocation with code 3036. */
const NO_CREDIT =
  /credit balance is too low|insufficient_quota|exceeded your current quota|insufficient (?:credit|balance|funds)|billing_error|\b3036\b|daily free allocation/;
const TOO_LONG =
  /prompt is too long|context[_ ]length[_ ]exceeded|maximum context length|context window|request_too_large|too many (?:input )?tokens|reduce the length of/;

function byShape(seen: Inspected, phase: Phase): ModelErrorKind {
  switch (seen.name) {
    case "AI_JSONParseError":
    case "AI_TypeValidationError":
    case "AI_EmptyResponseBodyError":
      return "malformed";
    case "AI_InvalidResponseDataError":
      return seen.message.includes("without a finish reason") ? "cut" : "malformed";
    case "AI_UnsupportedFunctionalityError":
    case "AI_InvalidPromptError":
    case "AI_InvalidArgumentError":
      return "rejected";
    case "AI_LoadAPIKeyError":
      return "auth";
    case "TimeoutError":
      return "timeout";
  }
  if (NO_CREDIT.test(seen.text)) return "billing";
  // An error object inside a stream that began with 200: `{"type":"overloaded_error"}`, `{"code":"rate_limit_exceeded"}`.
  if (/rate_limit/.test(seen.text)) return "rate_limited";
  if (/overloaded|server_error|api_error|capacity/.test(seen.text)) return "overloaded";
  // "Successful" status, unreadable answer: the SDKs wrap a parse failure in their call error.
  if (phase === "request" && seen.status !== null) return /invalid json|parse/i.test(seen.message) ? "malformed" : "network";
  return phase === "stream" ? "cut" : "network";
}

interface Inspected {
  status: number | null;
  headers: Record<string, string> | undefined;
  name: string;
  message: string;
  /** Everything the provider said, lower case, for classification only. */
  text: string;
}

/** Reads the fields that the SDKs agree on (`statusCode`/`status`, `responseHeaders`/`headers`, `responseBody`, `data`, `error`). */
function inspect(error: unknown): Inspected {
  if (typeof error !== "object" || error === null) {
    const text = String(error);
    return { status: null, headers: undefined, name: "", message: text, text: text.toLowerCase() };
  }
  const field = (name: string): unknown => Reflect.get(error, name);
  const message = typeof field("message") === "string" ? String(field("message")) : "";
  const words = [message, field("responseBody"), field("data"), field("error"), field("type"), field("code")]
    .filter((value) => value !== undefined && value !== null)
    .map((value) => (typeof value === "string" ? value : safeJson(value)));
  return {
    status: firstNumber(field("statusCode"), field("status")),
    headers: readHeaders(field("responseHeaders") ?? field("headers")),
    name: typeof field("name") === "string" ? String(field("name")) : "",
    message,
    text: words.join("\n").slice(0, 20_000).toLowerCase(),
  };
}

function firstNumber(...values: unknown[]): number | null {
  for (const value of values) if (typeof value === "number" && Number.isInteger(value)) return value;
  return null;
}

function readHeaders(value: unknown): Record<string, string> | undefined {
  if (value instanceof Headers) return Object.fromEntries(value);
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) => (typeof entry === "string" ? [[name.toLowerCase(), entry]] : [])),
  );
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
