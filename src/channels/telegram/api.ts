import { Api, GrammyError, HttpError } from "grammy/web";

/** Seconds one call may take before it counts as not answered. */
const CALL_TIMEOUT_SECONDS = 25;

/** How the Bot API is reached. The token is used for this object's calls and kept nowhere else. */
export interface ApiAccess {
  token: string;
  /** Without a slash at the end; null: Telegram's own. */
  root: string | null;
  fetch: typeof fetch;
  /** Ends every call of this object. */
  signal?: AbortSignal;
}

export const DEFAULT_ROOT = "https://api.telegram.org";

/** grammY's client over our `fetch`. No transformer: when to call again is decided by the outbox, which survives a restart. */
export function telegramApi(access: ApiAccess): Api {
  // Called as a plain function: the Workers runtime refuses a global `fetch` called as somebody's method.
  const { fetch: send } = access;
  const call: typeof fetch = (input, init) => {
    const signals = [init?.signal, access.signal].filter((signal) => signal instanceof AbortSignal);
    return send(input, { ...init, signal: AbortSignal.any(signals) });
  };
  return new Api(access.token, { apiRoot: rootOf(access), fetch: call, timeoutSeconds: CALL_TIMEOUT_SECONDS });
}

export const rootOf = (access: Pick<ApiAccess, "root">): string => (access.root ?? DEFAULT_ROOT).replace(/\/+$/, "");

/** Why a call did not do what it should, in the terms Margay acts on. `reason` holds no token and no message text. */
export type ApiFailure =
  /** The message already looks like this. */
  | { kind: "unchanged" }
  /** The message to edit is gone, or is not ours. */
  | { kind: "lost" }
  /** Telegram does not take the formatting. */
  | { kind: "entities"; reason: string }
  /** Nothing that can be shown was in the text. */
  | { kind: "empty" }
  /** The topic of a private chat is gone. */
  | { kind: "thread" }
  /** It will never be taken: blocked, deactivated, no such chat, a revoked token. */
  | { kind: "refused"; reason: string; code: number }
  /** Not now. `sent`: `no` when Telegram said that it did nothing, `unknown` when no answer came. */
  | { kind: "retry"; reason: string; afterMs?: number; sent: "no" | "unknown" };

/** Sorts an exception of {@link telegramApi}. Anything that is not grammY's is a bug and is thrown again. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof HttpError) return { kind: "retry", reason: "Telegram did not answer", sent: "unknown" };
  if (!(error instanceof GrammyError)) throw error;
  const code = error.error_code;
  const description = error.description.slice(0, 200);
  if (code === 429) {
    const seconds = error.parameters.retry_after;
    return {
      kind: "retry",
      reason: "Telegram asks to slow down",
      sent: "no",
      ...(seconds === undefined ? {} : { afterMs: seconds * 1000 }),
    };
  }
  if (code >= 500) return { kind: "retry", reason: `Telegram has a fault (${code})`, sent: "unknown" };
  if (code === 400) {
    if (/message is not modified/i.test(description)) return { kind: "unchanged" };
    if (/message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(description)) return { kind: "lost" };
    if (/message text is empty|text must be non-empty|MESSAGE_EMPTY/i.test(description)) return { kind: "empty" };
    if (/thread not found|TOPIC_(?:DELETED|CLOSED|ID_INVALID)/i.test(description)) return { kind: "thread" };
    if (/entit/i.test(description) || /URL_INVALID/.test(description)) return { kind: "entities", reason: description };
  }
  return { kind: "refused", reason: description, code };
}
