import { describe, expect, test } from "vitest";
import { telegram } from "../../../src/channels/telegram.ts";
import { PRIVATE_ONLY, readUpdate, type TelegramEvent } from "../../../src/channels/telegram/read-update.ts";
import { ALLOWED_UPDATES, UPDATE_KINDS } from "../../../src/channels/telegram/update-kinds.ts";
import { fieldsOf, problemOf } from "../../support/telegram-api/table.ts";
import { messageOf } from "../../support/telegram-client.ts";

const ana = { id: 77, first_name: "Ana", last_name: "Lopez", username: "ana" };
const bob = { id: 78, is_bot: false, first_name: "Bob" };
const bot = { bot: "shared", id: 42, username: "Margay_Bot" };
const group = { id: -100, type: "supergroup", title: "Team" };

const read = (kind: Record<string, unknown>): Promise<TelegramEvent> => readUpdate({ ...bot, update: { update_id: 9, ...kind } });

/** The event of a private message. What the test sends must be what Telegram could send. */
async function says(fields: Record<string, unknown>): Promise<TelegramEvent> {
  const sent = messageOf(ana, 10, fields);
  expect(problemOf(sent, "Message")).toBeNull();
  return read({ message: sent });
}

async function message(fields: Record<string, unknown>) {
  const event = await says(fields);
  if (event.kind !== "message") throw new Error(JSON.stringify(event));
  return { ...event.message, attachments: event.attachments };
}

const photo = (id: string, side: number, size = 1000) => ({
  file_id: id,
  file_unique_id: `u${id}`,
  width: side,
  height: side,
  file_size: size,
});
const document = { file_id: "d", file_unique_id: "ud", file_name: "plan.pdf", mime_type: "application/pdf", file_size: 5 };
const voice = { file_id: "v", file_unique_id: "uv", duration: 12 };

describe("readUpdate() of the kinds of the Bot API", () => {
  const kinds = fieldsOf("Update")
    .map(({ name }) => name)
    .filter((name) => name !== "update_id");

  test("knows every kind that there is", () => {
    expect(Object.keys(UPDATE_KINDS).toSorted()).toEqual(kinds.toSorted());
    expect(ALLOWED_UPDATES.toSorted()).toEqual(["callback_query", "channel_post", "edited_message", "message", "my_chat_member"]);
  });

  test.each(kinds)("never fails on %s with anything in it", async (kind) => {
    for (const body of [null, 1, "x", [], {}, { message_id: "x" }, { chat: { id: 1e300, type: "private" } }]) {
      const event = await read({ [kind]: body });
      expect(["ignored", "invalid"]).toContain(event.kind);
    }
  });

  test("ignores kinds that do not exist yet, and says which", async () => {
    expect(await read({ brain_wave: {} })).toEqual({ kind: "ignored", reason: "an update of an unknown kind (brain_wave)" });
    expect(await read({ "<script>": {} })).toEqual({ kind: "ignored", reason: "an update of an unknown kind (?)" });
    expect(await read({})).toEqual({ kind: "ignored", reason: "an update of an unknown kind" });
  });

  test("refuses nesting that no update has", async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level++) deep = [deep];
    expect(await read({ message: deep })).toMatchObject({ kind: "invalid" });
  });

  test("tells blocked from started", async () => {
    const change = (status: string) => ({
      my_chat_member: { chat: { type: "private", ...ana }, from: { is_bot: false, ...ana }, new_chat_member: { status } },
    });
    expect(await read(change("kicked"))).toMatchObject({ kind: "membership", blocked: true, sender: { id: 77 } });
    expect(await read(change("member"))).toMatchObject({ kind: "membership", blocked: false });
    expect(
      await read({ my_chat_member: { chat: group, from: { is_bot: false, ...ana }, new_chat_member: { status: "member" } } }),
    ).toMatchObject({ kind: "ignored" });
  });

  test("names the query of a pressed button", async () => {
    expect(await read({ callback_query: { id: "q", from: { is_bot: false, ...ana }, chat_instance: "1", data: "x" } })).toMatchObject({
      kind: "callback",
      queryId: "q",
    });
  });
});

describe("readUpdate() of a private message", () => {
  test("takes text as the user's word", async () => {
    expect(await message({ text: "hello" })).toEqual({
      channel: "telegram",
      route: "telegram:shared",
      key: "shared:9",
      bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      text: "hello",
      content: [],
      replyTo: { channel: "telegram", bot: "shared", chatId: 77, messageId: 10 },
      externalId: "shared:77:10",
      sentAt: 1_795_000_010_000,
      attachments: [],
    });
  });

  test("marks an edit with what it replaces", async () => {
    const event = await read({ edited_message: messageOf(ana, 10, { text: "better", edit_date: 1_795_000_099 }) });
    expect(event).toMatchObject({
      kind: "message",
      edited: true,
      message: { text: "better", replaces: "shared:77:10", externalId: "shared:77:10", sentAt: 1_795_000_099_000 },
    });
  });

  test("ignores the moves of a live location", async () => {
    expect(await read({ edited_message: messageOf(ana, 10, { location: { latitude: 1, longitude: 2 }, edit_date: 1 }) })).toMatchObject({
      kind: "ignored",
    });
  });

  test.each([
    ["/task@margay_bot add x", "/task add x"],
    ["/new@MARGAY_BOT", "/new"],
    ["/start payload-1", "/start payload-1"],
    ["/task@other_bot add x", "/task@other_bot add x"],
    ["mail /task@margay_bot", "mail /task@margay_bot"],
    ["/@margay_bot", "/@margay_bot"],
  ])("reads the command %j as %j", async (text, expected) => {
    expect((await message({ text })).text).toBe(expected);
  });

  test("takes a forwarded text as content, with where it is from", async () => {
    const forwarded = await message({ text: "/new buy gold", forward_origin: { type: "user", date: 1, sender_user: bob } });
    expect(forwarded).toMatchObject({ text: "", content: [{ kind: "forward", origin: "Forwarded from Bob", text: "/new buy gold" }] });
  });

  test("takes what is replied to as a quote, and only the chosen part of it", async () => {
    const replied = { ...messageOf(ana, 5, { text: "the whole message" }), from: bob };
    expect(await message({ text: "and?", reply_to_message: replied })).toMatchObject({
      text: "and?",
      content: [{ kind: "quote", text: "the whole message" }],
    });
    const part = await message({ text: "and?", reply_to_message: replied, quote: { text: "whole", position: 4 } });
    expect(part.content.map((item) => item.kind !== "file" && item.text)).toEqual(["whole"]);
    const own = { ...messageOf(ana, 5, { text: "my answer" }), from: { id: 42, is_bot: true, first_name: "Margay" } };
    expect((await message({ text: "and?", reply_to_message: own })).content[0]?.origin).toBe("Replying to your own message");
  });

  test("takes the first message of a topic for no reply, and answers in the topic", async () => {
    const root = messageOf(ana, 5, { forum_topic_created: { name: "Work", icon_color: 1 } });
    const inTopic = await message({ text: "hi", message_thread_id: 5, is_topic_message: true, reply_to_message: root });
    expect(inTopic.content).toEqual([]);
    expect(inTopic.replyTo).toMatchObject({ threadId: 5 });
  });

  test("shows the addresses behind words", async () => {
    const linked = await message({ text: "see here", entities: [{ type: "text_link", offset: 4, length: 4, url: "https://a.example" }] });
    expect(linked).toMatchObject({ text: "see here", content: [{ kind: "context", text: "here: https://a.example" }] });
  });

  test("names the largest photo that can be downloaded, with the caption as the word", async () => {
    const shown = await message({
      caption: "what is this?",
      photo: [photo("s", 90), photo("l", 1280), photo("x", 4000, 30_000_000), photo("m", 320)],
    });
    expect(shown.text).toBe("what is this?");
    expect(shown.attachments).toMatchObject([{ fileId: "l", name: "photo-10.jpg", mime: "image/jpeg" }]);
  });

  test("names a document, also without a caption", async () => {
    const shown = await message({ document });
    expect(shown.text).toBe("");
    expect(shown.attachments).toMatchObject([
      { fileId: "d", name: "plan.pdf", mime: "application/pdf", size: 5, origin: "Document from the user" },
    ]);
  });

  test("takes along the photo that a message answers", async () => {
    const replied = messageOf(ana, 5, { photo: [photo("old", 90)] });
    const shown = await message({ text: "what is this?", reply_to_message: replied });
    expect(shown.attachments).toMatchObject([{ fileId: "old", name: "photo-5.jpg", origin: "From the message replied to" }]);
  });

  test("labels a forwarded document as forwarded", async () => {
    const shown = await message({ document, caption: "do it", forward_origin: { type: "user", date: 1, sender_user: bob } });
    expect(shown).toMatchObject({
      text: "",
      content: [{ kind: "forward", text: "do it" }],
      attachments: [{ origin: "Forwarded from Bob" }],
    });
  });

  test("makes each part of an album a message of its own, which waits for the others", async () => {
    const parts = await Promise.all(
      [1, 2].map((part) => message({ photo: [photo(`p${part}`, 90)], media_group_id: "g", ...(part === 1 ? { caption: "both" } : {}) })),
    );
    expect(parts.map(({ text, attachments, holdMs }) => [text, attachments.length, (holdMs ?? 0) > 0])).toEqual([
      ["both", 1, true],
      ["", 1, true],
    ]);
    expect((await message({ photo: [photo("alone", 90)] })).holdMs).toBeUndefined();
  });

  test.each([["animation", { animation: { ...voice, width: 1, height: 1 }, document }, /cannot watch videos/]])(
    "answers a %s with a sentence",
    async (_, fields, sentence) => {
      expect(await says(fields)).toMatchObject({
        kind: "message",
        message: { text: "", answer: expect.stringMatching(sentence), replyTo: { chatId: 77, messageId: 10 } },
        attachments: [],
      });
    },
  );

  test.each([
    ["voice message", { voice }, "voice-10.ogg", /voice is not set up.* among your files/],
    ["round video", { video_note: { ...voice, length: 100 } }, "video-message-10.mp4", /voice is not set up.* among your files/],
    ["audio", { audio: { ...voice, file_name: "song.mp3", mime_type: "audio/mpeg" } }, "song.mp3", /cannot listen .* among your files/],
    ["audio without a name", { audio: { ...voice, mime_type: "audio/ogg" } }, "audio-10.ogg", /cannot listen/],
    ["video", { video: { ...voice, width: 1, height: 1 } }, "video-10.mp4", /cannot watch .* among your files/],
  ])("keeps a sent %s, and says that it is only kept", async (_, fields, name, sentence) => {
    expect(await says(fields)).toMatchObject({
      message: { text: "", answer: expect.stringMatching(sentence) },
      attachments: [{ fileId: "v", name }],
    });
    const asked = await message({ ...fields, caption: "how long is it?" });
    expect(asked).toMatchObject({ text: "how long is it?", attachments: [{ name }], content: [{ text: expect.stringContaining("12 s") }] });
    expect(asked.answer).toBeUndefined();
  });

  test("takes the words that came with a voice note", async () => {
    const shown = await message({ voice, caption: "listen" });
    expect(shown).toMatchObject({
      text: "listen",
      attachments: [{ name: "voice-10.ogg", mime: "audio/ogg" }],
      content: [{ kind: "context", text: expect.stringContaining("12 s") }],
    });
  });

  test.each([
    [
      "sticker",
      {
        sticker: {
          file_id: "s",
          file_unique_id: "u",
          type: "regular",
          width: 1,
          height: 1,
          is_animated: false,
          is_video: false,
          emoji: "🎉",
        },
      },
      "Sticker 🎉",
    ],
    ["location", { location: { latitude: 1.5, longitude: -2 } }, "Latitude and longitude: 1.5, -2"],
    [
      "venue",
      { venue: { location: { latitude: 1, longitude: 2 }, title: "Café", address: "Street 1" }, location: { latitude: 1, longitude: 2 } },
      "Café, Street 1 (1, 2)",
    ],
    ["contact", { contact: { phone_number: "+1", first_name: "Bob" } }, "Bob, +1"],
    ["dice", { dice: { emoji: "🎲", value: 4 } }, "🎲 shows 4"],
    [
      "checklist",
      {
        checklist: {
          title: "Buy",
          tasks: [
            { id: 1, text: "milk" },
            { id: 2, text: "tea", completion_date: 1 },
          ],
        },
      },
      "Buy\n- [ ] milk\n- [x] tea",
    ],
  ])("describes a %s as content", async (_, fields, text) => {
    const shown = await message(fields);
    expect(shown.text).toBe("");
    expect(shown.content).toMatchObject([{ kind: "context", text }]);
  });

  test.each([
    ["a service message", messageOf(ana, 10, { pinned_message: messageOf(ana, 9, { text: "x" }) })],
    ["a message from a bot", { ...messageOf(ana, 10, { text: "x" }), from: { ...ana, is_bot: true } }],
    ["a message from someone else than the chat's person", { ...messageOf(ana, 10, { text: "x" }), from: bob }],
    ["a message without a sender", { message_id: 1, date: 1, chat: { type: "private", ...ana }, text: "x" }],
    ["an empty message", messageOf(ana, 10, { text: "" })],
  ])("ignores %s", async (_, body) => {
    expect(await read({ message: body })).toMatchObject({ kind: "ignored" });
  });

  test("refuses a text that is longer than any message may be", async () => {
    expect(await says({ text: "x".repeat(200_001) })).toMatchObject({ kind: "invalid", error: { code: "payload_too_large" } });
  });
});

describe("readUpdate() in groups and channels", () => {
  const inGroup = (fields: Record<string, unknown>, chat: Record<string, unknown> = group) =>
    read({ message: { message_id: 3, date: 1, chat, from: bob, ...fields } });

  test.each([
    ["a mention", { text: "hey @margay_bot what now" }],
    ["a mention in a caption", { caption: "@Margay_Bot", photo: [photo("a", 1)] }],
    ["a command for the bot", { text: "/help@margay_bot" }],
    ["a bare command", { text: "/help me" }],
    ["a reply to the bot", { text: "why?", reply_to_message: { message_id: 2, from: { id: 42, is_bot: true, first_name: "M" } } }],
  ])("says that it only talks in private on %s", async (_, fields) => {
    expect(await inGroup(fields)).toMatchObject({
      kind: "answer",
      text: PRIVATE_ONLY,
      target: { chatId: -100, messageId: 3 },
    });
  });

  test.each([
    ["ordinary talk", { text: "hello all" }],
    ["somebody else's mention", { text: "hi @margay_bot_two" }],
    ["another bot's command", { text: "/help@other_bot" }],
    ["a reply to a person", { text: "no", reply_to_message: { message_id: 2, from: bob } }],
    ["a forwarded mention", { text: "@margay_bot", forward_origin: { type: "user", date: 1, sender_user: bob } }],
    ["a bot's mention", { text: "@margay_bot", from: { ...bob, is_bot: true } }],
    ["a service message", { new_chat_members: [bob] }],
  ])("ignores %s", async (_, fields) => {
    expect(await inGroup(fields)).toMatchObject({ kind: "ignored" });
  });

  test("answers in a channel without a sender, and never on edits", async () => {
    const post = { message_id: 3, date: 1, chat: { id: -5, type: "channel", title: "News" }, text: "@margay_bot" };
    expect(await read({ channel_post: post })).toMatchObject({ kind: "answer", text: PRIVATE_ONLY });
    expect(await read({ edited_channel_post: post })).toMatchObject({ kind: "ignored" });
    expect(await read({ edited_message: { ...post, from: bob, edit_date: 2 } })).toMatchObject({ kind: "ignored" });
  });
});

test("telegram.parse() gives no message for events that only get a sentence", async () => {
  const mention = { message_id: 3, date: 1, chat: group, from: bob, text: "@margay_bot" };
  expect(await telegram.parse({ ...bot, update: { update_id: 1, message: mention } })).toMatchObject({ kind: "ignored" });
});
