import { z } from "zod";
import { email, mailKey } from "../../channels/email.ts";
import { emailIdentity } from "../../channels/email/address.ts";
import { whyAutomatic } from "../../channels/email/automatic.ts";
import { MAX_EVENT_TEXT, type MailEvent } from "../../channels/email/mail-event.ts";
import { readableName, readMail, type ReadMail } from "../../channels/email/read-mail.ts";
import { splitText } from "../../channels/email/split-text.ts";
import { isForwardSubject } from "../../channels/email/thread.ts";
import { type SenderVerdict, verifySender } from "../../channels/email/verify-sender.ts";
import type { FileRef } from "../../channels/message.ts";
import { countAttempts } from "../../db/attempts.ts";
import { type Database, database } from "../../db/database.ts";
import { findIdentity, linkIdentity } from "../../db/identities.ts";
import { findMailbox, type MailboxOwner, takeMailLink } from "../../db/mailboxes.ts";
import { type Env, settingsOf } from "../../env.ts";
import { hex, sha256 } from "../../secrets/bytes.ts";
import { userAgent } from "../../stubs.ts";
import { asSender } from "../as-sender.ts";
import { readLimited } from "../read-limited.ts";
import { retrying } from "../retrying.ts";
import { namedUser, withNamedAgent } from "../with-named-agent.ts";
import { codesIn, linkCodeHash } from "./link-code.ts";
import { keepMailFiles } from "./mail-files.ts";
import { type Recipient, recipientOf } from "./recipient.ts";
import { sayByMail } from "./say-by-mail.ts";

/** The largest mail that is taken, bytes. Cloudflare's own limit is 25 MiB; this one is in memory several times while it is read. */
export const MAX_MAIL = 15 * 1024 * 1024;
/** Mails of one linked sender in an hour, and of everybody else to one mailbox: what bounds how fast strangers make the activity trail grow. */
const PER_SENDER = 30;
const PER_MAILBOX = 60;
const HOUR_MS = 3_600_000;

/** How a mail ended. `rejected`: the sender's server is told, for good, with this sentence. */
export type MailOutcome =
  | { kind: "rejected"; reason: string }
  | { kind: "stored" | "duplicate" | "linked" | "ignored" }
  | { kind: "event"; reason: string };

const OFF = "This Margay takes no mail.";
const UNKNOWN = "There is no such mailbox here.";
const TOO_LARGE = `This mail is too large: up to ${MAX_MAIL / 1024 / 1024} MB are taken.`;
const UNREADABLE = "This mail could not be read.";
const TOO_MANY = "Too many mails in an hour. Please try again later.";

/** What the platform hands over (`ForwardableEmailMessage`). */
export type IncomingMail = Pick<ForwardableEmailMessage, "from" | "to" | "raw" | "rawSize">;

interface Work {
  env: Env;
  db: Database;
  domain: string;
  now: number;
  box: MailboxOwner;
  to: Recipient;
  mail: ReadMail;
  verdict: SenderVerdict;
  waitUntil(work: Promise<unknown>): void;
}

/**
 * Takes a mail in. Whose it is says D1 by the address it came to; who wrote it, {@link verifySender}. From an address that this user linked it is a message to their agent; with a code that they
 * asked for it links one; everything else is an event. Nothing that the mail itself says decides any of this. What throws was not stored.
 */
export async function receiveMail(env: Env, incoming: IncomingMail, now: number, waitUntil: Work["waitUntil"]): Promise<MailOutcome> {
  const rejected = (reason: string): MailOutcome => ({ kind: "rejected", reason });
  const { EMAIL_DOMAIN: domain } = settingsOf(env).settings;
  if (domain === undefined) return rejected(OFF);
  const to = recipientOf(incoming.to, domain);
  const db = await database(env);
  const box = to && (await findMailbox(db, to.local));
  if (!to || !box?.open) return rejected(UNKNOWN);
  if (incoming.rawSize > MAX_MAIL) return rejected(TOO_LARGE);
  const bytes = await readLimited(incoming.raw, MAX_MAIL);
  if (bytes === null) return rejected(TOO_LARGE);
  const mail = await readMail(new Uint8Array(bytes));
  if (!mail) return rejected(UNREADABLE);
  const verdict = verifySender({
    headers: mail.headers,
    envelopeFrom: incoming.from,
    mailbox: (address) => recipientOf(address, domain)?.local === box.local,
    date: mail.date,
    now,
  });
  const automatic = whyAutomatic(mail.headers, incoming.from, domain);
  const work: Work = { env, db, domain, now, box, to, mail, verdict, waitUntil };
  const { address } = verdict;
  const proven = verdict.authenticated && automatic === null ? address : null;
  const owner = proven === null ? null : await findIdentity(db, emailIdentity(proven));
  const linked = owner?.userId === box.userId ? proven : null;
  if (await tooMany(work, linked)) return rejected(TOO_MANY);
  if (proven === null) return event(work, automatic ?? verdict.reason ?? "?", automatic !== null);
  if (linked !== null) return message(work, linked);
  return (await link(work, proven)) ?? event(work, "its sender is not linked to this account", false);
}

/** Strangers do not use up what the user's own mail may come to, whatever address they claim; and all of them together are one: whoever has a domain has any number of proven addresses. */
async function tooMany({ db, box, now }: Work, linked: string | null): Promise<boolean> {
  const key =
    linked === null
      ? { key: `mail-others:${box.userId}`, limit: PER_MAILBOX }
      : { key: `mail:${box.userId}:${hex(await sha256(linked)).slice(0, 16)}`, limit: PER_SENDER };
  return (await countAttempts(db, [key], HOUR_MS, now)) !== null;
}

async function message(work: Work, sender: string): Promise<MailOutcome> {
  const { env, box, mail, now, waitUntil } = work;
  const key = await mailKey(mail);
  const { files, added } = await keepMailFiles(env, { userId: box.userId, key, sentAt: mail.date ?? now, attachments: mail.attachments });
  const outcome = await handOver(work, sender, files);
  // Another mail of an id that is known, or one that is refused: no message has its files.
  if (outcome.kind !== "stored" && added.length > 0) waitUntil(dropUnused(work, added));
  return outcome;
}

async function handOver(work: Work, sender: string, files: readonly FileRef[]): Promise<MailOutcome> {
  const { env, box, mail, now } = work;
  const lost = mail.attachments.length - files.length + mail.omitted;
  const missing = lost === 0 ? null : `${lost} more ${lost === 1 ? "file was" : "files were"} attached and could not be taken in.`;
  const parsed = await email.parse({ mail, sender, mailbox: addressOf(work), files, missing }, now);
  if (parsed.kind === "ignored") return { kind: "ignored" };
  if (parsed.kind === "invalid") return { kind: "rejected", reason: parsed.error.message };
  const result = await asSender(env, box.userId, (agent, caller) => agent.receive(caller, parsed.message, emailIdentity(sender)));
  if (result.ok) return { kind: result.value.duplicate ? "duplicate" : "stored" };
  const { code } = result.error;
  if (code === "internal" || code === "stale_principal") throw new Error(`The object answered ${code}.`);
  // The link was taken back a moment ago: the object knows it first.
  if (code === "forbidden") return event(work, "its sender is not linked to this account", false);
  return { kind: "rejected", reason: result.error.message };
}

/** Takes files away again that no message has. The same mail may have come twice at once: what the one brought may be the other's. */
async function dropUnused({ env, box }: Work, keys: readonly string[]): Promise<void> {
  const owner = await namedUser(env, box.userId, "api_key");
  if (!owner) return;
  const unused = await withNamedAgent(env, owner, (agent, caller) => retrying(() => agent.ask(caller, "mail.unused", [...keys])));
  await env.FILES.delete(z.array(z.string()).parse(unused));
}

/** Links the sender's address if the mail brings the code that this user got for it; null: it does not. */
async function link(work: Work, address: string): Promise<MailOutcome | null> {
  const { env, db, box, mail, now, waitUntil } = work;
  // What somebody quotes or sends on is not what they wrote.
  for (const code of codesIn(`${mail.subject}\n${splitText(mail.text, isForwardSubject(mail.subject)).text}`)) {
    const codeHash = await linkCodeHash(env, box.userId, address, code);
    if (!(await takeMailLink(db, { userId: box.userId, address, codeHash, now }))) continue;
    const identity = emailIdentity(address);
    // D1 decides who gets it; the object then lets it in. Should this end in between, the object refuses, and linking again completes it.
    const outcome = await linkIdentity(db, { identity, userId: box.userId, label: address, now });
    if (outcome === "taken") return event(work, "its sender is linked to another account", false);
    await userAgent(env, box.userId).linkIdentity(box.userId, identity);
    const target = {
      channel: "email" as const,
      from: addressOf(work),
      to: address,
      subject: mail.subject,
      references: [...mail.references],
      ...(mail.messageId === null ? {} : { inReplyTo: mail.messageId }),
    };
    waitUntil(
      sayByMail(env, target, "Hello! This address is now linked to your Margay account. Write me anything; I answer in the same thread."),
    );
    return { kind: "linked" };
  }
  return null;
}

/** Hands a mail over as something that happened. */
async function event(work: Work, reason: string, automatic: boolean): Promise<MailOutcome> {
  const { env, box, to, mail, verdict, now } = work;
  const id = hex(await sha256(JSON.stringify([verdict.address, await mailKey(mail)])));
  const told: MailEvent = {
    id,
    at: now,
    to: addressOf(work),
    tag: to.tag,
    from: verdict.address,
    from_name: readableName(verdict.name),
    authenticated: verdict.authenticated,
    results: verdict.results,
    reason,
    automatic,
    subject: mail.subject.slice(0, 1_000).toWellFormed(),
    text: mail.text.slice(0, MAX_EVENT_TEXT).toWellFormed(),
    attachments: mail.attachments.map(({ name }) => name.slice(0, 300).toWellFormed()),
  };
  const owner = await namedUser(env, box.userId, "api_key");
  if (!owner) return { kind: "rejected", reason: UNKNOWN };
  await withNamedAgent(env, owner, (agent, caller) => retrying(() => agent.ask(caller, "mail.take", told)));
  return { kind: "event", reason };
}

const addressOf = ({ box, domain }: Pick<Work, "box" | "domain">): string => `${box.local}@${domain}`;
