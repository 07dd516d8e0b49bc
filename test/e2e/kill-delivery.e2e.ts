import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { newState, removeState, startDevServer, until, type DevServer } from "../support/dev-server.ts";
import { startModelServer } from "../support/model-server.ts";
import { modelScript } from "../support/model-script.ts";
import { TelegramTestBot, type Person, type Update } from "../support/telegram-client.ts";
import { startTelegramServer } from "../support/telegram-server.ts";

const Messages = z.object({ messages: z.array(z.object({ text: z.string(), status: z.string() })) });

let models: Awaited<ReturnType<typeof startModelServer>>;
let telegram: Awaited<ReturnType<typeof startTelegramServer>>;
let server: DevServer | null = null;
const state = newState();

beforeAll(async () => {
  models = await startModelServer();
  telegram = await startTelegramServer();
});
afterAll(async () => {
  await server?.kill();
  await models.close();
  await telegram.close();
  removeState(state);
});

test("kill -9 while a Telegram delivery waits to be tried again: the reply is told once after a restart", async () => {
  const bot = await new TelegramTestBot(telegram.url).create();
  const vars = { TELEGRAM_BOT_TOKEN: bot.token, TELEGRAM_API_ROOT: telegram.url, PUBLIC_URL: "https://margay.example.com" };
  const start = async (): Promise<DevServer> => (server = await startDevServer({ built: inject("builtWorker"), state, vars }));
  const model = modelScript(models.url, "sk-kill-delivery");
  await model.set([{ text: "They are small cats." }], { error: { status: 400 } });

  const first = await start();
  const connected = await first.owner("/api/v1/models/providers/anthropic/default", {
    method: "PUT",
    body: JSON.stringify({ api_key: model.key, base_url: `${models.url}/v1` }),
  });
  expect(connected.ok).toBe(true);
  expect((await first.owner("/api/v1/telegram/shared/webhook", { method: "POST" })).status).toBe(200);
  const secret = (await bot.view()).webhook?.secret_token ?? "";
  const arrives = (at: DevServer, update: Update): Promise<Response> =>
    fetch(`${at.origin}/webhooks/telegram/shared`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
      body: JSON.stringify(update),
    });

  const ana: Person = { id: 4_200_001, first_name: "Ana" };
  const texts = async (): Promise<string[]> => (await bot.seen(ana.id)).map((message) => message.text ?? "");
  expect((await arrives(first, await bot.says(ana, "/start"))).status).toBe(200);
  const code = await until("the pairing code", async () => /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await texts()).join(" "))?.[0] ?? null);
  expect((await first.owner("/api/v1/telegram/pair", { method: "POST", body: JSON.stringify({ code }) })).ok).toBe(true);

  const failing = { code: 500, description: "Internal Server Error" };
  // Shown while it is made, the reply meets one of them or none; each attempt to deliver it meets one. A fourth attempt waits half a minute, a fifth two.
  await bot.fail({ method: "sendMessage", times: 3, error: failing });
  await bot.fail({ method: "sendMessageDraft", times: 50, error: failing });
  const question = await bot.says(ana, "What is a margay?");
  expect((await arrives(first, question)).status).toBe(200);
  // Before, a fault may have met what is shown while the answer is made; killed then, the model is asked once more.
  await until("the answer", async () => {
    const { messages } = Messages.parse(await (await first.owner("/api/v1/messages?limit=20")).json());
    return messages.some(({ text, status }) => status === "done" && text.includes("small cats")) ? true : null;
  });
  await until("a failed delivery", async () =>
    // One that nothing is left of is gone from the list: all three may be met before anybody looks.
    (await bot.view()).faults.some((fault) => fault.method === "sendMessage" && (fault.times ?? 1) === 3) ? null : true,
  );
  await first.kill();
  expect((await texts()).filter((text) => text.includes("small cats"))).toEqual([]);

  const second = await start();
  // Telegram brings what was not confirmed again; here, what was confirmed too.
  expect((await arrives(second, question)).status).toBe(200);
  await until("the reply", async () => ((await texts()).some((text) => text.includes("small cats")) ? true : null), 120_000);
  expect((await texts()).filter((text) => text.includes("small cats"))).toEqual(["They are small cats."]);
  expect(await model.requests()).toHaveLength(1);
});
