import { failureOf } from "../../channels/telegram/api.ts";
import { formatReply } from "../../channels/telegram/format-reply.ts";
import type { TelegramTarget } from "../../channels/telegram/read-update.ts";
import type { Env } from "../../env.ts";
import { log } from "../../log.ts";
import { apiOf, type Bot, tokenOf } from "./bots.ts";

/**
 * Sends a text of Margay's own (Markdown), usually a sentence. Tried once: who does not get it writes again. Never throws, so that it can run after
 * Telegram got its answer.
 */
export async function say(env: Env, bot: Pick<Bot, "bot" | "ownerId">, target: TelegramTarget, text: string): Promise<void> {
  try {
    const token = await tokenOf(env, bot);
    if (token === null) return;
    for (const message of formatReply(text))
      await apiOf(env, token).sendMessage(target.chatId, message.text, {
        entities: message.entities,
        link_preview_options: { is_disabled: true },
        ...(target.threadId === undefined ? {} : { message_thread_id: target.threadId }),
        ...(target.messageId === undefined
          ? {}
          : { reply_parameters: { message_id: target.messageId, allow_sending_without_reply: true } }),
      });
  } catch (error) {
    logFailure("telegram_say", error);
  }
}

/** Stops the spinner on a button, with a sentence (at most 200 characters, answerCallbackQuery) that is shown for a moment; `alert`: until it is closed. */
export async function answerCallback(
  env: Env,
  bot: Pick<Bot, "bot" | "ownerId">,
  queryId: string,
  shown?: { text: string; alert: boolean },
): Promise<void> {
  try {
    const token = await tokenOf(env, bot);
    if (token === null) return;
    const text = shown === undefined ? {} : { text: shown.text.slice(0, 200).toWellFormed(), show_alert: shown.alert };
    await apiOf(env, token).answerCallbackQuery(queryId, text);
  } catch (error) {
    logFailure("telegram_callback", error);
  }
}

/** One line without content: what Telegram said, or that something else broke. */
function logFailure(event: string, error: unknown): void {
  let reason = "unexpected";
  try {
    const failure = failureOf(error);
    reason = "reason" in failure ? failure.reason : failure.kind;
  } catch (bug) {
    reason = bug instanceof Error ? bug.name : "unexpected";
  }
  log(event, { reason }, "warn");
}
