import { env, exports } from "cloudflare:workers";
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Caller } from "../../../src/auth/principal.ts";
import { type Client, join, ORIGIN, setUp } from "../../auth/client.ts";
import { modelScript, type ModelScript } from "../../support/model-script.ts";
import { freshId, freshToken, type Person, TelegramTestBot, type Update } from "../../support/telegram-client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let ana: Client & { id: string };
let bot: TelegramTestBot;
let person: Person;
let model: ModelScript;

beforeAll(async () => {
  ana = await join(await setUp(), "Ana");
  model = modelScript(env.MODEL_SERVER, `sk-${ana.id}`);
  const caller: Caller = { userId: ana.id, authVersion: 1_000_000, via: "session", role: "user" };
  await env.USER_AGENT.getByName(ana.id).putProvider(caller, {
    provider: "anthropic",
    endpoint: "default",
    apiKey: model.key,
    baseUrl: `${env.MODEL_SERVER}/v1`,
  });
});

/** Every test has a bot and a chat of its own: Ana's. */
beforeEach(async () => {
  bot = await new TelegramTestBot(env.TELEGRAM_SERVER, freshToken(), "anas_own_bot").create();
  person = { id: freshId(), first_name: "Ana" };
  await ana.field("id", "PUT", "/api/v1/telegram/bot", { token: bot.token });
  await deliver(await bot.says(person, "/start"));
  const code = await vi.waitFor(
    async () => /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await bot.seen(person.id))[0]?.text ?? "")?.[0] ?? Promise.reject(new Error("no code")),
    { timeout: 20_000 },
  );
  await ana.field("id", "POST", "/api/v1/telegram/pair", { code });
  await shown(2);
});

async function deliver(update: Update): Promise<void> {
  const secret = (await bot.view()).webhook?.secret_token ?? "";
  const response = await exports.default.fetch(`${ORIGIN}/webhooks/telegram/${bot.id}`, {
    method: "POST",
    headers: { "x-telegram-bot-api-secret-token": secret },
    body: JSON.stringify(update),
  });
  expect(response.status).toBe(200);
}

/** What Ana sees after the code and the hello, once there are that many messages in all. */
async function shown(count: number) {
  await vi.waitFor(async () => expect((await bot.seen(person.id)).length).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
  return (await bot.seen(person.id)).slice(2);
}

const settled = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

test("a message is answered once for five deliveries, formatted, as a reply to it", async () => {
  await model.set([{ text: "It is **done**, `really`." }], { text: "a second turn" });
  const update = await bot.says(person, "is it done?");
  for (let time = 0; time < 5; time++) await deliver(update);
  await settled(async () => expect((await shown(3)).map(({ text }) => text)).toEqual(["It is done, really."]));
  const [reply] = await shown(3);
  expect(reply?.reply_to).toBe(Reflect.get(Object(update.message), "message_id"));
  expect(reply?.entities.map(({ type }) => type)).toEqual(["bold", "code"]);
  expect(await model.requests()).toHaveLength(1);
  expect((await bot.view()).warnings).toEqual([]);
});

test("a long answer grows in one message that is edited and ends as it was written", async () => {
  const text = Array.from({ length: 120 }, (_, index) => `word${index}`).join(" ");
  await model.set([{ text, chunkDelayMs: 40 }]);
  await deliver(await bot.says(person, "tell me a lot"));
  await settled(async () => expect((await shown(3)).map((message) => message.text)).toEqual([text]));
  expect((await shown(3))[0]?.edits).toBeGreaterThan(0);
  expect(
    (await bot.view()).calls.filter(({ method, params }) => method === "sendMessage" && params.reply_parameters !== undefined),
  ).toHaveLength(1);
});

test("a command is answered without a model", async () => {
  await model.set([], { text: "must not be asked" });
  await deliver(await bot.says(person, "/help@anas_own_bot"));
  await settled(async () => expect((await shown(3))[0]?.text).toContain("/new"));
  expect(await model.requests()).toEqual([]);
});

test("a photo reaches the model as an image, with its caption", async () => {
  const png = Uint8Array.from(
    atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="),
    (char) => char.charCodeAt(0),
  );
  await bot.addFile("photo", png, { path: "photos/file_1.jpg" });
  await model.set([{ text: "A dot." }]);
  const photo = [{ file_id: "photo", file_unique_id: crypto.randomUUID(), width: 1, height: 1, file_size: png.length }];
  await deliver(await bot.sends(person, { photo, caption: "what is this?" }));
  await settled(async () => expect((await shown(3)).map(({ text }) => text)).toEqual(["A dot."]));
  const sent = JSON.stringify((await model.requests())[0]?.body);
  expect(sent).toContain("what is this?");
  expect(sent).toContain('"type":"image"');
});

test("an answer survives Telegram's 429 and a broken connection, and is shown once", async () => {
  await model.set([{ text: "Still here." }]);
  await bot.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 1", retryAfter: 1 } });
  await bot.fail({ method: "sendMessage", drop: "before" });
  await deliver(await bot.says(person, "hello?"));
  await settled(async () => expect((await shown(3)).map(({ text }) => text)).toEqual(["Still here."]));
});

test("an answer survives the end of the object while the model writes, and is shown once", async () => {
  const text = Array.from({ length: 60 }, (_, index) => `part${index}`).join(" ");
  await model.set([{ text, chunkDelayMs: 60 }], { text, chunkDelayMs: 5 });
  await deliver(await bot.says(person, "begin"));
  await shown(3);
  await abortAllDurableObjects();
  await settled(async () => {
    // Anything that wakes the object lets it go on; its alarm would, a little later.
    await ana.call("GET", "/api/v1/messages?limit=1");
    expect((await shown(3)).map((message) => message.text)).toEqual([text]);
  });
});

test("a person who blocked the bot gets nothing, and the agent goes on", async () => {
  await model.set([{ text: "To nobody." }, { text: "Back again." }]);
  const update = await bot.says(person, "and now I block you");
  await bot.open(person, "blocked");
  await deliver(update);
  await settled(async () => expect((await bot.view()).calls.some(({ status }) => status === 403)).toBe(true));
  // The answer itself was refused, and not only the "typing …" before it: unblocked earlier, she would rightly get it.
  const last = () =>
    runInDurableObject(env.USER_AGENT.getByName(ana.id), (_agent, { storage }) =>
      storage.sql.exec("SELECT state FROM outbox ORDER BY rowid DESC LIMIT 1").one(),
    );
  await settled(async () => expect(await last()).toEqual({ state: "refused" }));
  expect(await model.requests()).toHaveLength(1);
  await deliver(await bot.says(person, "unblocked"));
  await settled(async () => expect((await shown(3)).map(({ text }) => text)).toEqual(["Back again."]));
});
