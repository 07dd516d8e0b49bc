import { z } from "zod";
import { identityOf, readUpdate, type Sender, type TelegramEvent, type TelegramTarget } from "../../channels/telegram/read-update.ts";
import type { Env } from "../../env.ts";
import { MargayError } from "../../errors.ts";
import { log as logLine, whereOf } from "../../log.ts";
import { MAX_BODY, parseJson, readBytes } from "../body.ts";
import { RateLimit } from "../rate-limit.ts";
import { defineRoute } from "../route.ts";
import { type Bot, findBot } from "./bots.ts";
import { issuePairingCode, pairingText } from "./pairing.ts";
import { handlePress } from "./press.ts";
import { receiveMessage } from "./receive.ts";
import { say } from "./say.ts";
import { secretMatches } from "./webhook-secret.ts";

/** One answer a minute in a group: whoever wants to can read it there. */
const groupAnswers = new RateLimit(1, 60_000);

interface Work {
  env: Env;
  bot: Bot;
  now: number;
  waitUntil: (work: Promise<unknown>) => void;
}

/**
 * Telegram's way in. Anything that carries the bot's secret gets a 200, also what Margay does not understand, because Telegram repeats
 * everything else. Only what could not be stored gets a 503, and is delivered again.
 */
export const webhookRoute = defineRoute({
  method: "POST",
  path: "/webhooks/telegram/{bot}",
  who: "signed",
  tag: "Telegram",
  summary: "Updates from Telegram",
  params: z.object({ bot: z.string() }),
  bodyKind: "bytes",
  headers: { "X-Telegram-Bot-Api-Secret-Token": "The secret that Margay gave Telegram with the webhook." },
  responses: {
    200: { description: "Taken, or ignored.", schema: z.object({ ok: z.literal(true) }) },
    401: { description: "Not from Telegram, or for no bot of this Margay." },
    503: { description: "Not stored; deliver it again." },
  },
  async handle(context) {
    const { env, request, params, requestId } = context;
    const named = /^(?:shared|\d{1,20})$/.test(params.bot);
    if (!named || !(await secretMatches(env, params.bot, request.headers.get("x-telegram-bot-api-secret-token")))) throw refusal();
    try {
      const now = Date.now();
      const bot = await findBot(env, params.bot, now);
      if (!bot) throw refusal();
      const event = await eventOf(request, bot);
      context.log({ telegram: event.kind, ...(event.kind === "ignored" ? { reason: event.reason } : {}) });
      const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
      context.log({ outcome: await handleEvent({ env, bot, now, waitUntil }, event) });
      return { ok: true };
    } catch (error) {
      if (error instanceof MargayError && error.code === "unauthorized") throw error;
      logLine("telegram_not_stored", { request_id: requestId, error: whereOf(error) }, "error");
      return Response.json(
        { error: { code: "internal", message: "Not stored; deliver it again." } },
        { status: 503, headers: { "retry-after": "5" } },
      );
    }
  },
});

/** The same for a wrong secret, no secret and no such bot. */
const refusal = (): MargayError => new MargayError("unauthorized", "This request does not come from Telegram.");

async function eventOf(request: Request, bot: Bot): Promise<TelegramEvent> {
  let update: unknown;
  try {
    update = parseJson(await readBytes(request, MAX_BODY));
  } catch (error) {
    if (error instanceof MargayError) return { kind: "invalid", error: error.toBody() };
    throw error;
  }
  return readUpdate({ bot: bot.bot, id: bot.id, username: bot.username, update });
}

/** Does what an event asks for and says, for the log, how it ended. */
async function handleEvent(work: Work, event: TelegramEvent): Promise<string> {
  const { env, bot, now, waitUntil } = work;
  switch (event.kind) {
    case "ignored":
      return "ignored";
    case "invalid":
      return event.error.code;
    case "membership":
      return event.blocked ? "blocked" : "started";
    case "callback":
      return handlePress({ env, bot, now, waitUntil }, event);
    case "answer":
      return answerGroup(work, event.target, event.text);
  }
  return handleMessage(work, event);
}

async function handleMessage(work: Work, event: Extract<TelegramEvent, { kind: "message" }>): Promise<string> {
  const { env, bot, now, waitUntil } = work;
  const target = event.message.replyTo;
  if (target.channel !== "telegram") return "ignored";
  const received = await receiveMessage(env, bot, event, now);
  switch (received.kind) {
    case "stranger":
      return event.edited ? "stranger" : greetStranger(work, event.sender, target);
    case "stored":
      if (received.sentence !== null) waitUntil(say(env, bot, target, received.sentence));
      return received.duplicate ? "duplicate" : "stored";
  }
  waitUntil(say(env, bot, target, received.error.message));
  return received.error.code;
}

/** A stranger in a private chat gets a pairing code and nothing else. */
async function greetStranger(work: Work, sender: Sender, target: TelegramTarget): Promise<string> {
  const stranger = { identity: identityOf(work.bot.bot, sender.id), bot: work.bot.bot, chatId: target.chatId, name: sender.name };
  const code = await issuePairingCode(work.env, stranger, work.now);
  if (code === null) return "stranger";
  work.waitUntil(say(work.env, work.bot, { ...target, messageId: undefined }, pairingText(code)));
  return "pairing";
}

function answerGroup(work: Work, target: TelegramTarget, text: string): string {
  try {
    groupAnswers.take(`${work.bot.bot}:${target.chatId}`, work.now);
  } catch {
    return "ignored";
  }
  work.waitUntil(say(work.env, work.bot, target, text));
  return "answered";
}
