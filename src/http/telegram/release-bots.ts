import { database } from "../../db/database.ts";
import { telegramBotsOf } from "../../db/telegram-bots.ts";
import type { Env } from "../../env.ts";
import { MargayError } from "../../errors.ts";
import { log } from "../../log.ts";
import { apiOf, forgetBot, tokenOf } from "./bots.ts";
import { telling } from "./set-webhook.ts";

/**
 * Takes the webhooks of a user's own bots away at Telegram; to be called before the user is removed, while the tokens are still there.
 * Trouble at Telegram is logged and does not stop the removal: what comes to the webhook of an unknown bot is refused.
 */
export async function releaseBots(env: Env, userId: string): Promise<void> {
  for (const { botId } of await telegramBotsOf(await database(env), userId)) {
    const token = await tokenOf(env, { bot: botId, ownerId: userId });
    if (token !== null) await dropWebhook(env, token);
    forgetBot(botId);
  }
}

/** Takes one bot's webhook away, if Telegram lets us. */
export async function dropWebhook(env: Env, token: string): Promise<void> {
  await telling(() => apiOf(env, token).deleteWebhook({ drop_pending_updates: false })).catch((error: unknown) => {
    if (!(error instanceof MargayError)) throw error;
    log("telegram_delete_webhook", { code: error.code }, "warn");
  });
}
