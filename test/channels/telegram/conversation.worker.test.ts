import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Caller } from "../../../src/auth/principal.ts";
import { type Client, join, ORIGIN, setUp } from "../../auth/client.ts";
import { modelScript, type ModelScript } from "../../support/model-script.ts";
import { freshId, freshToken, messageOf, type Person, TelegramTestBot, type Update } from "../../support/telegram-client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="),
  (character) => character.charCodeAt(0),
);

let owner: Client;
let ana: Client & { id: string };
let caller: Caller;
let bot: TelegramTestBot;
let person: Person;
let model: ModelScript;
/** What the bot said before the test began. */
let before = 0;

beforeAll(async () => {
  owner = await setUp();
});

/** Ana's own bot, paired with her, and a model that answers under her key. */
beforeEach(async () => {
  ana = await join(owner, `Ana${freshId()}`);
  caller = { userId: ana.id, authVersion: 1_000_000, via: "session", role: "user" };
  model = modelScript(env.MODEL_SERVER, `sk-${ana.id}`);
  const provider = { provider: "anthropic", endpoint: "default", apiKey: model.key, baseUrl: `${env.MODEL_SERVER}/v1` } as const;
  await env.USER_AGENT.getByName(ana.id).putProvider(caller, provider);
  bot = await new TelegramTestBot(env.TELEGRAM_SERVER, freshToken(), "anas_own_bot").create();
  person = { id: freshId(), first_name: "Ana" };
  before = 0;
  await ana.field("id", "PUT", "/api/v1/telegram/bot", { token: bot.token });
  await deliver(await bot.says(person, "/start"));
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await answers(1))[0] ?? "")?.[0];
  await ana.field("id", "POST", "/api/v1/telegram/pair", { code });
  before = (await answers(2)).length;
});

async function deliver(update: Update): Promise<void> {
  const response = await exports.default.fetch(`${ORIGIN}/webhooks/telegram/${bot.id}`, {
    method: "POST",
    headers: { "x-telegram-bot-api-secret-token": (await bot.view()).webhook?.secret_token ?? "" },
    body: JSON.stringify(update),
  });
  expect(response.status).toBe(200);
}

const texts = async (): Promise<string[]> => (await bot.seen(person.id)).slice(before).map(({ text }) => text);

/** What the bot said in this test, once it is as many messages as that. */
async function answers(count: number): Promise<string[]> {
  await expect.poll(async () => (await texts()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  return texts();
}

/** The same when a moment has passed in which more could have come. */
async function onlyAnswers(count: number): Promise<string[]> {
  await answers(count);
  await scheduler.wait(600);
  return texts();
}

const imagesIn = (body: unknown): number => JSON.stringify(body).split('"type":"image"').length - 1;
const titles = async (): Promise<unknown[]> => {
  const todos: unknown = Reflect.get(Object((await ana.call("GET", "/api/v1/todos")).body), "todos");
  return Array.isArray(todos) ? todos.map((todo) => todo.title) : [];
};

async function sendPhoto(name: string, more: Record<string, unknown> = {}): Promise<void> {
  await bot.addFile(name, PNG, { path: `photos/${name}.jpg` });
  const photo = [{ file_id: name, file_unique_id: crypto.randomUUID(), width: 1, height: 1, file_size: PNG.length }];
  await deliver(await bot.sends(person, { photo, ...more }));
}

test("an album is one question, with all its pictures", async () => {
  await model.set([], { text: "All of them are cats." });
  await sendPhoto("a", { media_group_id: "album", caption: "what do these have in common?" });
  for (const name of ["b", "c", "d", "e"]) await sendPhoto(name, { media_group_id: "album" });
  expect(await onlyAnswers(1)).toEqual(["All of them are cats."]);
  expect((await model.requests()).map(({ body }) => imagesIn(body))).toEqual([5]);
});

test("a picture in a format that no model takes is named, not sent, and breaks nothing", async () => {
  await model.set([], { text: "ok." });
  await bot.addFile("h", PNG, { path: "documents/file.heic" });
  const document = { file_id: "h", file_unique_id: "h", file_name: "IMG_1.HEIC", mime_type: "image/heic", file_size: PNG.length };
  await deliver(await bot.sends(person, { document, caption: "keep this" }));
  await answers(1);
  const [request] = await model.requests();
  expect(imagesIn(request?.body)).toBe(0);
  expect(JSON.stringify(request?.body)).toMatch(/IMG_1.HEIC.{1,40}bytes, at \/uploads\/IMG_1.HEIC \(not shown to you/u);
});

test("a picture that the model refuses is not shown again with the next message", async () => {
  await model.set([{ error: { status: 400 } }, { error: { status: 400 } }], { text: "I am here." });
  await sendPhoto("broken");
  await answers(1);
  await deliver(await bot.says(person, "are you there?"));
  expect((await answers(2)).at(-1)).toBe("I am here.");
  expect(imagesIn((await model.requests()).at(-1)?.body)).toBe(0);
});

test("a picture without a model that sees is answered by the one there is, which knows that it does not see it", async () => {
  const agent = env.USER_AGENT.getByName(ana.id);
  await agent.deleteProvider(caller, "anthropic", "default");
  await agent.putProvider(caller, {
    provider: "openai-compatible",
    endpoint: "default",
    apiKey: model.key,
    baseUrl: `${env.MODEL_SERVER}/v1`,
  });
  const chain = ["openai-compatible/llama"];
  await agent.updateSettings(caller, { models: { fast: chain, smart: chain, vision: null } });
  await model.set([], { text: "I cannot see it." });
  await sendPhoto("unseen");
  expect(await answers(1)).toEqual(["I cannot see it."]);
  expect(JSON.stringify((await model.requests())[0]?.body)).toContain("not shown to you");
});

test("a voice message delivered five times is answered once, also when Telegram is busy, and is in the history", async () => {
  await bot.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 1", retryAfter: 1 } });
  await bot.addFile("v", new Uint8Array(5));
  const update = await bot.sends(person, { voice: { file_id: "v", file_unique_id: "v", duration: 3 } });
  for (let time = 0; time < 5; time++) await deliver(update);
  const said = await onlyAnswers(1);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("voice is not set up");
  expect(await model.requests()).toEqual([]);
  const history = JSON.stringify((await ana.call("GET", "/api/v1/messages?limit=200")).body);
  expect(history).toContain("A voice message of 3 s");
  expect(history).toContain("voice is not set up");
});

test("a command is not run again when Telegram tells of an edit that changed nothing", async () => {
  const update = await bot.says(person, "/task buy milk");
  await deliver(update);
  await answers(1);
  await deliver(bot.update({ edited_message: { ...Object(update["message"]), edit_date: 1_795_100_000 } }));
  expect(await onlyAnswers(1)).toHaveLength(1);
  expect(await titles()).toEqual(["buy milk"]);
});

test("a mistyped command that is edited into words is answered", async () => {
  await model.set([], { text: "I will." });
  const update = await bot.says(person, "/tsk pay rent");
  await deliver(update);
  await answers(1);
  const message = { ...Object(update["message"]), text: "please remember to pay the rent", edit_date: 1_795_100_001 };
  await deliver(bot.update({ edited_message: message }));
  expect((await answers(2)).at(-1)).toBe("I will.");
});

test("/cancel stops the turn, also when it is sent as a reply to something", async () => {
  await model.set([{ text: "word ".repeat(60), chunkDelayMs: 200 }]);
  await deliver(await bot.says(person, "count"));
  await expect.poll(async () => (await model.requests()).length).toBe(1);
  await deliver(await bot.says(person, "/cancel", { reply_to_message: messageOf(person, 1, { text: "count" }) }));
  await expect.poll(async () => (await texts()).join("\n")).toContain("Stopped.");
  expect(await model.requests()).toHaveLength(1);
});

test("a user who is suspended is answered nothing any more, and nothing of theirs goes on", async () => {
  // Far from its end when they are suspended, however slow the machine is.
  await model.set([{ text: "word ".repeat(60), chunkDelayMs: 500 }], { text: "more" });
  for (const text of ["one", "two", "three"]) await deliver(await bot.says(person, text));
  await expect.poll(async () => (await model.requests()).length).toBe(1);
  expect((await owner.call("PATCH", `/api/v1/users/${ana.id}`, { suspended: true })).status).toBe(200);
  const shown = (await texts()).join("\n");
  await scheduler.wait(2_500);
  expect((await model.requests()).length).toBe(1);
  expect((await texts()).join("\n").length).toBeLessThanOrEqual(shown.length + 30);
});
