import type { ErrorBody } from "../../errors.ts";
import { bodyHash } from "../body-hash.ts";
import { type ContentItem, InboundMessage, type ReplyTarget } from "../message.ts";
import { type Press, readPress } from "./approval-card.ts";
import { type Attachment, attachmentOf } from "./attachment.ts";
import { deeperThan } from "./depth.ts";
import { clip, describeContent, originName, personName, unheardMedia } from "./describe.ts";
import { isUpdateKind, UPDATE_KINDS } from "./update-kinds.ts";
import { carriesContent, TgCallback, TgMembership, TgMessage, TgUpdate, type TgUser } from "./update-schema.ts";
import { normaliseCommand, wordsOf } from "./words.ts";

/** The bot that got the update. */
export interface BotName {
  /** `shared` or the numeric id of a user's own bot, as in the webhook's address and in identities. */
  bot: string;
  /** The bot's own Telegram id: the number its token begins with. */
  id: number;
  /** Without the `@`; null: not known. */
  username: string | null;
}

/** One verified webhook delivery: the bot that was called and the body, as JSON gave it. */
export interface TelegramInput extends BotName {
  update: unknown;
}

/** The Telegram account that wrote; its private chat has the same id. */
export interface Sender {
  id: number;
  name: string;
}

export type TelegramTarget = Extract<ReplyTarget, { channel: "telegram" }>;

/** What an update is to Margay. */
export type TelegramEvent =
  /** A message to a person's agent. `attachments` are not downloaded yet: that happens once the sender is known. What no model can look at has its `answer`. */
  | { kind: "message"; sender: Sender; message: InboundMessage; attachments: Attachment[]; edited: boolean }
  /** Somebody spoke to the bot in a group, which gets a fixed sentence. */
  | { kind: "answer"; target: TelegramTarget; text: string }
  /** A button was pressed: the spinner on it must be stopped. `press`: what it stands for; null: nothing any more. */
  | { kind: "callback"; sender: Sender; queryId: string; press: Press | null }
  | { kind: "membership"; sender: Sender; blocked: boolean }
  | { kind: "ignored"; reason: string }
  | { kind: "invalid"; error: ErrorBody };

/** Deeper than any update of the Bot API is. */
const MAX_DEPTH = 64;

/** The pictures of an album come as messages of their own, close together and in no order; all of them are one question. */
const ALBUM_MS = 2_000;

export const PRIVATE_ONLY = "I only talk in private chats. Please write to me directly.";

/** The channel identity of a sender: who may speak as whom is stored under this name. */
export const identityOf = (bot: string, senderId: number): string => `telegram:${bot}:${senderId}`;

/**
 * Decides what one update is. Total: any JSON gives an event, never an exception. Pure but for hashing.
 */
export async function readUpdate(input: TelegramInput): Promise<TelegramEvent> {
  if (deeperThan(input.update, MAX_DEPTH)) return invalid("This is nested too deeply to be an update.");
  const update = TgUpdate.safeParse(input.update);
  if (!update.success) return invalid("This is not an update of the Bot API.");
  const kinds = Object.keys(update.data).filter((key) => key !== "update_id");
  const kind = kinds.find(isUpdateKind);
  if (kind === undefined) return { kind: "ignored", reason: `an update of an unknown kind${kinds[0] ? ` (${safeName(kinds[0])})` : ""}` };
  const rule = UPDATE_KINDS[kind];
  if (typeof rule === "object") return { kind: "ignored", reason: rule.ignored };
  const body = update.data[kind];
  switch (rule) {
    case "callback": {
      const query = TgCallback.safeParse(body);
      if (!query.success) return invalid("The callback query is not complete.");
      const { from, id: queryId, message, data } = query.data;
      // A card that was carried elsewhere is no card: only its own private chat answers it.
      const here = message?.chat.type === "private" && message.chat.id === from.id;
      return { kind: "callback", sender: senderOf(from), queryId, press: here && data !== undefined ? readPress(data) : null };
    }
    case "membership": {
      const change = TgMembership.safeParse(body);
      if (!change.success) return invalid("The membership change is not complete.");
      if (change.data.chat.type !== "private") return { kind: "ignored", reason: "the bot's place in a group changed" };
      return { kind: "membership", sender: senderOf(change.data.from), blocked: change.data.new_chat_member.status === "kicked" };
    }
    default: {
      const message = TgMessage.safeParse(body);
      if (!message.success) return invalid("The message is not complete.");
      const hash = await bodyHash(input.update);
      return readMessage(message.data, body, input, { updateId: update.data.update_id, bodyHash: hash, edited: rule === "edited" });
    }
  }
}

interface Delivery {
  updateId: number;
  bodyHash: string;
  edited: boolean;
}

function readMessage(message: TgMessage, raw: unknown, bot: BotName, delivery: Delivery): TelegramEvent {
  if (message.chat.type !== "private") return readGroupMessage(message, bot, delivery.edited);
  const { from } = message;
  if (!from || from.id !== message.chat.id) return { kind: "ignored", reason: "a private message without its sender" };
  if (from.is_bot) return { kind: "ignored", reason: "a message from a bot" };
  if (!carriesContent(message)) return { kind: "ignored", reason: `a service message (${serviceName(raw)})` };
  if (delivery.edited && message.location) return { kind: "ignored", reason: "a live location moved" };

  const sender = senderOf(from);
  const target = targetOf(message, bot);
  const words = wordsOf(message);
  // Not typed by the sender: forwarded, or put together by another bot in inline mode.
  const foreign = message.forward_origin
    ? `Forwarded from ${originName(message.forward_origin)}`
    : message.via_bot
      ? `Made with ${personName(message.via_bot)}`
      : null;
  const text = foreign ? "" : normaliseCommand(words.text, bot.username);
  const content: ContentItem[] = [...repliedTo(message, bot)];
  const add = (kind: "quote" | "forward" | "context", origin: string, value: string) => {
    if (value.trim() !== "") content.push({ kind, origin: clip(origin, 200), text: value });
  };
  if (foreign) add("forward", foreign, words.text);
  for (const quote of words.quotes) add(foreign ? "forward" : "quote", foreign ?? "Quotation in the message", quote);
  add(foreign ? "forward" : "context", foreign ?? "Links behind words of the message", words.links.join("\n"));

  const unheard = unheardMedia(message);
  const spoken = text !== "" || words.text !== "" || words.quotes.length > 0;
  if (unheard) add(foreign ? "forward" : "context", foreign ?? "Telegram", unheard.label);
  // An animation comes with a `document` for old clients: it is the animation itself.
  const attachments =
    unheard?.kept === false ? [] : [attachmentOf(message, bot.bot, foreign), repliedFile(message, bot)].filter((file) => file !== null);
  const described = describeContent(message);
  if (described) add(foreign ? "forward" : "context", foreign ? `${foreign}: ${described.origin}` : described.origin, described.text);
  if (text === "" && content.length === 0 && attachments.length === 0) return { kind: "ignored", reason: "an empty message" };

  const externalId = `${bot.bot}:${message.chat.id}:${message.message_id}`;
  const parsed = InboundMessage.safeParse({
    channel: "telegram",
    route: `telegram:${bot.bot}`,
    key: `${bot.bot}:${delivery.updateId}`,
    bodyHash: delivery.bodyHash,
    text,
    content,
    replyTo: target,
    ...(unheard && !spoken ? { answer: unheard.answer } : {}),
    ...(message.media_group_id !== undefined && !delivery.edited ? { holdMs: ALBUM_MS } : {}),
    externalId,
    ...(delivery.edited ? { replaces: externalId } : {}),
    sentAt: (delivery.edited ? (message.edit_date ?? message.date) : message.date) * 1000,
  } satisfies InboundMessage);
  if (!parsed.success) return { kind: "invalid", error: { code: "payload_too_large", message: "This message is too long." } };
  return { kind: "message", sender, message: parsed.data, attachments, edited: delivery.edited };
}

/** A photo, document, sound or film that the message answers: "what is this?" means that one. */
function repliedFile(message: TgMessage, bot: BotName): Attachment | null {
  const replied = message.reply_to_message;
  if (!replied || unheardMedia(replied)?.kept === false) return null;
  return attachmentOf(replied, bot.bot, "From the message replied to");
}

/** In groups and channels Margay speaks only when spoken to, and then says where it talks. */
function readGroupMessage(message: TgMessage, bot: BotName, edited: boolean): TelegramEvent {
  if (edited) return { kind: "ignored", reason: "an edit in a group" };
  const text = message.text ?? message.caption ?? "";
  const command = /^\/\w{1,64}(?:@(\w{3,64}))?(?=\s|$)/.exec(text);
  const forUs = (name: string | undefined) => bot.username !== null && name?.toLowerCase() === bot.username.toLowerCase();
  const mentions = [...text.matchAll(/@(\w{3,64})/g)].some((match) => forUs(match[1]));
  // A bare /command reaches a bot in a group only when Telegram takes it for that bot's (privacy mode).
  const addressed = command ? command[1] === undefined || forUs(command[1]) : mentions || message.reply_to_message?.from?.id === bot.id;
  if (!addressed || message.forward_origin) return { kind: "ignored", reason: "a group message that is not for the bot" };
  if (message.from?.is_bot) return { kind: "ignored", reason: "a message from a bot" };
  return { kind: "answer", target: targetOf(message, bot), text: PRIVATE_ONLY };
}

/** The message that is answered, as content: never the sender's word, even where it once was theirs. */
function repliedTo(message: TgMessage, bot: BotName): ContentItem[] {
  const { reply_to_message: replied, external_reply: external, quote } = message;
  const source = replied?.forum_topic_created === undefined ? (replied ?? external) : external;
  if (!source) return quote ? [{ kind: "quote", origin: "Replying to a message", text: quote.text }] : [];
  const words = wordsOf(source);
  const text =
    quote?.text ??
    ([words.text, ...words.quotes].filter(Boolean).join("\n") || describeContent(source)?.text || unheardMedia(source)?.label || "");
  if (text.trim() === "") return [];
  const from =
    external && source === external
      ? originName(external.origin)
      : replied?.from?.id === bot.id
        ? "your own message"
        : "their own earlier message";
  return [{ kind: "quote", origin: clip(`Replying to ${from}`, 200), text }];
}

const targetOf = (message: TgMessage, bot: BotName): TelegramTarget => ({
  channel: "telegram",
  bot: bot.bot,
  chatId: message.chat.id,
  messageId: message.message_id,
  ...(message.is_topic_message && message.message_thread_id !== undefined ? { threadId: message.message_thread_id } : {}),
});

const senderOf = (user: TgUser): Sender => ({ id: user.id, name: personName(user) });

const invalid = (message: string): TelegramEvent => ({ kind: "invalid", error: { code: "invalid_request", message } });

/** The field that makes a message a service message, for the log. */
function serviceName(raw: unknown): string {
  const common = new Set(["message_id", "date", "chat", "from", "message_thread_id", "is_topic_message"]);
  return safeName(Object.keys(raw && typeof raw === "object" ? raw : {}).find((key) => !common.has(key)) ?? "empty");
}

/** Field names come from outside: only what looks like one reaches a log line. */
const safeName = (key: string): string => (/^[a-z_]{1,40}$/.test(key) ? key : "?");
