// Long because every test here needs the same deployment with its bot, and making one takes seconds.
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { botCommands } from "../../src/http/telegram/bot-commands.ts";
import { releaseBots } from "../../src/http/telegram/release-bots.ts";
import { type Client, codeOf, join, ORIGIN, setUp } from "../auth/client.ts";
import { freshId, freshToken, type Person, TelegramTestBot, type Update } from "../support/telegram-client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const SHARED = new TelegramTestBot(env.TELEGRAM_SERVER, env.TELEGRAM_BOT_TOKEN ?? "", "margay_test_bot");
let owner: Client;
let ana: Client & { id: string };
let bob: Client & { id: string };

beforeAll(async () => {
  await SHARED.create({ keep: true });
  owner = await setUp();
  [ana, bob] = [await join(owner, "Ana"), await join(owner, "Bob")];
  await owner.field("url", "POST", "/api/v1/telegram/shared/webhook");
});

const person = (name = "Ana"): Person => ({ id: freshId(), first_name: name, username: name.toLowerCase() });
const secretOf = async (bot: TelegramTestBot): Promise<string> => (await bot.view()).webhook?.secret_token ?? "";

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, secret: string | null): Promise<Response> {
  const headers = new Headers({ "content-type": "application/json" });
  if (secret !== null) headers.set("x-telegram-bot-api-secret-token", secret);
  return exports.default.fetch(`${ORIGIN}${path}`, { method: "POST", headers, body });
}
const deliver = async (bot: TelegramTestBot, update: unknown, name = "shared"): Promise<Response> =>
  post(`/webhooks/telegram/${name}`, JSON.stringify(update), await secretOf(bot));

/** Until it is as said, however slow the machine is. */
const settled = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

/** The bot's messages in a person's chat, once there are as many as that. */
async function seen(bot: TelegramTestBot, who: Person, count: number) {
  await settled(async () => expect((await bot.seen(who.id)).length).toBeGreaterThanOrEqual(count));
  return bot.seen(who.id);
}

/** Writes to the bot as a stranger and reads the code that comes back. */
async function codeFor(bot: TelegramTestBot, who: Person, name = "shared"): Promise<string> {
  const before = (await bot.seen(who.id)).length;
  expect((await deliver(bot, await bot.says(who, "hello"), name)).status).toBe(200);
  const text = (await seen(bot, who, before + 1)).at(-1)?.text ?? "";
  return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? `no code in: ${text}`;
}

async function paired(client: Client, bot = SHARED, name = "shared"): Promise<Person> {
  const who = person();
  const answer = await client.call("POST", "/api/v1/telegram/pair", { code: await codeFor(bot, who, name) });
  expect(answer).toMatchObject({ status: 200 });
  await seen(bot, who, 2);
  return who;
}

const history = async (client: Client) => {
  const body = (await client.call("GET", "/api/v1/messages?limit=200")).body;
  const messages: unknown = Reflect.get(Object(body), "messages");
  if (!Array.isArray(messages)) throw new Error("no messages");
  return messages.filter((message) => message.role === "user" && message.channel === "telegram");
};

describe("POST /webhooks/telegram/{bot}", () => {
  test("refuses a wrong, missing or foreign secret and an unknown bot with one body", async () => {
    const update = JSON.stringify(SHARED.update({}));
    const secret = await secretOf(SHARED);
    const answers = await Promise.all([
      post("/webhooks/telegram/shared", update, null),
      post("/webhooks/telegram/shared", update, ""),
      post("/webhooks/telegram/shared", update, `${secret.slice(0, -1)}_`),
      post("/webhooks/telegram/shared", update, "x".repeat(5000)),
      post("/webhooks/telegram/12345", update, secret),
      post("/webhooks/telegram/nonsense", update, secret),
      post(`/webhooks/telegram/${encodeURIComponent("../shared")}`, update, secret),
    ]);
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(bodies.size).toBe(1);
  });

  test.each([
    ["an empty body", ""],
    ["no JSON", "{"],
    ["broken UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
    ["deep JSON", "[".repeat(5000)],
    ["more than 1 MiB", `"${"x".repeat(1024 * 1024)}"`],
    ["null", "null"],
    ["an update of nothing", '{"update_id":1}'],
    ["a message that is none", '{"update_id":1,"message":{"message_id":"x"}}'],
  ])("takes %s with a 200, so that Telegram does not repeat it", async (_, body) => {
    expect((await post("/webhooks/telegram/shared", body, await secretOf(SHARED))).status).toBe(200);
  });

  test("gives a stranger a code and nothing else, once for several messages", async () => {
    const stranger = person("Mallory");
    const updates: Update[] = [
      await SHARED.says(stranger, "hi"),
      await SHARED.says(stranger, "/start abc"),
      await SHARED.says(stranger, "anyone?"),
    ];
    for (const update of updates) expect((await deliver(SHARED, update)).status).toBe(200);
    const messages = await seen(SHARED, stranger, 1);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.text).toMatch(/^Your pairing code is [0-9A-Z]{4}-[0-9A-Z]{4}\./);
    const stored = JSON.stringify((await env.DB.prepare("SELECT * FROM pairing_code").all()).results);
    expect(stored).not.toContain(/[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(messages[0]?.text ?? "")?.[0].replace("-", ""));
  });

  test("downloads nothing and answers no button for a stranger", async () => {
    const stranger = person("Mallory");
    await SHARED.addFile("stranger-file", new Uint8Array([1]));
    const document = { file_id: "stranger-file", file_unique_id: "x", file_name: "a.txt" };
    const before = (await SHARED.view()).calls.length;
    await deliver(SHARED, await SHARED.sends(stranger, { document }));
    await deliver(SHARED, await SHARED.presses(stranger));
    await seen(SHARED, stranger, 1);
    const methods = (await SHARED.view()).calls
      .slice(before)
      .filter((call) => call.params.chat_id === stranger.id || call.method !== "sendMessage");
    expect(methods.map(({ method }) => method)).toEqual(["sendMessage"]);
  });

  test("hands a linked sender's message to their own agent, once for five deliveries", async () => {
    const who = await paired(ana);
    const update = await SHARED.says(who, "naughty ' \" \\ 👩‍👩‍👧 \u202e text");
    for (let time = 0; time < 5; time++) expect((await deliver(SHARED, update)).status).toBe(200);
    const mine = await history(ana);
    expect(mine.filter((message) => message.text === "naughty ' \" \\ 👩‍👩‍👧 \u202e text")).toHaveLength(1);
    expect(await history(bob)).toEqual([]);
  });

  test("keeps a linked sender's file among the user's uploads and names it in the message", async () => {
    const who = await paired(ana);
    const bytes = new TextEncoder().encode("the plan");
    await SHARED.addFile("plan", bytes);
    const document = {
      file_id: "plan",
      file_unique_id: "plan-unique",
      file_name: "../my plan\u202e.txt",
      mime_type: "text/plain",
      file_size: bytes.length,
    };
    const update = await SHARED.sends(who, { document, caption: "read this" });
    for (let time = 0; time < 2; time++) expect((await deliver(SHARED, update)).status).toBe(200);
    const [message] = (await history(ana)).filter(({ text }) => text === "read this");
    const { file } = message.content[0];
    expect(file).toMatchObject({ name: "my plan.txt", mime: "text/plain", size: bytes.length });
    expect(file.key).toMatch(new RegExp(`^u/${ana.id}/uploads/\\d{4}-\\d{2}/[0-9a-f]{16}$`));
    expect(await (await env.FILES.get(file.key))?.text()).toBe("the plan");
    expect((await SHARED.view()).calls.filter(({ method, params }) => method === "getFile" && params.file_id === "plan")).toHaveLength(1);
  });

  test("says when a file is too big or cannot be fetched, and stores nothing of it", async () => {
    const who = await paired(ana);
    const files = async () => (await env.FILES.list({ prefix: `u/${ana.id}/` })).objects.length;
    const before = await files();
    const big = { file_id: "big", file_unique_id: "big", file_name: "film.mkv", file_size: 20 * 1024 * 1024 + 1 };
    await deliver(SHARED, await SHARED.sends(who, { document: big }));
    expect((await seen(SHARED, who, 3)).at(-1)?.text).toMatch(/“film.mkv” is too big.* 20 MB.*under Files.*up to 50 MiB/u);
    await deliver(SHARED, await SHARED.sends(who, { document: { file_id: "gone", file_unique_id: "gone", file_name: "gone.txt" } }));
    expect((await seen(SHARED, who, 4)).at(-1)?.text).toContain("“gone.txt” could not be fetched");
    // What is only kept is not said to be, where it was not.
    await deliver(SHARED, await SHARED.sends(who, { video: { ...big, duration: 5000 } }));
    const said = (await seen(SHARED, who, 5)).at(-1)?.text;
    expect(said).toContain("“film.mkv” is too big");
    expect(said).not.toContain("kept");
    // Sending it again would be in vain.
    expect(said).toContain("I could not have heard or seen it either");
    expect(await files()).toBe(before);
  });

  test("answers a voice note and a button of a linked sender", async () => {
    const who = await paired(ana);
    await SHARED.addFile("v", new Uint8Array(5));
    const update = await SHARED.sends(who, { voice: { file_id: "v", file_unique_id: "v", duration: 3 } });
    expect((await deliver(SHARED, update)).status).toBe(200);
    expect((await seen(SHARED, who, 3)).at(-1)?.text).toMatch(/voice is not set up/);
    expect((await ana.call("GET", "/api/v1/workspace?path=/uploads&search=voice-*.ogg")).body).toMatchObject({
      files: [{ mime: "audio/ogg", size: 5, untrusted: "a file that came with a message" }],
    });
    const pressed = await SHARED.presses(who);
    await deliver(SHARED, pressed);
    const id = Reflect.get(Object(pressed.callback_query), "id");
    await settled(async () => expect((await SHARED.view()).answered_callbacks).toContain(id));
  });

  describe("with a card of an approval", () => {
    /** Asks Ana, in her chat, for a yes to a to-do; gives the data of the card's buttons by their text. */
    async function card(title: string): Promise<{ who: Person; buttons: Map<string, string> }> {
      const who = await paired(ana);
      await ana.field("tier", "PATCH", "/api/v1/settings", { tools: { add_todo: "ask" } });
      await deliver(SHARED, await SHARED.says(who, `add task: ${title}`));
      const sent = async () =>
        (await SHARED.view()).calls.findLast(
          ({ method, params }) => method === "sendMessage" && Number(params.chat_id) === who.id && params.reply_markup !== undefined,
        );
      await settled(async () => expect(await sent()).toBeDefined());
      const markup: unknown = (await sent())?.params.reply_markup;
      const rows: unknown = Reflect.get(Object(typeof markup === "string" ? JSON.parse(markup) : markup), "inline_keyboard");
      const buttons = z.array(z.array(z.object({ text: z.string(), callback_data: z.string().max(64) }))).parse(rows);
      return { who, buttons: new Map(buttons.flat().map(({ text, callback_data }) => [text, callback_data])) };
    }
    const todos = async () => JSON.stringify((await ana.call("GET", "/api/v1/todos")).body);
    const stateOf = async (data: string) => ana.field("state", "GET", `/api/v1/approvals/${data.split(":")[1] ?? ""}`);
    const press = async (who: Person, data: string, chat?: Record<string, unknown>) => {
      const update = await SHARED.presses(who, data, chat);
      expect((await deliver(SHARED, update)).status).toBe(200);
      return String(Reflect.get(Object(update["callback_query"]), "id"));
    };

    test("a button approves once, whoever presses it again, and the card tells how it ended", async () => {
      const { who, buttons } = await card("water the ferns");
      expect([...buttons.keys()]).toEqual(["Once", "For this task", "Always", "Deny", "Details"]);
      const once = buttons.get("Once") ?? "";
      const stranger = person("Mallory");
      await press(stranger, once);
      const eve = await paired(bob);
      await press(eve, once);
      await press(who, once, { id: -5, type: "group", title: "Team" });
      expect(await stateOf(once)).toBe("pending");
      await press(who, buttons.get("Details") ?? "");
      await settled(async () => expect((await SHARED.seen(who.id)).some(({ text }) => text.includes('"water the ferns"'))).toBe(true));
      const pressed = await Promise.all([press(who, once), press(who, once), press(who, buttons.get("Deny") ?? "")]);
      for (const id of pressed) await settled(async () => expect((await SHARED.view()).answered_callbacks).toContain(id));
      await settled(async () => expect(await stateOf(once)).toMatch(/done|denied/));
      const done = (await stateOf(once)) === "done";
      expect((await todos()).split("water the ferns").length - 1).toBe(done ? 1 : 0);
      // The card itself is edited: nothing is left to press.
      await settled(async () =>
        expect((await SHARED.seen(who.id)).some(({ text }) => text.startsWith(done ? "Done:" : "Denied:"))).toBe(true),
      );
    });

    test("a button of no meaning is answered and does nothing", async () => {
      const { who, buttons } = await card("feed the cat");
      const deny = buttons.get("Deny") ?? "";
      for (const data of ["x", "ap::o", "ap:nothing:o", `${deny}x`]) {
        const id = await press(who, data);
        await settled(async () => expect((await SHARED.view()).answered_callbacks).toContain(id));
      }
      expect(await stateOf(deny)).toBe("pending");
      await press(who, deny);
      await settled(async () => expect(await stateOf(deny)).toBe("denied"));
      expect(await todos()).not.toContain("feed the cat");
    });
  });

  test("says in a group, once a minute, that it only talks in private", async () => {
    const chat = { id: -freshId(), type: "group", title: "Team" };
    await SHARED.openGroup(chat.id);
    const from = { is_bot: false, ...person("Carl") };
    for (let message = 1; message <= 3; message++)
      await deliver(SHARED, SHARED.update({ message: { message_id: message, date: 1, chat, from, text: "hey @margay_test_bot" } }));
    await settled(async () =>
      expect((await SHARED.seen(chat.id)).map(({ text }) => text)).toEqual(["I only talk in private chats. Please write to me directly."]),
    );
  });

  test("answers 503 when D1 is down, and takes the same update afterwards", async () => {
    const who = await paired(bob);
    // A file makes the lookup fresh, so that the sender this isolate remembers does not help.
    const photo = [{ file_id: "p", file_unique_id: "p", width: 1, height: 1 }];
    const update = await SHARED.sends(who, { photo, caption: "while down" });
    await SHARED.addFile("p", new Uint8Array([1, 2]));
    await env.DB.prepare("ALTER TABLE identity RENAME TO identity_away").run();
    try {
      expect((await deliver(SHARED, update)).status).toBe(503);
    } finally {
      await env.DB.prepare("ALTER TABLE identity_away RENAME TO identity").run();
    }
    expect((await deliver(SHARED, update)).status).toBe(200);
    expect((await history(bob)).filter(({ text }) => text === "while down")).toHaveLength(1);
  });
});

describe("pairing", () => {
  test("shows who a code is from, then links them, and the bot says hello", async () => {
    const who = { ...person("Zoe"), last_name: "Quinn" };
    const code = await codeFor(SHARED, who);
    const shown = await bob.call("POST", "/api/v1/telegram/pair/lookup", { code: code.toLowerCase().replace("-", " ") });
    expect(shown).toMatchObject({ status: 200, body: { name: "Zoe Quinn (@zoe)", bot: "shared", bot_username: "margay_test_bot" } });
    const linked = await bob.call("POST", "/api/v1/telegram/pair", { code });
    expect(linked).toMatchObject({ status: 200, body: { id: `telegram:shared:${who.id}`, label: "Zoe Quinn (@zoe)", bot: "shared" } });
    expect((await seen(SHARED, who, 2)).at(-1)?.text).toMatch(/^Hello!/);
    expect((await bob.call("GET", "/api/v1/telegram")).body).toMatchObject({
      shared: { configured: true, username: "margay_test_bot", link: "https://t.me/margay_test_bot" },
      identities: expect.arrayContaining([expect.objectContaining({ id: `telegram:shared:${who.id}` })]),
    });
    expect(await ana.call("POST", "/api/v1/telegram/pair", { code })).toMatchObject({ status: 404 });
  });

  test("gives one code to one of two that use it together", async () => {
    const code = await codeFor(SHARED, person());
    const answers = await Promise.all([
      ana.call("POST", "/api/v1/telegram/pair", { code }),
      bob.call("POST", "/api/v1/telegram/pair", { code }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    await env.DB.prepare("DELETE FROM attempt").run();
  });

  test("refuses what is no code and an expired one alike, and stops after ten tries", async () => {
    const code = await codeFor(SHARED, person());
    await env.DB.prepare("UPDATE pairing_code SET expires_at = 1").run();
    const expired = await bob.call("POST", "/api/v1/telegram/pair", { code });
    const wrong = await bob.call("POST", "/api/v1/telegram/pair/lookup", { code: "nonsense" });
    expect([expired.status, wrong.status]).toEqual([404, 404]);
    expect(expired.body).toEqual(wrong.body);
    const codes: unknown[] = [];
    for (let time = 0; time < 10; time++) codes.push(codeOf(await bob.call("POST", "/api/v1/telegram/pair", { code: "AAAA2222" })));
    expect(codes.filter((given) => given === "rate_limited")).toHaveLength(2);
    await env.DB.prepare("DELETE FROM attempt").run();
  });

  test("unlinks at once: the agent hears nothing more, and the sender is a stranger again", async () => {
    const who = await paired(ana);
    expect((await deliver(SHARED, await SHARED.says(who, "before"))).status).toBe(200);
    const id = encodeURIComponent(`telegram:shared:${who.id}`);
    expect(await bob.call("DELETE", `/api/v1/telegram/identities/${id}`)).toMatchObject({ status: 404 });
    expect(await ana.call("DELETE", `/api/v1/telegram/identities/${id}`)).toMatchObject({ status: 204 });
    await env.DB.prepare("DELETE FROM attempt").run();
    expect((await deliver(SHARED, await SHARED.says(who, "after the end"))).status).toBe(200);
    expect((await history(ana)).map(({ text }) => text)).not.toContain("after the end");
  });

  test("notices an unlinking that this isolate did not see, by the object's refusal", async () => {
    const who = await paired(ana);
    expect((await deliver(SHARED, await SHARED.says(who, "remembered"))).status).toBe(200);
    await env.USER_AGENT.getByName(ana.id).unlinkIdentity(ana.id, `telegram:shared:${who.id}`);
    expect((await deliver(SHARED, await SHARED.says(who, "no longer mine"))).status).toBe(200);
    expect((await history(ana)).map(({ text }) => text)).not.toContain("no longer mine");
  });
});

describe("a bot of one's own", () => {
  const owned = async (client: Client) => {
    const bot = await new TelegramTestBot(env.TELEGRAM_SERVER, freshToken(), "anas_own_bot").create();
    expect(await client.call("PUT", "/api/v1/telegram/bot", { token: bot.token })).toMatchObject({
      status: 200,
      body: { id: String(bot.id), username: "anas_own_bot", link: "https://t.me/anas_own_bot" },
    });
    return bot;
  };

  test("is checked, pointed here with a secret of its own and the command list, and shown without its token", async () => {
    const bot = await owned(ana);
    const { webhook, commands } = await bot.view();
    expect(webhook).toMatchObject({ url: `${ORIGIN}/webhooks/telegram/${bot.id}`, drop_pending_updates: false });
    expect(webhook?.allowed_updates).toContain("my_chat_member");
    expect(webhook?.secret_token).not.toBe(await secretOf(SHARED));
    expect(commands.map(({ command }) => command)).toEqual(
      expect.arrayContaining(["start", "help", "new", "status", "cancel", "model", "whoami"]),
    );
    const shown = JSON.stringify((await ana.call("GET", "/api/v1/telegram")).body);
    expect(shown).toContain(String(bot.id));
    expect(shown).not.toContain(bot.token.split(":")[1]);
  });

  test("pairs with its owner only", async () => {
    const bot = await owned(ana);
    const stranger = person("Bob");
    const code = await codeFor(bot, stranger, String(bot.id));
    expect(await bob.call("POST", "/api/v1/telegram/pair/lookup", { code })).toMatchObject({ status: 404 });
    expect(await bob.call("POST", "/api/v1/telegram/pair", { code })).toMatchObject({ status: 404 });
    const who = await paired(ana, bot, String(bot.id));
    expect((await deliver(bot, await bot.says(who, "through my own bot"), String(bot.id))).status).toBe(200);
    expect((await history(ana)).map(({ text }) => text)).toContain("through my own bot");
    await env.DB.prepare("DELETE FROM attempt").run();
  });

  test("stays with the user who has it", async () => {
    const bot = await owned(ana);
    expect(await bob.call("PUT", "/api/v1/telegram/bot", { token: bot.token })).toMatchObject({ status: 409 });
    expect(await bob.call("DELETE", `/api/v1/telegram/bot/${bot.id}`)).toMatchObject({ status: 404 });
    expect(await ana.call("PUT", "/api/v1/telegram/bot", { token: SHARED.token })).toMatchObject({ status: 409 });
  });

  test("leaves nothing behind when Telegram does not take the token or the webhook", async () => {
    expect(await ana.call("PUT", "/api/v1/telegram/bot", { token: "not a token" })).toMatchObject({ status: 400 });
    const unknown = await ana.call("PUT", "/api/v1/telegram/bot", { token: freshToken() });
    expect(unknown).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining("does not know this token") } } });
    const bot = await new TelegramTestBot(env.TELEGRAM_SERVER).create();
    await bot.fail({ method: "setWebhook", error: { code: 400, description: "Bad Request: bad webhook: Failed to resolve host" } });
    expect(await ana.call("PUT", "/api/v1/telegram/bot", { token: bot.token })).toMatchObject({ status: 400 });
    expect(JSON.stringify((await ana.call("GET", "/api/v1/telegram")).body)).not.toContain(String(bot.id));
    expect(await env.USER_AGENT.getByName(ana.id).channelSecret(ana.id, `telegram:${bot.id}`)).toBeNull();
  });

  test("is gone with its webhook, token and links when it is removed", async () => {
    const bot = await owned(bob);
    const name = String(bot.id);
    const who = await paired(bob, bot, name);
    const secret = await secretOf(bot);
    expect(await bob.call("DELETE", `/api/v1/telegram/bot/${name}`)).toMatchObject({ status: 204 });
    expect((await bot.view()).webhook).toBeNull();
    expect(await env.USER_AGENT.getByName(bob.id).channelSecret(bob.id, `telegram:${name}`)).toBeNull();
    expect(JSON.stringify((await bob.call("GET", "/api/v1/telegram")).body)).not.toContain(name);
    expect((await post(`/webhooks/telegram/${name}`, JSON.stringify(await bot.says(who, "x")), secret)).status).toBe(401);
  });
});

test("releaseBots() takes the webhooks of a user's bots away, also when Telegram refuses one", async () => {
  const bots = await Promise.all([1, 2].map(() => new TelegramTestBot(env.TELEGRAM_SERVER, freshToken(), "carls_bot").create()));
  const carl = await join(owner, "Carl");
  for (const bot of bots) await carl.field("id", "PUT", "/api/v1/telegram/bot", { token: bot.token });
  const [refusing, other] = bots;
  await refusing?.fail({ method: "deleteWebhook", error: { code: 500, description: "Internal Server Error" } });
  await releaseBots(env, carl.id);
  expect((await refusing?.view())?.webhook).not.toBeNull();
  expect((await other?.view())?.webhook).toBeNull();
});

describe("the shared bot's webhook", () => {
  test("is set by the owner's first look at the page over https, and not again", async () => {
    await env.DB.prepare("DELETE FROM deployment WHERE key = 'telegram:shared-webhook'").run();
    const sets = async () => (await SHARED.view()).calls.filter(({ method }) => method === "setWebhook").length;
    const before = await sets();
    await ana.call("GET", "/api/v1/telegram");
    expect(await sets()).toBe(before);
    await owner.call("GET", "/api/v1/telegram");
    await owner.call("GET", "/api/v1/telegram");
    expect(await sets()).toBe(before + 1);
    expect((await SHARED.view()).webhook?.url).toBe(`${ORIGIN}/webhooks/telegram/shared`);
  });

  test("is the owner's to set", async () => {
    expect(await ana.call("POST", "/api/v1/telegram/shared/webhook")).toMatchObject({ status: 403 });
  });
});

test("botCommands() keeps what Telegram takes", () => {
  const long = "d".repeat(300);
  expect(
    botCommands([
      { name: "ok_1", description: "x" },
      { name: "with-hyphen", description: "x" },
      { name: "Not-ok", description: "x" },
      { name: "empty", description: " " },
      { name: "long", description: long },
    ]),
  ).toEqual([
    { command: "ok_1", description: "x" },
    { command: "with_hyphen", description: "x" },
    { command: "long", description: `${"d".repeat(255)}…` },
  ]);
});
