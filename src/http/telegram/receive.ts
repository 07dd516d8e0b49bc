import type { ContentItem, InboundMessage } from "../../channels/message.ts";
import { identityOf, type TelegramEvent } from "../../channels/telegram/read-update.ts";
import type { IdentityOwner } from "../../db/identities.ts";
import type { Env } from "../../env.ts";
import type { ErrorBody } from "../../errors.ts";
import { asSender } from "../as-sender.ts";
import { type Bot, tokenOf } from "./bots.ts";
import { fetchFile } from "./files.ts";
import { findSender } from "./senders.ts";

/** How an update of a private chat ended. `stranger`: nobody is linked to the sender. Anything that throws was not stored. */
export type Received =
  | { kind: "stored"; duplicate: boolean; sentence: string | null }
  | { kind: "refused"; error: ErrorBody }
  | { kind: "stranger" };

type MessageEvent = Extract<TelegramEvent, { kind: "message" }>;

/** Who the sender of an event is. A user's own bot obeys its owner only. */
export async function linkedSender(env: Env, bot: Bot, senderId: number, now: number, fresh = false): Promise<IdentityOwner | null> {
  const owner = await findSender(env, identityOf(bot.bot, senderId), now, fresh);
  return owner && (bot.ownerId === null || bot.ownerId === owner.userId) ? owner : null;
}

/** Hands a message to its sender's agent. Files are fetched first, and only for a sender that D1 knows at this moment. */
export async function receiveMessage(env: Env, bot: Bot, event: MessageEvent, now: number): Promise<Received> {
  const fresh = event.attachments.length > 0;
  const owner = await linkedSender(env, bot, event.sender.id, now, fresh);
  if (!owner) return { kind: "stranger" };
  const first = await handOver(env, bot, event, owner);
  if (first.kind !== "refused" || first.error.code !== "forbidden") return first;
  // The link was taken back within the last minute; perhaps somebody else has it by now.
  const next = await linkedSender(env, bot, event.sender.id, now, true);
  if (!next || next.userId === owner.userId) return { kind: "stranger" };
  const second = await handOver(env, bot, event, next);
  return second.kind === "refused" && second.error.code === "forbidden" ? { kind: "stranger" } : second;
}

async function handOver(env: Env, bot: Bot, event: MessageEvent, owner: IdentityOwner): Promise<Received> {
  if (owner.suspended) return { kind: "refused", error: SUSPENDED };
  const { message, sentence } = await withFiles(env, bot, event, owner.userId);
  const identity = identityOf(bot.bot, event.sender.id);
  const result = await asSender(env, owner.userId, (agent, caller) => agent.receive(caller, message, identity));
  if (result.ok) return { kind: "stored", duplicate: result.value.duplicate, sentence: result.value.duplicate ? null : sentence };
  if (result.error.code === "internal" || result.error.code === "stale_principal")
    throw new Error(`The object answered ${result.error.code}.`);
  return { kind: "refused", error: result.error };
}

const SUSPENDED: ErrorBody = { code: "suspended", message: "This account is suspended. Ask the owner of this Margay." };

/**
 * The message with its files named in it, and a sentence about those that could not be taken. Where there is nothing else in the message, that sentence is
 * its answer.
 */
async function withFiles(
  env: Env,
  bot: Bot,
  event: MessageEvent,
  userId: string,
): Promise<{ message: InboundMessage; sentence: string | null }> {
  if (event.attachments.length === 0) return { message: event.message, sentence: null };
  const token = await tokenOf(env, bot);
  const content: ContentItem[] = [...event.message.content];
  const sentences: string[] = [];
  for (const attachment of event.attachments) {
    const fetched =
      token === null ? ({ kind: "failed", name: "file" } as const) : await fetchFile(env, token, userId, attachment, event.message.sentAt);
    if (fetched.kind === "stored") content.push({ kind: "file", origin: attachment.origin, file: fetched.file });
    else {
      const why =
        fetched.kind === "too_big"
          ? "is too big: Telegram gives me files of up to 20 MB. On your page, under Files, you can upload up to 50 MiB"
          : "could not be fetched from Telegram";
      sentences.push(`“${fetched.name}” ${why}.`);
    }
  }
  const spoken = event.message.text !== "" || event.message.content.length > 0;
  if (sentences.length === 0) return { message: { ...event.message, content }, sentence: null };
  if (event.message.answer !== undefined)
    sentences.push("I could not have heard or seen it either, so please write as text what matters in it.");
  const sentence = sentences.join("\n");
  // What the channel says to the file itself is not so where it is not there.
  const only = (!spoken && content.length === 0) || event.message.answer !== undefined;
  content.push({ kind: "context", origin: "Telegram", text: `A file came with this: ${sentence}` });
  return only
    ? { message: { ...event.message, content, answer: sentence }, sentence: null }
    : { message: { ...event.message, content }, sentence };
}
