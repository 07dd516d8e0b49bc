import { z } from "zod";
import { identityOf } from "../../channels/telegram/read-update.ts";
import { clearAttempts, countAttempts } from "../../db/attempts.ts";
import { database } from "../../db/database.ts";
import { identitiesOf, linkIdentity, unlinkIdentity } from "../../db/identities.ts";
import { findPairingCode, type PairingCodeRow, takePairingCode } from "../../db/pairing-codes.ts";
import type { Env } from "../../env.ts";
import { MargayError } from "../../errors.ts";
import { userAgent } from "../../stubs.ts";
import { defineRoute, type Route } from "../route.ts";
import { type Bot, findBot } from "./bots.ts";
import { normalisePairingCode, pairingCodeHash } from "./pairing.ts";
import { say } from "./say.ts";
import { forgetSender } from "./senders.ts";

/** Tries of one user in ten minutes. */
const TRIES = 10;
const TRIES_MS = 10 * 60_000;

const Code = z.object({ code: z.string().min(1).max(40) });
const SenderView = z.object({
  /** As Telegram shows them: `Ana Lopez (@ana)`. */
  name: z.string(),
  bot: z.string(),
  bot_username: z.string().nullable(),
  expires_at: z.number(),
});
export const IdentityView = z.object({ id: z.string(), label: z.string(), bot: z.string(), linked_at: z.number() });

const triesKey = (userId: string): string => `telegram-pair:${userId}`;

/** The same for a wrong, an expired and a used code, and for one of another user's bot. */
const noSuchCode = (): MargayError => new MargayError("not_found", "This code is not valid. Send the bot a message to get a new one.");

/** The waiting code and its bot. Counts the try first. */
async function codeOf(env: Env, userId: string, typed: string, now: number): Promise<{ hash: string; row: PairingCodeRow; bot: Bot }> {
  const db = await database(env);
  const full = await countAttempts(db, [{ key: triesKey(userId), limit: TRIES }], TRIES_MS, now);
  if (full !== null)
    throw new MargayError("rate_limited", "Too many tries; wait a few minutes.", { retry_after: Math.ceil((full - now) / 1000) });
  const code = normalisePairingCode(typed);
  if (code === null) throw noSuchCode();
  const hash = await pairingCodeHash(env, code);
  const row = await findPairingCode(db, hash, now);
  const bot = row && (await findBot(env, row.bot, now));
  if (!row || !bot || (bot.ownerId !== null && bot.ownerId !== userId)) throw noSuchCode();
  return { hash, row, bot };
}

const lookup = defineRoute({
  method: "POST",
  path: "/api/v1/telegram/pair/lookup",
  who: "session",
  tag: "Telegram",
  summary: "Show who a pairing code is from",
  body: Code,
  responses: {
    200: { description: "The sender.", schema: SenderView },
    404: { description: "No such code." },
    429: { description: "Too many tries." },
  },
  async handle({ env, principal, body }) {
    const { row, bot } = await codeOf(env, principal.userId, body.code, Date.now());
    return { name: row.senderName, bot: bot.bot, bot_username: bot.username, expires_at: row.expiresAt.getTime() } satisfies z.infer<
      typeof SenderView
    >;
  },
});

const pair = defineRoute({
  method: "POST",
  path: "/api/v1/telegram/pair",
  who: "session",
  tag: "Telegram",
  summary: "Link the Telegram account that a pairing code is from",
  body: Code,
  responses: {
    200: { description: "Linked.", schema: IdentityView },
    404: { description: "No such code." },
    409: { description: "It is linked to another account." },
    429: { description: "Too many tries." },
  },
  async handle(context) {
    const { env, principal, body } = context;
    const now = Date.now();
    const { hash, bot } = await codeOf(env, principal.userId, body.code, now);
    const db = await database(env);
    const row = await takePairingCode(db, hash, now);
    if (!row) throw noSuchCode();
    // D1 decides who gets it; the object then lets it in. Should this end in between, the object refuses, the sender gets a
    // new code, and pairing again completes it.
    const { identity, senderName: label } = row;
    const outcome = await linkIdentity(db, { identity, userId: principal.userId, label, now });
    if (outcome === "taken") throw new MargayError("conflict", "This Telegram account is linked to another Margay account.");
    await userAgent(env, principal.userId).linkIdentity(principal.userId, identity);
    forgetSender(identity);
    await clearAttempts(db, [triesKey(principal.userId)]);
    const target = { channel: "telegram" as const, bot: bot.bot, chatId: row.chatId };
    context.waitUntil(
      say(env, bot, target, "Hello! This chat is now linked to your Margay account. Write me anything, or /help to see what I can do."),
    );
    return { id: identity, label, bot: bot.bot, linked_at: now } satisfies z.infer<typeof IdentityView>;
  },
});

const unlink = defineRoute({
  method: "DELETE",
  path: "/api/v1/telegram/identities/{id}",
  who: "session",
  tag: "Telegram",
  summary: "Unlink a Telegram account",
  params: z.object({ id: z.string().max(100) }),
  responses: { 204: { description: "It can no longer write to your agent." }, 404: { description: "You have no such link." } },
  async handle({ env, principal, params }) {
    const db = await database(env);
    const own = (await identitiesOf(db, principal.userId)).some(
      ({ identity }) => identity === params.id && identity.startsWith("telegram:"),
    );
    if (!own) throw new MargayError("not_found", "You have no such Telegram account linked.");
    await dropIdentity(env, principal.userId, params.id);
    return null;
  },
});

/** The object first: from then on nobody speaks as the user through this identity, whatever is remembered elsewhere. */
export async function dropIdentity(env: Env, userId: string, identity: string): Promise<void> {
  await userAgent(env, userId).unlinkIdentity(userId, identity);
  await unlinkIdentity(await database(env), userId, identity);
  forgetSender(identity);
}

/** A user's linked Telegram accounts. */
export async function telegramIdentities(env: Env, userId: string): Promise<z.infer<typeof IdentityView>[]> {
  const rows = await identitiesOf(await database(env), userId);
  return rows.flatMap(({ identity, label, linkedAt }) => {
    const [channel, bot, sender] = identity.split(":");
    if (channel !== "telegram" || !bot || identity !== identityOf(bot, Number(sender))) return [];
    return [{ id: identity, label, bot, linked_at: linkedAt.getTime() }];
  });
}

export const pairRoutes: Route[] = [lookup, pair, unlink];
