import { z } from "zod";
import { database } from "../../db/database.ts";
import { deleteTelegramBot, findTelegramBot, putTelegramBot, telegramBotsOf } from "../../db/telegram-bots.ts";
import { settingsOf } from "../../env.ts";
import { MargayError } from "../../errors.ts";
import { log as logLine } from "../../log.ts";
import { RateLimit } from "../rate-limit.ts";
import { defineRoute, type Route } from "../route.ts";
import { withAgent } from "../with-agent.ts";
import { apiOf, findBot, forgetBot, idOfToken, tokenOf } from "./bots.ts";
import { dropIdentity, IdentityView, telegramIdentities } from "./pair-routes.ts";
import { dropWebhook } from "./release-bots.ts";
import { setSharedWebhook, setWebhook, telling, webhookUrl } from "./set-webhook.ts";

const Token = z.object({
  /** From @BotFather: `123456:ABC…`. Kept encrypted in your vault, never shown again. */
  token: z
    .string()
    .trim()
    .regex(/^\d{1,20}:[\w-]{20,100}$/, "is not a bot token (123456:ABC…)"),
});
const BotView = z.object({ id: z.string(), username: z.string(), link: z.string(), created_at: z.number() });
const Overview = z.object({
  shared: z.object({ configured: z.boolean(), username: z.string().nullable(), link: z.string().nullable() }),
  bots: z.array(BotView),
  identities: z.array(IdentityView),
});

/** Each try calls Telegram a few times. */
const botTries = new RateLimit(10, 60_000);

const link = (username: string): string => `https://t.me/${username}`;

const overview = defineRoute({
  method: "GET",
  path: "/api/v1/telegram",
  who: "user",
  fresh: true,
  tag: "Telegram",
  summary: "Bots and linked Telegram accounts",
  responses: { 200: { description: "The shared bot, your own bots, your linked accounts.", schema: Overview } },
  async handle({ env, principal, url }) {
    const now = Date.now();
    // The owner looking at this page is the first moment when the address is known: from here on the bot works without another step.
    if (principal.role === "owner" && url.protocol === "https:" && settingsOf(env).settings.TELEGRAM_BOT_TOKEN !== undefined)
      await setSharedWebhook(env, url.origin, now, true).catch((error: unknown) => {
        if (!(error instanceof MargayError)) throw error;
        logLine("telegram_shared_webhook", { code: error.code }, "warn");
      });
    const shared = await findBot(env, "shared", now);
    const own = await telegramBotsOf(await database(env), principal.userId);
    return {
      shared: { configured: shared !== null, username: shared?.username ?? null, link: shared?.username ? link(shared.username) : null },
      bots: own.map((row) => ({ id: row.botId, username: row.username, link: link(row.username), created_at: row.createdAt.getTime() })),
      identities: await telegramIdentities(env, principal.userId),
    } satisfies z.infer<typeof Overview>;
  },
});

const putBot = defineRoute({
  method: "PUT",
  path: "/api/v1/telegram/bot",
  who: "session",
  tag: "Telegram",
  summary: "Use a bot of your own",
  body: Token,
  responses: {
    200: { description: "It is yours; write to it to pair.", schema: BotView },
    400: { description: "Telegram does not know the token." },
    409: { description: "The bot is used by another account, or Telegram cannot reach this address." },
  },
  async handle({ env, request, principal, body, url }) {
    const now = Date.now();
    botTries.take(principal.userId, now);
    const botId = String(idOfToken(body.token));
    const address = webhookUrl(env, url.origin, botId);
    const me = await telling(() => apiOf(env, body.token).getMe());
    const shared = settingsOf(env).settings.TELEGRAM_BOT_TOKEN;
    if (shared !== undefined && idOfToken(shared) === me.id)
      throw new MargayError("conflict", "This is the bot that everybody here shares.");
    if (String(me.id) !== botId)
      throw new MargayError("invalid_request", "Telegram does not know this token. Copy it again from @BotFather.");

    const db = await database(env);
    const before = await findTelegramBot(db, botId);
    if ((await putTelegramBot(db, { botId, userId: principal.userId, username: me.username, now })) === "taken")
      throw new MargayError("conflict", "This bot is used by another account.");
    forgetBot(botId);
    try {
      await withAgent({ env, request, principal }, (agent, caller) => agent.putSecret(caller, `telegram:${botId}`, body.token));
      await setWebhook(env, body.token, botId, address);
    } catch (error) {
      // A bot that never worked leaves nothing behind; one that did keeps what it had.
      if (!before) {
        await withAgent({ env, request, principal }, (agent, caller) => agent.deleteSecret(caller, `telegram:${botId}`)).catch(() => null);
        await deleteTelegramBot(db, principal.userId, botId);
        forgetBot(botId);
      }
      throw error;
    }
    const created = before?.createdAt.getTime() ?? now;
    return { id: botId, username: me.username, link: link(me.username), created_at: created } satisfies z.infer<typeof BotView>;
  },
});

const deleteBot = defineRoute({
  method: "DELETE",
  path: "/api/v1/telegram/bot/{id}",
  who: "session",
  tag: "Telegram",
  summary: "Stop using a bot of your own",
  params: z.object({ id: z.string().regex(/^\d{1,20}$/) }),
  responses: { 204: { description: "Its webhook, token and links are gone." }, 404: { description: "You have no such bot." } },
  async handle({ env, request, principal, params }) {
    const db = await database(env);
    const row = await findTelegramBot(db, params.id);
    if (!row || row.userId !== principal.userId) throw new MargayError("not_found", "You have no such bot.");
    const token = await tokenOf(env, { bot: row.botId, ownerId: row.userId });
    // Telegram may have forgotten the token, or be away: what comes to the webhook of an unknown bot is refused anyway.
    if (token !== null) await dropWebhook(env, token);
    for (const identity of await telegramIdentities(env, principal.userId))
      if (identity.bot === row.botId) await dropIdentity(env, principal.userId, identity.id);
    await withAgent({ env, request, principal }, (agent, caller) => agent.deleteSecret(caller, `telegram:${row.botId}`));
    await deleteTelegramBot(db, principal.userId, row.botId);
    forgetBot(row.botId);
    return null;
  },
});

const sharedWebhook = defineRoute({
  method: "POST",
  path: "/api/v1/telegram/shared/webhook",
  who: "owner",
  tag: "Telegram",
  summary: "Point the shared bot at this Margay",
  bodyKind: "none",
  responses: {
    200: { description: "Set.", schema: z.object({ url: z.string() }) },
    409: { description: "There is no shared bot, or Telegram cannot reach this address." },
  },
  async handle({ env, url }) {
    return { url: await setSharedWebhook(env, url.origin, Date.now(), false) };
  },
});

export const botRoutes: Route[] = [overview, putBot, deleteBot, sharedWebhook];
