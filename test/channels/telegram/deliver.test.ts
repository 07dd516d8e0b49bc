import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TelegramChannel } from "../../../src/channels/telegram.ts";
import type { Delivery, DeliveryContext, ReplyFile } from "../../../src/channels/channel.ts";
import { approvalView } from "../../commands/fake-context.ts";
import { freshId, type Person, TelegramTestBot } from "../../support/telegram-client.ts";
import { startTelegramServer, type TelegramServer } from "../../support/telegram-server.ts";

let server: TelegramServer;
let bot: TelegramTestBot;
let ana: Person;
let channel: TelegramChannel;
let states: unknown[];

beforeAll(async () => {
  server = await startTelegramServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  bot = await new TelegramTestBot(server.url).create();
  ana = { id: freshId(), first_name: "Ana" };
  await bot.open(ana);
  channel = new TelegramChannel({ everyMs: 5, typingMs: 20 });
  states = [];
});

function context(change: Partial<DeliveryContext> = {}): DeliveryContext {
  return {
    userId: "u1",
    apiRoot: server.url,
    fetch,
    now: () => Date.now(),
    secret: (name) => Promise.resolve(name === "telegram:shared" ? bot.token : null),
    save: (state) => states.push(structuredClone(state)),
    signal: new AbortController().signal,
    ...change,
  };
}

function delivery(text: string, change: Partial<Delivery> = {}): Delivery {
  const target = { channel: "telegram" as const, bot: "shared", chatId: ana.id };
  return { id: "d1", turnId: "t1", target, text, status: "done", attempt: 1, state: null, approval: null, files: [], ...change };
}

const seen = () => bot.seen(ana.id);
const long = (paragraphs: number) =>
  Array.from({ length: paragraphs }, (_, index) => `Paragraph ${index}. ${"word ".repeat(150)}`).join("\n\n");

describe("deliver()", () => {
  test("sends formatted text as entities that Telegram shows as they are", async () => {
    expect(await channel.deliver(delivery("**Hi** `x` 👩‍👩‍👧 [a](https://a.example)\n\n> q"), context())).toEqual({ kind: "told" });
    const [message] = await seen();
    expect(message?.text).toBe("Hi x 👩‍👩‍👧 a\n\nq");
    expect(message?.entities.map(({ type }) => type)).toEqual(["bold", "code", "text_link", "blockquote"]);
    expect((await bot.view()).warnings).toEqual([]);
    expect((await bot.view()).calls[0]?.params.parse_mode).toBeUndefined();
  });

  test("answers the asked message, and is sent without it when it is gone", async () => {
    const asked = await bot.says(ana, "hello");
    const id = Number(Reflect.get(Object(asked.message), "message_id"));
    const target = { channel: "telegram" as const, bot: "shared", chatId: ana.id };
    await channel.deliver(delivery("one", { target: { ...target, messageId: id } }), context());
    await channel.deliver(delivery("two", { target: { ...target, messageId: 999_999 } }), context());
    expect((await seen()).map(({ text, reply_to }) => [text, reply_to])).toEqual([
      ["one", id],
      ["two", null],
    ]);
  });

  test("splits a long answer and sends every part once, also when repeated after the last save", async () => {
    const text = long(30);
    expect(await channel.deliver(delivery(text), context())).toEqual({ kind: "told" });
    const first = await seen();
    expect(first.length).toBeGreaterThan(4);
    expect(first.every((message) => message.text.length <= 4096)).toBe(true);
    expect(await channel.deliver(delivery(text, { attempt: 2, state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect(await seen()).toEqual(first);
  });

  test("goes on after the part that was confirmed when it was interrupted", async () => {
    const text = long(30);
    await bot.fail({ method: "sendMessage", times: 1, delayMs: 0 });
    await bot.fail({ method: "sendMessage", times: 1, delayMs: 0 });
    await bot.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 7", retryAfter: 7 } });
    expect(await channel.deliver(delivery(text), context())).toEqual({ kind: "retry", reason: expect.any(String), afterMs: 7000 });
    expect(await seen()).toHaveLength(2);
    // Before the time that Telegram named nothing is called at all.
    const calls = (await bot.view()).calls.length;
    expect(await channel.deliver(delivery(text, { attempt: 2, state: states.at(-1) }), context())).toMatchObject({ kind: "retry" });
    expect((await bot.view()).calls).toHaveLength(calls);
    const later = context({ now: () => Date.now() + 8000 });
    expect(await channel.deliver(delivery(text, { attempt: 3, state: states.at(-1) }), later)).toEqual({ kind: "told" });
    const texts = (await seen()).map((message) => message.text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
  });

  test("counts an edit that changes nothing as told", async () => {
    await channel.deliver(delivery("same"), context());
    const state = { parts: [{ messageId: (await seen())[0]?.message_id, hash: "another" }] };
    expect(await channel.deliver(delivery("same", { state }), context())).toEqual({ kind: "told" });
    expect((await seen()).map(({ text, edits }) => [text, edits])).toEqual([["same", 0]]);
  });

  test("sends again when the person deleted the message to edit", async () => {
    await channel.deliver(delivery("first"), context());
    const id = (await seen())[0]?.message_id ?? 0;
    await bot.remove(ana.id, id);
    expect(await channel.deliver(delivery("second", { state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect((await seen()).map(({ text }) => text)).toEqual(["second"]);
  });

  test("sends plain text when Telegram does not take the entities", async () => {
    await bot.fail({ method: "sendMessage", error: { code: 400, description: "Bad Request: can't parse entities: whatever" } });
    expect(await channel.deliver(delivery("**bold** text"), context())).toEqual({ kind: "told" });
    expect(await seen()).toMatchObject([{ text: "bold text", entities: [] }]);
  });

  test.each([
    ["blocked", "bot was blocked by the user"],
    ["deactivated", "user is deactivated"],
  ] as const)("is refused when the person is %s", async (state, reason) => {
    await bot.open(ana, state);
    expect(await channel.deliver(delivery("x"), context())).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
  });

  test("is refused when the chat is not known, the token is gone, or Telegram does not know the token", async () => {
    const elsewhere = { channel: "telegram" as const, bot: "shared", chatId: 5 };
    expect(await channel.deliver(delivery("x", { target: elsewhere }), context())).toEqual({
      kind: "refused",
      reason: "Bad Request: chat not found",
    });
    expect(await channel.deliver(delivery("x"), context({ secret: () => Promise.resolve(null) }))).toMatchObject({ kind: "refused" });
    const revoked = context({ secret: () => Promise.resolve("123:revoked-token-revoked-token") });
    const refused = await channel.deliver(delivery("x"), revoked);
    expect(refused).toEqual({ kind: "refused", reason: "Unauthorized" });
    expect(await channel.deliver(delivery("x", { target: { channel: "web" } }), context())).toMatchObject({ kind: "refused" });
  });

  test.each([
    ["a fault of Telegram's", { error: { code: 502, description: "Bad Gateway" } }],
    ["an answer that is not JSON", { garbage: { status: 502, body: "<html>" } }],
    ["a broken connection", { drop: "before" as const }],
  ])("is tried again after %s, then told once", async (_, fault) => {
    await bot.fail({ method: "sendMessage", ...fault });
    const outcome = await channel.deliver(delivery("x"), context());
    expect(outcome).toMatchObject({ kind: "retry" });
    expect(JSON.stringify(outcome)).not.toContain(bot.token);
    expect(await channel.deliver(delivery("x", { attempt: 2, state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect(await seen()).toHaveLength(1);
  });

  test.each([
    ["done", /nothing to add/],
    ["failed", /try again/],
    ["cancelled", /Stopped/],
  ] as const)("says a sentence where a %s turn has no text", async (status, words) => {
    expect(await channel.deliver(delivery(" \n ", { status }), context())).toEqual({ kind: "told" });
    expect((await seen())[0]?.text).toMatch(words);
  });

  test("falls back to a sentence when Telegram sees nothing in the text", async () => {
    await bot.fail({ method: "sendMessage", error: { code: 400, description: "Bad Request: text must be non-empty" } });
    expect(await channel.deliver(delivery("\u2063"), context())).toEqual({ kind: "told" });
    expect((await seen())[0]?.text).toContain("nothing that Telegram can show");
  });

  test("never sends link previews, which would fetch addresses nobody clicked", async () => {
    await channel.deliver(delivery("see https://a.example/?q=secret"), context());
    expect((await bot.view()).calls[0]?.params.link_preview_options).toEqual({ is_disabled: true });
  });
});

const target = () => ({ channel: "telegram" as const, bot: "shared", chatId: ana.id });
const until = (check: () => Promise<boolean>) => expect.poll(check).toBe(true);

describe("open()", () => {
  test("shows typing, then one message that grows, and the final text replaces it", async () => {
    const live = channel.open(target(), context());
    await until(async () => ((await bot.view()).chats[0]?.typing.length ?? 0) > 0);
    expect(await seen()).toEqual([]);
    live?.update("The answer is being written");
    await until(async () => (await seen()).length === 1);
    live?.update("The answer is being written and **grows**");
    await until(async () => ((await seen())[0]?.edits ?? 0) > 0);
    await live?.settle();
    live?.update("too late");
    expect(await channel.deliver(delivery("The answer is **done**.", { state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect((await seen()).map(({ text }) => text)).toEqual(["The answer is done."]);
    expect((await bot.view()).calls.filter(({ method }) => method === "sendMessage")).toHaveLength(1);
  });

  test("does not call again for the same text", async () => {
    const live = channel.open(target(), context());
    for (let index = 0; index < 20; index++) live?.update("The same words again");
    await until(async () => (await seen()).length === 1);
    live?.update("The same words again");
    await live?.settle();
    expect((await bot.view()).calls.filter(({ method }) => method !== "sendChatAction")).toHaveLength(1);
  });

  test("goes on in the next message when the text no longer fits one", async () => {
    const live = channel.open(target(), context());
    const text = long(8);
    live?.update(text);
    await until(async () => (await seen()).length === 2);
    await live?.settle();
    expect(await channel.deliver(delivery(text, { state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect(
      (await seen())
        .map((message) => message.text)
        .join("")
        .replaceAll(/\s/g, ""),
    ).toBe(text.replaceAll(/\s/g, ""));
  });

  test("takes away messages that the final text does not need", async () => {
    const live = channel.open(target(), context());
    live?.update(long(8));
    await until(async () => (await seen()).length === 2);
    await live?.settle();
    await channel.deliver(delivery("Short after all.", { state: states.at(-1) }), context());
    expect((await seen()).map(({ text }) => text)).toEqual(["Short after all."]);
  });

  test("waits as long as a 429 asks and keeps that for the final delivery", async () => {
    await bot.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 30", retryAfter: 30 } });
    const live = channel.open(target(), context());
    live?.update("Some words to show");
    await until(async () => (await bot.view()).calls.some(({ status }) => status === 429));
    live?.update("Some words to show, and more");
    await live?.settle();
    expect((await bot.view()).calls.filter(({ method }) => method === "sendMessage")).toHaveLength(1);
    const outcome = await channel.deliver(delivery("Final.", { state: states.at(-1) }), context());
    expect(outcome).toMatchObject({ kind: "retry" });
    expect(Reflect.get(outcome, "afterMs")).toBeGreaterThan(25_000);
  });

  test("leaves a message that may have arrived to the final delivery", async () => {
    await bot.fail({ method: "sendMessage", drop: "after" });
    const live = channel.open(target(), context());
    live?.update("Words that did arrive");
    await until(async () => (await seen()).length === 1);
    live?.update("Words that did arrive, and more of them");
    await live?.settle();
    expect((await bot.view()).calls.filter(({ method }) => method === "sendMessage")).toHaveLength(1);
    expect(states.at(-1)).toMatchObject({ parts: [{ messageId: null }] });
  });

  test("goes on in the message that an interrupted attempt had begun", async () => {
    const first = channel.open(target(), context());
    first?.update("Before the interruption");
    await until(async () => (await seen()).length === 1);
    await first?.settle();
    const second = channel.open(target(), context({ state: states.at(-1) }));
    second?.update("After the interruption");
    await until(async () => (await seen())[0]?.text === "After the interruption");
    await second?.settle();
    expect(await seen()).toHaveLength(1);
  });

  test("never throws and stops calling when the person blocked the bot", async () => {
    await bot.open(ana, "blocked");
    const live = channel.open(target(), context());
    live?.update("Words for nobody at all");
    await until(async () => (await bot.view()).calls.length === 1);
    live?.update("More words for nobody at all");
    await live?.settle();
    expect((await bot.view()).calls).toHaveLength(1);
  });

  test("settles at once without a token or after the signal ended", async () => {
    await channel.open(target(), context({ secret: () => Promise.resolve(null) }))?.settle();
    await channel.open(target(), context({ signal: AbortSignal.abort() }))?.settle();
    expect(channel.open({ channel: "web" }, context())).toBeNull();
    expect((await bot.view()).calls).toEqual([]);
  });
});

describe("deliver() with files", () => {
  const file = (name: string, mime: string, size = 3): ReplyFile => ({
    id: `${name}:1`,
    path: `/outputs/${name}`,
    name,
    mime,
    size,
    read: () => Promise.resolve(new Uint8Array(size)),
  });
  const texts = async (): Promise<string[]> => (await seen()).map(({ text }) => text);
  const files = [file("my chart.png", "image/png"), file("data.csv", "text/csv")];

  test("sends pictures as photos and the rest as documents below the answer, once, also when repeated", async () => {
    expect(await channel.deliver(delivery("Here.", { files }), context())).toEqual({ kind: "told" });
    expect(await channel.deliver(delivery("Here.", { files, attempt: 2, state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect(await texts()).toEqual(["Here.", "[photo] my chart.png (3 bytes)", "[document] data.csv (3 bytes)"]);
  });

  test("a picture that is no photo to Telegram is sent as a document, and what it takes in no form is said", async () => {
    await bot.fail({ method: "sendPhoto", error: { code: 400, description: "Bad Request: PHOTO_INVALID_DIMENSIONS" } });
    await bot.fail({ method: "sendDocument", error: { code: 400, description: "Bad Request: wrong file" } });
    const large = file("film.mp4", "video/mp4", 30_000_000);
    const gone = { ...file("gone.txt", "text/plain"), read: () => Promise.resolve(null) };
    const all = [file("long.png", "image/png"), ...files, large, gone];
    expect(await channel.deliver(delivery("Here.", { files: all }), context())).toEqual({ kind: "told" });
    expect(await texts()).toEqual([
      "Here.",
      "[photo] my chart.png (3 bytes)",
      "[document] data.csv (3 bytes)",
      expect.stringMatching(
        /long.png was not taken by Telegram. It is on your page under Files.\n\n.*film.mp4 is too large to send here \(30 MB\).*\n\n.*gone.txt is gone/u,
      ),
    ]);
  });

  test("a file that Telegram has a fault with is tried again, and does not hold up the chat for ever", async () => {
    await bot.fail({ method: "sendDocument", times: 4, error: { code: 500, description: "Internal Server Error" } });
    for (let attempt = 1; attempt < 4; attempt++)
      expect(await channel.deliver(delivery("Here.", { files, attempt, state: states.at(-1) ?? null }), context())).toMatchObject({
        kind: "retry",
      });
    expect(await channel.deliver(delivery("Here.", { files, attempt: 4, state: states.at(-1) }), context())).toEqual({ kind: "told" });
    expect(await texts()).toEqual(["Here.", "[photo] my chart.png (3 bytes)", expect.stringContaining("data.csv could not be sent here")]);
  });

  test("a file that cannot be read, or whose sending ends the process each time, does not hold up the chat for ever either", async () => {
    const broken = { ...file("a.csv", "text/csv"), read: () => Promise.reject(new Error("R2 does not answer")) };
    const deadly = file("b.csv", "text/csv");
    const state = { parts: [], files: [{ id: deadly.id, messageId: null }], notBefore: 0 };
    const given = delivery("Here.", { files: [broken, deadly], state });
    expect(await channel.deliver(given, context())).toMatchObject({ kind: "retry" });
    expect(await channel.deliver({ ...given, attempt: 5 }, context())).toEqual({ kind: "told" });
    expect((await texts()).at(-1)).toMatch(/a.csv could not be sent here[^]*b.csv was interrupted each time/u);
    expect((await texts()).join()).not.toContain("[document]");
  });

  test("the picture of a question stands above it, and is not waited for", async () => {
    const picture = file("shop.jpg", "image/jpeg");
    const asked = delivery("", { files: [picture], approval: approvalView() });
    await bot.fail({ method: "sendPhoto", error: { code: 500, description: "Internal Server Error" } });
    expect(await channel.deliver(asked, context())).toEqual({ kind: "told" });
    expect(await channel.deliver(asked, context())).toEqual({ kind: "told" });
    expect(
      await channel.deliver({ ...asked, approval: approvalView({ state: "denied", answered_at: 5 }), state: states.at(-1) }, context()),
    ).toEqual({
      kind: "told",
    });
    expect((await texts()).map((text) => text.slice(0, 20))).toEqual([
      "May I? Mail bob@exam",
      "[photo] shop.jpg (3 ",
      "Denied: Mail bob@exa",
    ]);
  });

  test("paths lead to the page where that is known, and are words where it is not", async () => {
    const text = "In /outputs/a.md, `/outputs/b c.csv`, ![chart](/outputs/d.png), [e](/notes/e.md).";
    await channel.deliver(delivery(text), context({ pageUrl: "https://margay.example" }));
    await channel.deliver(delivery(text), context());
    const [known, unknown] = await seen();
    expect(known?.text).toBe("In /outputs/a.md, /outputs/b c.csv, chart, e (/notes/e.md).");
    expect(known?.entities.map((entity) => Reflect.get(entity, "url"))).toEqual(
      ["a.md", "b%20c.csv", "d.png"].map((name) => `https://margay.example/files?file=/outputs/${name}`),
    );
    expect(unknown?.text).toBe("In /outputs/a.md, /outputs/b c.csv, chart (/outputs/d.png), e (/notes/e.md).");
  });
});
