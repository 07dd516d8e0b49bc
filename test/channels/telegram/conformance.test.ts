import { afterAll, beforeAll } from "vitest";
import { TelegramChannel } from "../../../src/channels/telegram.ts";
import type { TelegramInput } from "../../../src/channels/telegram/read-update.ts";
import { channelConformance } from "../../conformance/channel.ts";
import { freshId, messageOf, TelegramTestBot } from "../../support/telegram-client.ts";
import { startTelegramServer, type TelegramServer } from "../../support/telegram-server.ts";

let server: TelegramServer;
beforeAll(async () => {
  server = await startTelegramServer();
});
afterAll(() => server.close());

const ana = { id: 77, first_name: "Ana", username: "ana" };
const bob = { id: 78, is_bot: false, first_name: "Bob" };
const bot = { bot: "shared", id: 42, username: "margay_test_bot" };

const ids = new Map<string, number>();
const input = (fields: Record<string, unknown>, delivery = "x"): TelegramInput => {
  if (!ids.has(delivery)) ids.set(delivery, 5000 + ids.size);
  return { ...bot, update: { update_id: ids.get(delivery), message: messageOf(ana, 10, fields) } };
};
const origin = { type: "user", date: 1, sender_user: bob };
const quoteEntity = (text: string) => [{ type: "blockquote", offset: 0, length: text.length }];

channelConformance<TelegramInput>({
  name: "telegram",
  channel: new TelegramChannel({ everyMs: 5, typingMs: 20 }),
  typed: (text, delivery) => input({ text }, delivery),
  word: true,
  anyRaw: (json) => ({ ...bot, update: json }),
  foreign: {
    "a forwarded message": (text) => input({ text, forward_origin: origin }),
    "a forwarded caption": (caption) => input({ caption, document: { file_id: "a", file_unique_id: "b" }, forward_origin: origin }),
    "a message forwarded from a channel": (text) =>
      input({ text, forward_origin: { type: "channel", date: 1, chat: { id: -5, type: "channel", title: "News" }, message_id: 3 } }),
    "a message forwarded from a hidden sender": (text) =>
      input({ text, forward_origin: { type: "hidden_user", date: 1, sender_user_name: "Someone" } }),
    "the message replied to": (text, own) => input({ text: own, reply_to_message: { ...messageOf(ana, 9, { text }), from: bob } }),
    "the bot's message replied to": (text, own) =>
      input({ text: own, reply_to_message: { ...messageOf(ana, 9, { text }), from: { id: 42, is_bot: true, first_name: "M" } } }),
    "a quoted part": (text, own) =>
      input({ text: own, quote: { text, position: 0 }, reply_to_message: messageOf(ana, 9, { text: "whole" }) }),
    "a quote from another chat": (text, own) => input({ text: own, external_reply: { origin }, quote: { text, position: 0 } }),
    "a quotation within the text": (text, own) => input({ text: `${text}\n${own}`, entities: quoteEntity(text) }),
    "an expandable quotation within a caption": (text, own) =>
      input({
        caption: `${text}\n${own}`,
        caption_entities: [{ type: "expandable_blockquote", offset: 0, length: text.length }],
        photo: [{ file_id: "a", file_unique_id: "b", width: 1, height: 1 }],
      }),
    "a quotation in a rich message": (text, own) =>
      input({
        rich_message: {
          blocks: [
            { type: "paragraph", text: own },
            { type: "blockquote", blocks: [{ type: "paragraph", text: ["", { type: "bold", text }] }] },
          ],
        },
      }),
    "a message made by another bot": (text) => input({ text, via_bot: { id: 9, is_bot: true, first_name: "GIF", username: "gif" } }),
    "a poll": (text) => input({ poll: { id: "1", question: text, options: [{ text: "a" }, { text: "b" }] } }),
    "a contact": (text) => input({ contact: { phone_number: "1", first_name: text } }),
  },
  async push() {
    const test = await new TelegramTestBot(server.url).create();
    const person = { id: freshId(), first_name: "Ana" };
    await test.open(person);
    return {
      target: { channel: "telegram", bot: "shared", chatId: person.id },
      context: {
        userId: "u1",
        fetch,
        apiRoot: server.url,
        secret: (name) => Promise.resolve(name === "telegram:shared" ? test.token : null),
        signal: new AbortController().signal,
      },
      async trouble(kind) {
        if (kind === "refuse") await test.open(person, "blocked");
        if (kind === "slow_down")
          await test.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 7", retryAfter: 7 } });
        if (kind === "fault") await test.fail({ method: "sendMessage", error: { code: 500, description: "Internal Server Error" } });
        if (kind === "broken") await test.fail({ method: "sendMessage", drop: "before" });
      },
      received: async () => (await test.seen(person.id)).map(({ text }) => text),
    };
  },
});
