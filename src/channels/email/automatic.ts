import { oneAddress, plainAddress } from "./address.ts";
import type { MailHeader } from "./read-mail.ts";

/** Fields that only machines write; whatever they say. */
const MACHINE_FIELDS = new Set([
  "list-id",
  "list-post",
  "list-unsubscribe",
  "list-help",
  "list-owner",
  "x-autoreply",
  "x-autorespond",
  "x-autoresponse",
  "x-loop",
  "x-failed-recipients",
]);
const MACHINE_NAMES =
  /^(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?|notifications?|auto[-_.]?reply)(?:$|[+._-])/;

/**
 * Why a mail is not to be answered by a program (RFC 3834, 2; RFC 5321, 4.5.5), for the record; null: a person may have written it. Two programs that answer each other never end.
 */
export function whyAutomatic(headers: readonly MailHeader[], envelopeFrom: string, ownDomain: string): string | null {
  if (plainAddress(envelopeFrom) === null) return "it has no return address";
  const has = (wanted: string, means: (value: string) => boolean): boolean =>
    headers.some(({ name, value }) => name === wanted && means(value.trim().toLowerCase()));
  // RFC 3834, 5: a keyword, perhaps with parameters; `no` is what people's mail may say.
  if (has("auto-submitted", (value) => !/^no\b/.test(value))) return "a program sent it";
  if (has("precedence", (value) => /^(?:bulk|list|junk|auto_reply)\b/.test(value))) return "it went to many";
  if (has("x-auto-response-suppress", (value) => value !== "none")) return "it wants no automatic answer";
  if (has("content-type", (value) => value.startsWith("multipart/report"))) return "it is a report about another mail";
  const machine = headers.find(({ name }) => MACHINE_FIELDS.has(name));
  if (machine) return "it came by a list or a program";
  const senders = [plainAddress(envelopeFrom), ...headers.flatMap(({ name, value }) => (name === "from" ? [oneAddress(value)] : []))];
  if (senders.some((sender) => sender?.domain === ownDomain)) return "it is from Margay's own domain";
  if (senders.some((sender) => sender !== null && MACHINE_NAMES.test(sender.local))) return "nobody reads that address";
  return null;
}
