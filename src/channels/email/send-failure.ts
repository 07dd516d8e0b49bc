import type { DeliveryResult } from "../channel.ts";

/** What a sender of ours throws when it will not send, and why. */
export class MailRefused extends Error {
  override readonly name = "MailRefused";
  readonly code = "MARGAY_REFUSED";
}

/** Codes of Email Service (Workers API, "Error codes") after which the same mail may go. All others that it has are for good. */
const LATER: Readonly<Record<string, number>> = {
  E_RATE_LIMIT_EXCEEDED: 60_000,
  E_DAILY_LIMIT_EXCEEDED: 3_600_000,
  E_INTERNAL_SERVER_ERROR: 0,
};

/** What a failure to send means. Without a code nobody knows whether it left, and it is tried again: better twice than never. */
export function sendFailure(error: unknown): Exclude<DeliveryResult, { kind: "told" }> {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  if (code === "MARGAY_REFUSED" && error instanceof Error) return { kind: "refused", reason: error.message };
  if (typeof code !== "string" || !/^E_[A-Z_]{1,60}$/.test(code)) return { kind: "retry", reason: "the mail could not be handed over" };
  const afterMs = Object.hasOwn(LATER, code) ? LATER[code] : undefined;
  if (afterMs === undefined) return { kind: "refused", reason: `the mail was refused (${code})` };
  return afterMs === 0 ? { kind: "retry", reason: code } : { kind: "retry", reason: code, afterMs };
}
