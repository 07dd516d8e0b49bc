import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Caller } from "../../src/auth/principal.ts";
import type { InboundMessage } from "../../src/channels/message.ts";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";
import { freshId, TelegramTestBot } from "../support/telegram-client.ts";

interface Chat {
  user: TestUser;
  bot: TelegramTestBot;
  person: { id: number; first_name: string };
  say(text: string, key?: string): Promise<string>;
  /** The texts the person sees of the bot. */
  seen(): Promise<string[]>;
}

/** A user whose own bot is linked to a person in Telegram. */
async function telegramChat(): Promise<Chat> {
  const user = await testUser();
  const bot = await new TelegramTestBot(env.TELEGRAM_SERVER).create();
  const person = { id: freshId(), first_name: "Ada" };
  await bot.open(person);
  unwrap(await user.stub.putSecret(user.caller, `telegram:${bot.id}`, bot.token));
  const identity = `telegram:${bot.id}:${person.id}`;
  await user.stub.linkIdentity(user.id, identity);
  const caller: Caller = { ...user.caller, via: "channel", authVersion: 0 };
  return {
    user,
    bot,
    person,
    async say(text, key = crypto.randomUUID()) {
      const message: InboundMessage = httpMessage(text, {
        channel: "telegram",
        route: `telegram:${bot.id}`,
        key,
        replyTo: { channel: "telegram", bot: String(bot.id), chatId: person.id },
      });
      return unwrap(await user.stub.receive(caller, message, identity)).messageId;
    },
    seen: async () => (await bot.seen(person.id)).map((message) => message.text),
  };
}

test("Deliveries bring the answer to Telegram once, whole, whatever was shown on the way", async () => {
  const chat = await telegramChat();
  await chat.user.model.set([{ text: "A slow and steady answer that takes its time to arrive.", chunkDelayMs: 150 }]);
  await chat.say("hi");
  await expect.poll(chat.seen, { timeout: 20_000 }).toEqual(["A slow and steady answer that takes its time to arrive."]);
});

test("Deliveries answer the same update five times once", async () => {
  const chat = await telegramChat();
  await chat.user.model.set([], { text: "once" });
  await Promise.all(Array.from({ length: 5 }, () => chat.say("hi", "update-1")));
  await expect.poll(chat.seen).toEqual(["once"]);
  expect(await chat.user.model.requests()).toHaveLength(1);
});

test("Deliveries wait as long as Telegram asks, then deliver", async () => {
  const chat = await telegramChat();
  await chat.bot.fail({
    method: "sendMessage",
    times: 2,
    error: { code: 429, description: "Too Many Requests: retry after 1", retryAfter: 1 },
  });
  await chat.user.model.set([], { text: "patience" });
  await chat.say("hi");
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(chat.user.object);
        return chat.seen();
      },
      { timeout: 20_000, interval: 300 },
    )
    .toEqual(["patience"]);
});

test("Deliveries stop when the person blocked the bot; the answer stays in the history", async () => {
  const chat = await telegramChat();
  await chat.bot.open(chat.person, "blocked");
  await chat.user.model.set([], { text: "unheard" });
  const messageId = await chat.say("hi");
  expect(unwrap(await chat.user.stub.outcome(chat.user.caller, messageId, 20_000)).reply).toBe("unheard");
  await expect.poll(async () => (await chat.bot.view()).calls.filter((call) => call.method === "sendMessage").length).toBeGreaterThan(0);
  const tried = (await chat.bot.view()).calls.filter((call) => call.method === "sendMessage").length;
  await runDurableObjectAlarm(chat.user.object);
  await scheduler.wait(300);
  expect((await chat.bot.view()).calls.filter((call) => call.method === "sendMessage")).toHaveLength(tried);
  expect(await chat.seen()).toEqual([]);
});

test("Deliveries ended in the middle are taken up by the object's alarm and leave one answer", async () => {
  for (const delay of [20, 120, 400]) {
    const chat = await telegramChat();
    // The first send reaches the person late, so that the object ends around it.
    await chat.user.model.set([{ text: "an answer in some words", chunkDelayMs: 40 }], { text: "an answer in some words" });
    await chat.say("hi");
    await scheduler.wait(delay);
    await crash();
    await expect
      .poll(
        async () => {
          await runDurableObjectAlarm(chat.user.object);
          return chat.seen();
        },
        { timeout: 30_000, interval: 500 },
      )
      .toEqual(["an answer in some words"]);
  }
});

test("Deliveries answer a command in Telegram, and one that a crash interrupted", async () => {
  const chat = await telegramChat();
  await chat.say("/whoami");
  await expect.poll(chat.seen).toHaveLength(1);
  const late = await telegramChat();
  await late.bot.fail({ method: "sendMessage", times: 1, delayMs: 2_000, drop: "before" });
  await late.say("/status");
  await crash();
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(late.user.object);
        await late.user.stub.messages(late.user.caller, { limit: 1 });
        return (await late.seen()).length;
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(1);
});
