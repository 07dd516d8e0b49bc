import { approvalDetails } from "../../channels/telegram/approval-card.ts";
import { identityOf, type TelegramEvent } from "../../channels/telegram/read-update.ts";
import type { ApprovalAnswer } from "../../channels/approval-view.ts";
import type { Env } from "../../env.ts";
import { asSender } from "../as-sender.ts";
import type { Bot } from "./bots.ts";
import { linkedSender } from "./receive.ts";
import { answerCallback, say } from "./say.ts";

interface Work {
  env: Env;
  bot: Bot;
  now: number;
  waitUntil: (work: Promise<unknown>) => void;
}

const TAKEN: Readonly<Record<ApprovalAnswer, string>> = {
  once: "Approved, this once.",
  task: "Approved for this task.",
  always: "Approved, and from now on.",
  deny: "Denied.",
};

/**
 * A button of an approval's card. Who presses is asked of D1, not of a cache: an answer lets something happen. Pressed twice, the second press is told that it was settled.
 */
export async function handlePress(
  { env, bot, now, waitUntil }: Work,
  event: Extract<TelegramEvent, { kind: "callback" }>,
): Promise<string> {
  const owner = await linkedSender(env, bot, event.sender.id, now, true);
  if (!owner || owner.suspended) return "stranger";
  const { press } = event;
  const tell = (text: string, alert = false): void => waitUntil(answerCallback(env, bot, event.queryId, { text, alert }));
  if (press === null) {
    tell("That button has no meaning any more.");
    return "answered";
  }
  const identity = identityOf(bot.bot, event.sender.id);
  const { approvalId, press: pressed } = press;
  const result = await asSender(env, owner.userId, (agent, caller) =>
    pressed === "details"
      ? agent.approval(caller, approvalId, identity)
      : agent.answerApproval(caller, approvalId, { answer: pressed }, "telegram", identity),
  );
  if (!result.ok) {
    if (result.error.code === "internal" || result.error.code === "stale_principal")
      throw new Error(`The object answered ${result.error.code}.`);
    tell(result.error.message, true);
    return result.error.code;
  }
  if (pressed === "details") {
    waitUntil(answerCallback(env, bot, event.queryId));
    waitUntil(say(env, bot, { channel: "telegram", bot: bot.bot, chatId: event.sender.id }, approvalDetails(result.value)));
    return "details";
  }
  tell(TAKEN[pressed === "deny" ? pressed : (result.value.scope ?? "once")]);
  return pressed;
}
