import { z } from "zod";
import { emailIdentity, plainAddress } from "../channels/email/address.ts";
import { MailEvent } from "../channels/email/mail-event.ts";
import { countAttempts } from "../db/attempts.ts";
import { type Database, database } from "../db/database.ts";
import { identitiesOf, unlinkIdentity } from "../db/identities.ts";
import { claimMailbox, dropMailLink, mailboxOf, mailLinksOf, putMailLink } from "../db/mailboxes.ts";
import { type Env, settingsOf } from "../env.ts";
import { MargayError } from "../errors.ts";
import { hex, sha256 } from "../secrets/bytes.ts";
import { userAgent } from "../stubs.ts";
import { askAgent } from "./ask-agent.ts";
import { EmailView, LinkCode } from "./email/email-view.ts";
import { linkCodeHash, LINK_LIFETIME_MS, shownCode } from "./email/link-code.ts";
import { madeName, nameProblem } from "./email/mailbox-name.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { newPairingCode } from "./telegram/pairing.ts";

/** Codes and changes of name, each, of one user in an hour. */
const PER_HOUR = 20;

const OFF = "Mail is not set up in this Margay: its owner sets EMAIL_DOMAIN, see docs/email.md.";
const CANNOT_SEND = "Mail comes in, but answers cannot be sent: the owner has not added the send_email binding, see docs/email.md.";

/** Names an address in paths, where no address stands: those end up in logs. */
const idOf = async (address: string): Promise<string> => hex(await sha256(emailIdentity(address))).slice(0, 24);

async function limit(db: Database, door: string, userId: string, now: number): Promise<void> {
  const full = await countAttempts(db, [{ key: `${door}:${userId}`, limit: PER_HOUR }], 3_600_000, now);
  if (full !== null)
    throw new MargayError("rate_limited", "Too many tries; wait a while.", { retry_after: Math.ceil((full - now) / 1000) });
}

function domainOf(env: Env): string {
  const { EMAIL_DOMAIN: domain } = settingsOf(env).settings;
  if (domain === undefined) throw new MargayError("not_configured", OFF);
  return domain;
}

async function viewOf(env: Env, user: { userId: string; name: string }, now: number): Promise<EmailView> {
  const db = await database(env);
  const { EMAIL_DOMAIN: domain } = settingsOf(env).settings;
  const identities = (await identitiesOf(db, user.userId)).filter(({ identity }) => identity.startsWith(emailIdentity("")));
  const senders = identities.map(async ({ label, linkedAt }) => ({ id: await idOf(label), address: label, linked_at: linkedAt.getTime() }));
  const links = (await mailLinksOf(db, user.userId, now)).map(async ({ address, expiresAt }) => ({
    id: await idOf(address),
    address,
    expires_at: expiresAt.getTime(),
  }));
  const on = domain !== undefined;
  const sends = env.EMAIL !== undefined;
  return {
    on,
    problem: on ? (sends ? null : CANNOT_SEND) : OFF,
    address: on ? `${await ownName(db, user, now)}@${domain}` : null,
    sends,
    senders: await Promise.all(senders),
    waiting: await Promise.all(links),
  };
}

/** The local part of a user's address, made when it is first asked for. */
async function ownName(db: Database, user: { userId: string; name: string }, now: number): Promise<string> {
  const known = await mailboxOf(db, user.userId);
  if (known !== null) return known;
  const made = madeName(user.name, (bytes) => crypto.getRandomValues(bytes));
  await claimMailbox(db, { userId: user.userId, local: made, now });
  // Asked for twice at once, one of the two names stayed.
  return (await mailboxOf(db, user.userId)) ?? made;
}

const overview = defineRoute({
  method: "GET",
  path: "/api/v1/email",
  who: "user",
  fresh: true,
  tag: "Email",
  summary: "Your Margay address and the addresses that speak as you",
  responses: { 200: { description: "Your address is made when you first ask.", schema: EmailView } },
  handle: ({ env, principal }) => viewOf(env, principal, Date.now()),
});

const choose = defineRoute({
  method: "PUT",
  path: "/api/v1/email",
  who: "session",
  tag: "Email",
  summary: "Choose your Margay address",
  body: z.object({
    /** What stands before the `@`. Your earlier names stay yours, but take no mail any more. */
    name: z.string().trim().toLowerCase().max(100),
  }),
  responses: {
    200: { description: "Chosen.", schema: EmailView },
    409: { description: "`conflict`: somebody has it. `not_configured`: mail is off." },
    429: { description: "Too many tries." },
  },
  async handle({ env, principal, body }) {
    domainOf(env);
    const now = Date.now();
    const problem = nameProblem(body.name);
    if (problem !== null) throw new MargayError("invalid_request", problem);
    const db = await database(env);
    await limit(db, "mail-name", principal.userId, now);
    const claimed = await claimMailbox(db, { userId: principal.userId, local: body.name, now });
    if (claimed === "taken") throw new MargayError("conflict", "Somebody has this name. Choose another.");
    if (claimed === "too_many") throw new MargayError("conflict", "You have had ten names already; choose one of those.");
    return viewOf(env, principal, now);
  },
});

const request = defineRoute({
  method: "POST",
  path: "/api/v1/email/senders",
  who: "session",
  tag: "Email",
  summary: "Ask to link an address: gives the code that a mail from there must bring",
  body: z.object({ address: z.string().trim().min(3).max(320) }),
  responses: {
    200: {
      description: "Send a mail with this code from that address to yours. Good for a day.",
      schema: LinkCode,
    },
    409: { description: "`not_configured`: mail is off. `conflict`: too many wait." },
    429: { description: "Too many tries." },
  },
  async handle({ env, principal, body }) {
    const domain = domainOf(env);
    const now = Date.now();
    const found = plainAddress(body.address);
    if (!found) throw new MargayError("invalid_request", "This is not an address that can be linked (ana@example.com).");
    if (found.domain === domain) throw new MargayError("invalid_request", "Mail from Margay's own domain is never answered.");
    const { address } = found;
    const db = await database(env);
    await limit(db, "mail-link", principal.userId, now);
    const code = newPairingCode((bytes) => crypto.getRandomValues(bytes));
    const codeHash = await linkCodeHash(env, principal.userId, address, code);
    const expiresAt = now + LINK_LIFETIME_MS;
    if (!(await putMailLink(db, { userId: principal.userId, address, codeHash, now, expiresAt })))
      throw new MargayError("conflict", "Ten addresses wait for their code already.");
    const sendTo = `${await ownName(db, principal, now)}@${domain}`;
    return { id: await idOf(address), address, send_to: sendTo, code: shownCode(code), expires_at: expiresAt };
  },
});

const unlink = defineRoute({
  method: "DELETE",
  path: "/api/v1/email/senders/{id}",
  who: "session",
  tag: "Email",
  summary: "Unlink an address, or withdraw that it was to be linked",
  params: z.object({ id: z.string().max(100) }),
  responses: { 204: { description: "Its mail is not yours any more, from now on." }, 404: { description: "You have no such address." } },
  async handle({ env, principal, params }) {
    const now = Date.now();
    const { userId } = principal;
    const db = await database(env);
    const view = await viewOf(env, principal, now);
    const address = [...view.senders, ...view.waiting].find(({ id }) => id === params.id)?.address;
    if (address === undefined) throw new MargayError("not_found", "You have no such address linked.");
    // The object first: from then on nobody speaks as the user through this address, and nothing is sent there.
    await userAgent(env, userId).unlinkIdentity(userId, emailIdentity(address));
    await unlinkIdentity(db, userId, emailIdentity(address));
    await dropMailLink(db, userId, address);
    return null;
  },
});

const received = defineRoute({
  method: "GET",
  path: "/api/v1/email/received",
  who: "user",
  tag: "Email",
  summary: "Mail to you that was no message to your agent: from strangers, from programs, not proven",
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  responses: {
    200: {
      description: "The newest first; kept for 30 days, 500 at most. All of it is what the mail says.",
      schema: z.object({ mails: z.array(MailEvent) }),
    },
  },
  handle: async (context) => ({ mails: await retrying(() => askAgent(context, "mail.list", context.query.limit)) }),
});

/** The e-mail channel: people's addresses, those that speak as them, and mail that came from others. */
export const emailRoutes: Route[] = [overview, choose, request, unlink, received];
