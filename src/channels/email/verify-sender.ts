import { oneAddress, plainAddress } from "./address.ts";
import { type AuthenticationResults, readAuthenticationResults } from "./authentication-results.ts";
import type { AuthRecord } from "./mail-event.ts";
import type { MailHeader } from "./read-mail.ts";

/** Who receives mail for a domain with Cloudflare Email Routing, as its `Authentication-Results` name themselves. */
export const AUTHSERV_ID = "mx.cloudflare.net";

export interface SenderVerdict {
  /** The address in `From`; null: there is not exactly one. */
  address: string | null;
  /** How it calls itself. Anybody can call themselves anything. */
  name: string;
  /** Whether the mail counts as written by whoever has that address. */
  authenticated: boolean;
  /** Why it does not; null: it does. */
  reason: string | null;
  results: AuthRecord;
}

/** Fields that a receiving server writes above those of the sender; anything else ends what may be trusted. */
const TRACE = new Set([
  "received",
  "received-spf",
  "return-path",
  "delivered-to",
  "arc-seal",
  "arc-message-signature",
  "arc-authentication-results",
]);

/** Mail waits for days where a server is down (RFC 5321, 4.5.4.1), and keys of messages are kept for seven: an old one again would be a new one. */
const MAX_AGE_MS = 5 * 86_400_000;
const MAX_AHEAD_MS = 86_400_000;

export interface Arrival {
  headers: readonly MailHeader[];
  /** Of the envelope (SMTP `MAIL FROM`). */
  envelopeFrom: string;
  /** Every address of the mailbox, with and without what stands after a `+`. */
  mailbox(address: string): boolean;
  /** What the `Date` field says, UTC ms; null: nothing that is a date. */
  date: number | null;
  now: number;
}

/**
 * Whether a mail was written by the person whose address stands in `From`. Absence denies.
 *
 * DMARC must have passed for exactly that domain (RFC 7489), or, where the domain has no DMARC, a DKIM signature of exactly that domain; by the word of the server that received it and nobody
 * else's. That word is the first `Authentication-Results` of the mail, with nothing of the sender's above it (RFC 8601, 5 and 7.1): a sender can write any number of them, but only below. And
 * the mail must be meant for this mailbox now: one that its author once sent to somebody else carries the same valid signature for ever.
 */
export function verifySender({ headers, envelopeFrom, mailbox, date, now }: Arrival): SenderVerdict {
  const from = headers.filter(({ name }) => name === "from");
  const author = from.length === 1 && from[0] ? oneAddress(from[0].value) : null;
  const stamp = trustedResults(headers);
  const results = recordOf(stamp);
  const verdict = (reason: string | null): SenderVerdict => ({
    address: author?.address ?? null,
    name: author?.name ?? "",
    authenticated: reason === null,
    reason,
    results,
  });
  if (!author) return verdict("it does not have exactly one sender");
  if (plainAddress(envelopeFrom)?.address !== author.address) return verdict("its envelope names another sender");
  if (headers.some(({ name, value }) => name === "sender" && oneAddress(value)?.address !== author.address))
    return verdict("somebody else sent it for them");
  if (headers.some(({ name }) => name.startsWith("resent-"))) return verdict("it was sent on by somebody else");
  if (!stamp) return verdict("the receiving server does not say who sent it");
  const unproven = whyUnproven(stamp, author.domain);
  if (unproven !== null) return verdict(unproven);
  if (!addressees(headers).some(mailbox)) return verdict("it is not addressed to this mailbox");
  if (date === null || date < now - MAX_AGE_MS || date > now + MAX_AHEAD_MS) return verdict("it is not of these days");
  return verdict(null);
}

/** The word of the receiving server; null: it gave none, or something of the sender's stands above it. */
function trustedResults(headers: readonly MailHeader[]): AuthenticationResults | null {
  const first = headers.findIndex(({ name }) => name === "authentication-results");
  const above = headers.slice(0, Math.max(first, 0));
  const ours =
    above.every(({ name }) => TRACE.has(name) || name.startsWith("x-cf-")) && above.filter(({ name }) => name === "received").length <= 1;
  const stamp = first === -1 || !ours ? null : readAuthenticationResults(headers[first]?.value ?? "");
  return stamp?.authservId === AUTHSERV_ID ? stamp : null;
}

function whyUnproven({ results }: AuthenticationResults, domain: string): string | null {
  const dmarc = results.filter(({ method }) => method === "dmarc");
  const [verdict] = dmarc;
  // Two of them contradict each other, or one was smuggled in.
  if (dmarc.length !== 1 || !verdict) return "the receiving server does not say whether DMARC passed";
  const { result, properties } = verdict;
  if (result === "pass" && properties.get("header.from")?.toLowerCase() === domain) return null;
  if (result !== "none") return `DMARC: ${result === "pass" ? "passed for another domain" : result.slice(0, 40)}`;
  const signed = results.some(
    (one) => one.method === "dkim" && one.result === "pass" && one.properties.get("header.d")?.toLowerCase() === domain,
  );
  return signed ? null : "its domain has no DMARC, and it is not signed by that domain";
}

/** More than people address. Whoever writes more is not taken at their word: reading it costs as much as they like. */
const MAX_TO_FIELDS = 10;
const MAX_TO = 20_000;

/** Every address of `To` and `Cc`; none where they are too many or too long. */
function addressees(headers: readonly MailHeader[]): string[] {
  const fields = headers.filter(({ name }) => name === "to" || name === "cc");
  if (fields.length > MAX_TO_FIELDS || fields.reduce((sum, { value }) => sum + value.length, 0) > MAX_TO) return [];
  return fields.flatMap(({ value }) => piecesOf(value)).flatMap((piece) => oneAddress(piece.trim())?.address ?? []);
}

/** The pieces of a list of addresses: up to a comma or semicolon that is not within quotes. One pass; a quote that never ends takes in the rest. */
function piecesOf(list: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < list.length; at++) {
    const here = list.charAt(at);
    if (quoted && here === "\\") at++;
    else if (here === '"') quoted = !quoted;
    else if (!quoted && (here === "," || here === ";")) {
      pieces.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...pieces, list.slice(from)];
}

/** The results for the record: of several the best. */
function recordOf(stamp: AuthenticationResults | null): AuthRecord {
  const of = (method: string): string | null => {
    const found = (stamp?.results ?? []).filter((one) => one.method === method).map(({ result }) => result);
    return found.includes("pass") ? "pass" : (found[0]?.slice(0, 40) ?? null);
  };
  return { dmarc: of("dmarc"), dkim: of("dkim"), spf: of("spf") };
}
