import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import type { OperationInput, OperationName, OperationOutput } from "../../src/agent/operations.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { freshId, TelegramTestBot } from "../support/telegram-client.ts";

async function ask<Name extends OperationName>(user: TestUser, name: Name, input: OperationInput<Name>): Promise<OperationOutput<Name>> {
  return unwrap(await user.stub.ask(user.caller, name, input)) as OperationOutput<Name>;
}

const add = (user: TestUser, change: Partial<OperationInput<"schedule.add">> = {}) =>
  ask(user, "schedule.add", { when: "0 9 * * *", action: { kind: "text", text: "Call mum" }, missed: "once", time_zone: null, ...change });

/** Its time has come a moment ago. */
const due = (user: TestUser, id: string) =>
  runInDurableObject(user.object, (_agent, { storage }) => {
    const spec = JSON.stringify({ kind: "once", at: Date.now() - 1 });
    storage.sql.exec("UPDATE schedule SET spec = ?, next_at = ? WHERE id = ?", spec, Date.now() - 1, id);
  });

/** The object is woken for its schedules. */
async function wake(user: TestUser): Promise<void> {
  await runInDurableObject(user.object, (agent) =>
    agent.lifecycle.jobs.push({ id: "schedule", fn: "schedule", time: Date.now() }).then(() => undefined),
  );
  await runDurableObjectAlarm(user.object);
}

const said = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 })).messages.map(({ role, text }) => `${role}: ${text}`);

describe("UserAgent", () => {
  test("plans its alarm for the earliest schedule, and tells a reminder once under repeated alarms", async () => {
    const user = await testUser();
    const soon = Date.now() + 90_000;
    const made = await add(user, { when: new Date(soon).toISOString() });
    const planned = () => runInDurableObject(user.object, (agent) => Promise.resolve(agent.lifecycle.jobs.get("schedule")?.time ?? null));
    await expect.poll(planned).toBe(made.next_at);
    await due(user, made.id);
    for (let n = 0; n < 3; n++) await wake(user);
    await expect.poll(() => said(user)).toEqual(["assistant: Call mum"]);
    expect(await ask(user, "schedule.get", made.id)).toMatchObject({ status: "ended", runs: 1, last_outcome: "told" });
    expect(await ask(user, "schedule.runs", { id: made.id, limit: 5 })).toMatchObject([{ outcome: "told", manual: false }]);
  });

  test("answers a prompt of the user's by a turn that nobody waits for, with a stable key", async () => {
    const user = await testUser();
    await user.model.set([], { text: "All done." });
    const made = await add(user, { action: { kind: "prompt", prompt: "How is it going?", tier: null } });
    await due(user, made.id);
    await wake(user);
    await expect.poll(() => said(user)).toEqual(["user: How is it going?", "assistant: All done."]);
    await wake(user);
    expect(await user.model.requests()).toHaveLength(1);
  });

  test("tells a reminder in the Telegram chat where it was made, once", async () => {
    const user = await testUser();
    const bot = await new TelegramTestBot(env.TELEGRAM_SERVER).create();
    const person = { id: freshId(), first_name: "Ada" };
    await bot.open(person);
    unwrap(await user.stub.putSecret(user.caller, `telegram:${bot.id}`, bot.token));
    const identity = `telegram:${bot.id}:${person.id}`;
    await user.stub.linkIdentity(user.id, identity);
    const message = httpMessage("/remind call mum tomorrow at 17:00", {
      channel: "telegram",
      route: `telegram:${bot.id}`,
      replyTo: { channel: "telegram", bot: String(bot.id), chatId: person.id, messageId: 1 },
    });
    unwrap(await user.stub.receive({ ...user.caller, via: "channel", authVersion: 0 }, message, identity));
    const seen = async () => (await bot.seen(person.id)).map(({ text }) => text);
    await expect.poll(seen).toEqual([expect.stringContaining("I will remind you")]);
    const [made] = await ask(user, "schedule.list", { state: "current", limit: 5 });
    expect(made).toMatchObject({ channel: "telegram", author: "user" });
    await due(user, made?.id ?? "");
    for (let n = 0; n < 3; n++) await wake(user);
    await expect.poll(seen).toHaveLength(2);
    expect((await seen()).at(-1)).toBe("call mum");
  });

  test("parks what an unattended turn of a schedule asks, and goes on without", async () => {
    const user = await testUser();
    await user.model.set([{ toolCalls: [{ name: "change_settings", input: { persona: "rude" } }] }], { text: "I asked you." });
    const made = await add(user, { action: { kind: "prompt", prompt: "Be rude from now on", tier: null } });
    await due(user, made.id);
    await wake(user);
    await expect.poll(() => said(user)).toContain("assistant: I asked you.");
    expect(unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 })).approvals).toMatchObject([
      { tool: "change_settings" },
    ]);
  });

  test("counts next times anew when the user's time zone changes, whoever learns of it", async () => {
    const user = await testUser();
    await user.stub.updateSettings(user.caller, { timeZone: "Europe/Oslo" });
    const { id } = await add(user);
    const hour = async (zone: string) => {
      const { next_at } = await ask(user, "schedule.get", id);
      return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(next_at ?? 0);
    };
    expect(await hour("Europe/Oslo")).toBe("09:00");
    await user.stub.updateSettings(user.caller, { timeZone: "Asia/Tokyo" });
    expect(await hour("Asia/Tokyo")).toBe("09:00");
    expect((await ask(user, "schedule.get", id)).described).toContain("(Asia/Tokyo)");
    await user.stub.updateSettings(user.caller, { timeZone: null });
    await user.stub.receive(
      user.caller,
      httpMessage("/status", { channel: "web", replyTo: { channel: "web" }, timeZone: "America/New_York" }),
    );
    expect(await hour("America/New_York")).toBe("09:00");
  });

  test("begins nothing while its user is suspended, and what was missed when they are back", async () => {
    const user = await testUser();
    const made = await add(user);
    await due(user, made.id);
    const access = {
      authVersion: 2,
      role: "user" as const,
      suspended: true,
      email: "",
      name: "",
      dayCapMicroUsd: null,
      monthCapMicroUsd: null,
    };
    await user.stub.setAccess(user.id, access);
    await wake(user);
    await user.stub.setAccess(user.id, { ...access, suspended: false, authVersion: 3 });
    user.caller = { ...user.caller, authVersion: 3 };
    await expect.poll(() => said(user)).toEqual(["assistant: Call mum"]);
  });

  test("makes reminders by command and by tool, takes them back, and forgets their words", async () => {
    const user = await testUser();
    const command = async (text: string) => unwrap(await user.stub.converse(user.caller, httpMessage(text), 20_000)).reply;
    expect(await command("/remind feed the quokka tomorrow at 17:00")).toMatch(
      /^I will remind you once, \w+day \d+ \w+ \d{4}, 17:00 \(UTC\): \*\*feed the quokka\*\*\. It is number 1\.$/u,
    );
    expect(await command("/schedule")).toContain("**1** feed the quokka");
    await user.model.set([{ toolCalls: [{ name: "schedule", input: { when: "every day at 8", what: "Say hello", kind: "prompt" } }] }], {
      text: "I will.",
    });
    expect(await command("say hello every day at 8")).toBe("I will.");
    expect(await ask(user, "schedule.list", { state: "current", limit: 10 })).toMatchObject([
      { number: 2, author: "agent", action: { kind: "prompt", prompt: "Say hello", tier: null } },
      { number: 1, author: "user" },
    ]);
    expect(await command("/undo")).toContain("Took back schedule 2");
    expect(await command("/undo")).toContain("Took back schedule 1");
    expect(await ask(user, "schedule.list", { state: "all", limit: 10 })).toEqual([]);
    const memory = await ask(user, "memory.add", {
      text: "feed the quokka",
      kind: "fact",
      about_at: null,
      expires_at: null,
      pinned: false,
    });
    await ask(user, "memory.forget", memory.id);
    const left = await runInDurableObject(user.object, (_agent, { storage }) =>
      storage.sql.exec("SELECT title, text, said FROM schedule WHERE seq = 1").one(),
    );
    expect(JSON.stringify(left)).not.toContain("quokka");
  });
});
