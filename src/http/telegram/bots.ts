import { z } from "zod";
import type { BotName } from "../../channels/telegram/read-update.ts";
import { telegramApi } from "../../channels/telegram/api.ts";
import { database } from "../../db/database.ts";
import { readDeployment, writeDeployment } from "../../db/deployment.ts";
import { findTelegramBot } from "../../db/telegram-bots.ts";
import { type Env, settingsOf } from "../../env.ts";
import { userAgent } from "../../stubs.ts";

/** A bot that Margay answers for. */
export interface Bot extends BotName {
  /** Whose own bot it is; null: everybody's shared one. */
  ownerId: string | null;
}

/** How long an isolate believes what D1 said about a bot or a sender, milliseconds. */
export const CACHE_MS = 60_000;

const cache = new Map<string, { bot: Bot; until: number }>();
const SharedName = z.object({ id: z.number(), username: z.string() });

/** The bot of a webhook address: `shared` or the number of a user's own; null: there is none. */
export async function findBot(env: Env, name: string, now: number): Promise<Bot | null> {
  if (name === "shared") return sharedBot(env, now);
  if (!/^\d{1,20}$/.test(name)) return null;
  const known = cache.get(name);
  if (known && known.until > now) return known.bot;
  const row = await findTelegramBot(await database(env), name);
  cache.delete(name);
  if (!row) return null;
  const bot = { bot: row.botId, id: Number(row.botId), username: row.username, ownerId: row.userId };
  keep(name, bot, now);
  return bot;
}

/** After a bot was added or removed. Other isolates notice within {@link CACHE_MS}. */
export const forgetBot = (name: string): void => void cache.delete(name);

/** The shared bot; null: `TELEGRAM_BOT_TOKEN` is not set. Its username is asked of Telegram once and then kept in D1. */
async function sharedBot(env: Env, now: number): Promise<Bot | null> {
  const token = settingsOf(env).settings.TELEGRAM_BOT_TOKEN;
  if (token === undefined) return null;
  const id = idOfToken(token);
  const known = cache.get(`shared:${id}`);
  if (known && known.until > now) return known.bot;
  const db = await database(env);
  const kept = await readDeployment(db, "telegram:shared-bot", SharedName);
  let username = kept?.id === id ? kept.username : null;
  if (username === null) {
    username = await usernameOf(env, token);
    if (username !== null) await writeDeployment(db, "telegram:shared-bot", { id, username }, now);
  }
  const bot = { bot: "shared", id, username, ownerId: null };
  // Without its name the bot still answers; a little later it is asked for again.
  keep(`shared:${id}`, bot, username === null ? now - CACHE_MS / 2 : now);
  return bot;
}

async function usernameOf(env: Env, token: string): Promise<string | null> {
  try {
    return (await apiOf(env, token).getMe()).username;
  } catch {
    // A wrong token or no network: whoever needs the name shows that it is not known.
    return null;
  }
}

function keep(name: string, bot: Bot, now: number): void {
  if (cache.size > 5_000) cache.clear();
  cache.set(name, { bot, until: now + CACHE_MS });
}

/** The Bot API with a token. */
export const apiOf = (env: Env, token: string) => telegramApi({ token, root: apiRoot(env), fetch });

export const apiRoot = (env: Env): string | null => settingsOf(env).settings.TELEGRAM_API_ROOT ?? null;

/** The part of a token before the colon is the bot's own id (core.telegram.org/bots/api#authorizing-your-bot). */
export const idOfToken = (token: string): number => Number(token.split(":")[0]);

/** A bot's token, for the one call that needs it; null: it is not stored any more. */
export async function tokenOf(env: Env, bot: Pick<Bot, "bot" | "ownerId">): Promise<string | null> {
  if (bot.ownerId === null) return settingsOf(env).settings.TELEGRAM_BOT_TOKEN ?? null;
  return userAgent(env, bot.ownerId).channelSecret(bot.ownerId, `telegram:${bot.bot}`);
}
