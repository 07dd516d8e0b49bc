import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { freshId, type Person, TelegramTestBot } from "./telegram-client.ts";
import { startTelegramServer, type TelegramServer } from "./telegram-server.ts";

let server: TelegramServer;
let bot: TelegramTestBot;
let ana: Person;
beforeAll(async () => {
  server = await startTelegramServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  bot = await new TelegramTestBot(server.url).create();
  ana = { id: freshId(), first_name: "Ana" };
  await bot.open(ana);
});

async function call(method: string, params: Record<string, unknown> = {}, token = bot.token): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  const body = await response.json<Record<string, unknown>>();
  if (body.ok === false) expect(body.error_code).toBe(response.status);
  return body;
}
const refusal = async (method: string, params: Record<string, unknown>) => (await call(method, params)).description;
const bold = (offset: number, length: number) => ({ type: "bold", offset, length });

describe("the strict Bot API server", () => {
  test.each([
    ["no text", {}, "Bad Request: message text is empty"],
    ["a blank text", { text: " \n" }, "Bad Request: message text is empty"],
    ["a long text", { text: "x".repeat(4097) }, "Bad Request: message is too long"],
    ["half a character", { text: "\ud83d" }, "Bad Request: strings must be encoded in UTF-8"],
    ["an unknown parameter", { text: "x", reply_to: 1 }, "Bad Request: invalid parameters: sendMessage.reply_to is not known"],
    ["a wrong type", { text: 5 }, "Bad Request: invalid parameters: sendMessage.text must be a string"],
    [
      "a wrong type inside",
      { text: "x", entities: [{ type: "bold", offset: "0", length: 1 }] },
      /entities\[0\]\.offset must be a whole number/,
    ],
    [
      "an entity past the end",
      { text: "ab", entities: [bold(1, 2)] },
      /entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 3/,
    ],
    ["an entity that begins past the end", { text: "ab", entities: [bold(3, 1)] }, /entity begins after the end of the text/],
    ["a negative offset", { text: "ab", entities: [bold(-1, 1)] }, /incorrect offset -1/],
    ["an entity that begins inside a character", { text: "👉", entities: [bold(1, 1)] }, /entity begins in a middle of a UTF-16 symbol/],
    [
      "an entity that ends inside a character",
      { text: "👉", entities: [bold(0, 1)] },
      /offset 0 ends in a middle of a UTF-16 symbol at byte offset/,
    ],
    ["an unknown entity", { text: "a", entities: [{ type: "loud", offset: 0, length: 1 }] }, /unsupported entity type/],
    [
      "long callback data",
      { text: "x", reply_markup: { inline_keyboard: [[{ text: "a", callback_data: "x".repeat(65) }]] } },
      "Bad Request: BUTTON_DATA_INVALID",
    ],
    ["an answer to nothing", { text: "x", reply_parameters: { message_id: 9999 } }, "Bad Request: message to be replied not found"],
  ])("refuses %s", async (_, params, description) => {
    const given = await refusal("sendMessage", { chat_id: ana.id, ...params });
    if (typeof description === "string") expect(given).toBe(description);
    else expect(given).toMatch(description);
    expect(await bot.seen(ana.id)).toEqual([]);
  });

  test("refuses calls of the wrong bot, method and chat", async () => {
    expect(await call("getMe", {}, "1:not-a-bot")).toEqual({ ok: false, error_code: 401, description: "Unauthorized" });
    expect(await call("makeCoffee")).toEqual({ ok: false, error_code: 404, description: "Not Found" });
    expect(await refusal("sendMessage", { text: "x" })).toBe("Bad Request: chat_id is empty");
    expect(await refusal("sendMessage", { chat_id: 1, text: "x" })).toBe("Bad Request: chat not found");
    await bot.open(ana, "blocked");
    expect(await call("sendMessage", { chat_id: ana.id, text: "x" })).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot was blocked by the user",
    });
    expect(await refusal("sendPhoto", { chat_id: ana.id, photo: "a", caption: "x".repeat(1025) })).toBe(
      "Bad Request: message caption is too long",
    );
  });

  test("keeps, edits and deletes messages as the person sees them", async () => {
    const sent = await call("sendMessage", { chat_id: ana.id, text: "one " });
    const id = Number(Reflect.get(Object(sent.result), "message_id"));
    expect(await refusal("editMessageText", { chat_id: ana.id, message_id: id, text: "one" })).toMatch(
      /^Bad Request: message is not modified: /,
    );
    expect(await refusal("editMessageText", { chat_id: ana.id, message_id: id + 50, text: "x" })).toBe(
      "Bad Request: message to edit not found",
    );
    expect(await call("editMessageText", { chat_id: ana.id, message_id: id, text: "two" })).toMatchObject({ ok: true });
    expect(await bot.seen(ana.id)).toMatchObject([{ text: "two", edits: 1 }]);
    expect(await call("deleteMessage", { chat_id: ana.id, message_id: id })).toEqual({ ok: true, result: true });
    expect(await bot.seen(ana.id)).toEqual([]);
    const theirs = await bot.says(ana, "mine");
    const theirId = Reflect.get(Object(theirs.message), "message_id");
    expect(await refusal("editMessageText", { chat_id: ana.id, message_id: theirId, text: "x" })).toBe(
      "Bad Request: message can't be edited",
    );
  });

  test("notes what Telegram would change without a word", async () => {
    const many = Array.from({ length: 101 }, (_, index) => bold(index * 2, 1));
    await call("sendMessage", { chat_id: ana.id, text: "x ".repeat(101).trim(), entities: many });
    await call("sendMessage", { chat_id: ana.id, text: "abcd", entities: [bold(0, 3), { type: "italic", offset: 2, length: 2 }] });
    await call("sendMessage", { chat_id: ana.id, text: "abcd", entities: [{ type: "code", offset: 0, length: 4 }, bold(1, 1)] });
    await call("sendMessage", { chat_id: ana.id, text: "ab cd", entities: [bold(0, 3)] });
    expect((await bot.view()).warnings).toEqual([
      "1 entities past the first 100 are dropped",
      "bold and italic overlap in part",
      "bold within code",
      "white space at the edge of bold is cut off",
    ]);
  });

  test("makes the faults that a test asks for", async () => {
    await bot.fail({ method: "sendMessage", error: { code: 429, description: "Too Many Requests: retry after 5", retryAfter: 5 } });
    await bot.fail({ method: "getMe", drop: "before" });
    expect(await call("sendMessage", { chat_id: ana.id, text: "x" })).toEqual({
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 5",
      parameters: { retry_after: 5 },
    });
    await expect(call("getMe")).rejects.toThrow("fetch failed");
    expect(await call("getMe")).toMatchObject({ ok: true, result: { id: bot.id, is_bot: true } });
  });

  test("serves files, and refuses those over 20 MB", async () => {
    await bot.addFile("f1", new Uint8Array([1, 2, 3]), { path: "documents/a.bin" });
    await bot.addFile("f2", new Uint8Array([1]), { size: 20 * 1024 * 1024 + 1 });
    expect(await call("getFile", { file_id: "f1" })).toMatchObject({ result: { file_path: "documents/a.bin", file_size: 3 } });
    expect(await refusal("getFile", { file_id: "f2" })).toBe("Bad Request: file is too big");
    expect(await refusal("getFile", { file_id: "nope" })).toBe("Bad Request: wrong file_id or the file is temporarily unavailable");
    const file = await fetch(`${server.url}/file/bot${bot.token}/documents/a.bin`);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    expect((await fetch(`${server.url}/file/bot1:x/documents/a.bin`)).status).toBe(404);
  });

  test("keeps the webhook and the command list, and takes forms as well as JSON", async () => {
    expect(await refusal("setWebhook", { url: "https://a.example/w", secret_token: "not allowed!" })).toBe(
      "Bad Request: secret token contains unallowed characters",
    );
    expect(await refusal("setMyCommands", { commands: [{ command: "Bad", description: "x" }] })).toBe("Bad Request: BOT_COMMAND_INVALID");
    const form = new URLSearchParams({ url: "https://a.example/w", secret_token: "s", allowed_updates: '["message"]' });
    expect((await fetch(`${server.url}/bot${bot.token}/setWebhook`, { method: "POST", body: form })).status).toBe(200);
    expect((await bot.view()).webhook).toEqual({
      url: "https://a.example/w",
      secret_token: "s",
      allowed_updates: ["message"],
      drop_pending_updates: false,
    });
    await call("deleteWebhook");
    expect(await call("getWebhookInfo")).toMatchObject({ result: { url: "" } });
  });
});
