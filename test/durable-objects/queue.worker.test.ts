import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";

const WEB = { channel: "web" as const, replyTo: { channel: "web" as const }, route: "socket" };

const say = async ({ stub, caller }: TestUser, text: string, change: Parameters<typeof httpMessage>[1] = {}) =>
  unwrap(await stub.receive(caller, httpMessage(text, change)));

const lastBody = async (user: TestUser) => JSON.stringify((await user.model.requests()).at(-1)?.body);

/** Lets the first answer go on, which was held so that what comes meanwhile waits. */
async function release(user: TestUser): Promise<void> {
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await user.model.release();
}

/** A connection of the page, as the Worker opens it. */
async function page(user: TestUser): Promise<WebSocket> {
  const response = await user.object.fetch("https://agent/socket", {
    headers: { upgrade: "websocket", "x-margay-caller": JSON.stringify({ ...user.caller, via: "session" }) },
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`no socket: ${response.status}`);
  socket.accept();
  return socket;
}

test("UserAgent answers messages from before and after /new each in their own conversation", async () => {
  const user = await testUser();
  await user.model.set([{ text: "first", holdAfter: 0 }, { text: "old" }, { text: "fresh" }]);
  await say(user, "a", WEB);
  const before = await say(user, "before", WEB);
  await say(user, "/new", WEB);
  const after = await say(user, "after", WEB);
  await release(user);
  expect(unwrap(await user.stub.outcome(user.caller, before.messageId, 20_000)).reply).toBe("old");
  expect(unwrap(await user.stub.outcome(user.caller, after.messageId, 20_000)).reply).toBe("fresh");
  expect(await lastBody(user)).toContain('"after"');
});

test("UserAgent, told another wording of an old message while a newer one is answered, stops that answer and keeps what waits", async () => {
  const user = await testUser();
  await user.model.set([{ text: "one" }, { text: "stale", holdAfter: 0 }], { text: "again" });
  const first = await say(user, "original wording", WEB);
  await user.stub.outcome(user.caller, first.messageId, 20_000);
  const running = await say(user, "second question", WEB);
  await expect.poll(async () => (await user.model.requests()).length).toBe(2);
  const waiting = await say(user, "from elsewhere");
  const socket = await page(user);
  socket.send(JSON.stringify({ type: "edit", id: "edit-1", message_id: first.messageId, text: "new wording" }));
  await expect.poll(async () => unwrap(await user.stub.messages(user.caller, { limit: 50, search: "wording" })).messages.length).toBe(2);
  expect(unwrap(await user.stub.outcome(user.caller, running.messageId, 20_000)).status).toBe("cancelled");
  expect(unwrap(await user.stub.outcome(user.caller, waiting.messageId, 20_000)).reply).toBe("again");
  await expect.poll(async () => (await user.model.requests()).length).toBe(4);
  const asked = (await user.model.requests()).map((request) => JSON.stringify(request.body));
  expect(asked[2]).toContain("from elsewhere");
  expect(asked[2]).not.toContain("second question");
  expect(asked[3]).toContain("new wording");
  expect(asked[3]).not.toContain("original wording");
  socket.close();
});

test("UserAgent replaces the text of a message that still waits when the page edits it", async () => {
  const user = await testUser();
  await user.model.set([{ text: "first", holdAfter: 0 }], { text: "ok" });
  await say(user, "a", WEB);
  const waiting = await say(user, "wrong words");
  const socket = await page(user);
  socket.send(JSON.stringify({ type: "edit", id: "edit-2", message_id: waiting.messageId, text: "right words" }));
  await expect.poll(async () => unwrap(await user.stub.messages(user.caller, { limit: 50, search: "right" })).messages.length).toBe(1);
  await release(user);
  expect(unwrap(await user.stub.outcome(user.caller, waiting.messageId, 20_000)).reply).toBe("ok");
  expect(await lastBody(user)).toContain("right words");
  expect(await lastBody(user)).not.toContain("wrong words");
  expect(await user.model.requests()).toHaveLength(2);
  socket.close();
});

test("UserAgent plans its upkeep when the page is all that is used", async () => {
  const user = await testUser();
  await user.model.set([], { text: "ok" });
  const socket = await page(user);
  socket.send(JSON.stringify({ type: "say", id: "say-1", text: "hello" }));
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await expect
    .poll(() => runInDurableObject(user.object, (agent) => ["upkeep", "tidy"].every((id) => agent.lifecycle.jobs.get(id) !== undefined)))
    .toBe(true);
  socket.close();
});

test("UserAgent answers a command once when it is the first thing that reaches it after a rest", async () => {
  for (const text of ["/whoami", "/task add once"]) {
    const user = await testUser();
    await evictDurableObject(user.object);
    await say(user, text);
    const shown = unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages;
    expect(shown.map((message) => message.role)).toEqual(["user", "assistant"]);
  }
});

test("UserAgent.follow() refuses a message that does not exist", async () => {
  const user = await testUser();
  expect(await user.stub.follow(user.caller, "nothing", 0)).toMatchObject({ ok: false, error: { code: "not_found" } });
});

test("UserAgent, waiting for a model that is away, does not count being woken meanwhile as having failed", async () => {
  const user = await testUser();
  await user.model.set([], { error: { status: 503, retryAfter: "600" } });
  const { messageId, turnId } = await say(user, "hi");
  const waits = () =>
    runInDurableObject(
      user.object,
      (_agent, state) => state.storage.sql.exec("SELECT name FROM step WHERE name LIKE 'wait:%'").toArray().length,
    );
  await expect.poll(waits).toBe(1);
  for (let woken = 0; woken < 22; woken++) {
    await evictDurableObject(user.object);
    await user.stub.settings(user.caller);
  }
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 0)).status).toBe("running");
  const attempt = await runInDurableObject(user.object, (_agent, state) =>
    state.storage.sql.exec("SELECT attempt FROM turn WHERE id = ?", turnId).one(),
  );
  expect(attempt).toEqual({ attempt: 1 });
  expect(unwrap(await user.stub.cancel(user.caller)).stopped).toBe(1);
}, 30_000);

test("UserAgent tells the queue what was spent again when it did not take it, and keeps its upkeep", async () => {
  const user = await testUser();
  await user.model.set([], { text: "ok" });
  unwrap(await user.stub.converse(user.caller, httpMessage("hello"), 20_000));
  await runInDurableObject(user.object, async (agent) => {
    const env: unknown = Reflect.get(agent, "env");
    if (typeof env !== "object" || env === null) throw new Error("no env");
    Reflect.set(agent, "env", { ...env, USAGE: { send: () => Promise.reject(new Error("Queue is overloaded")) } });
    const job = agent.lifecycle.jobs.get("upkeep");
    if (!job) throw new Error("no job");
    expect(await Reflect.get(agent, "onJob").call(agent, { job, attempt: 1 })).toMatchObject({ rescheduleAt: expect.any(Number) });
  });
});

test("UserAgent shows the model that a request was stopped, and does not ask it again with the next one", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 20_000 }, { text: "ok" }]);
  await say(user, "send it all");
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await user.stub.cancel(user.caller);
  unwrap(await user.stub.converse(user.caller, httpMessage("hello"), 20_000));
  expect(await lastBody(user)).toMatch(/send it all.*The user stopped this answer.*hello/);
});

test("UserAgent answers a command that fails by a fault of its own with a sentence, and is not held up by it afterwards", async () => {
  const user = await testUser();
  await runInDurableObject(user.object, (_agent, state) => {
    state.storage.sql.exec("ALTER TABLE usage_total RENAME TO usage_gone");
  });
  await say(user, "/status");
  const shown = unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages;
  expect(shown.map((message) => message.role)).toEqual(["user", "assistant"]);
  expect(shown[1]?.text).toContain("went wrong");
});

test("UserAgent.cancel() tells a webhook whose message waited that it was cancelled, as it promised", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 5_000 }]);
  await say(user, "running");
  const replyTo = { channel: "webhook", callbackUrl: "https://hooks.example.com/margay", requestId: "build-7" } as const;
  const { messageId } = await say(user, "waiting", { channel: "webhook", route: "POST /webhook", replyTo });
  expect(unwrap(await user.stub.cancel(user.caller))).toEqual({ stopped: 1, dropped: 1 });
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 0)).status).toBe("cancelled");
  const promised = await runInDurableObject(user.object, (_agent, { storage }) =>
    storage.sql
      .exec("SELECT outbox.target, message.status, message.text FROM outbox JOIN message ON message.id = outbox.message_id")
      .toArray(),
  );
  expect(promised).toEqual([{ target: JSON.stringify(replyTo), status: "cancelled", text: "" }]);
});

test("UserAgent ends a connection with the session or key that opened it, and neither tells it anything nor hears it after that", async () => {
  const user = await testUser();
  await user.model.set([], { text: "heard" });
  const open = async (expiresAt: number | null) => {
    const caller = JSON.stringify({ ...user.caller, via: "api_key", expiresAt });
    const { webSocket } = await user.object.fetch("https://agent/socket", { headers: { upgrade: "websocket", "x-margay-caller": caller } });
    if (!webSocket) throw new Error("no socket");
    webSocket.accept();
    const frames: unknown[] = [];
    const closed = new Promise<number>((resolve) => webSocket.addEventListener("close", ({ code }) => resolve(code)));
    webSocket.addEventListener("message", ({ data }) => frames.push(JSON.parse(String(data)).type));
    return { webSocket, frames, closed };
  };
  const later = Date.now() + 3_600_000;
  const [writer, reader, lasting] = await Promise.all([open(later), open(later), open(null)]);
  await runInDurableObject(user.object, (_agent, state) => {
    for (const socket of state.getWebSockets()) {
      const { caller } = socket.deserializeAttachment();
      if (caller.expiresAt === later) socket.serializeAttachment({ caller: { ...caller, expiresAt: Date.now() - 1 } });
    }
  });
  writer.webSocket.send(JSON.stringify({ type: "say", id: "late", text: "let me in" }));
  expect(await writer.closed).toBe(4401);
  await say(user, "from elsewhere");
  expect(await reader.closed).toBe(4401);
  await expect.poll(() => lasting.frames).toContain("message");
  expect(reader.frames).toEqual(["ready"]);
  expect(unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.map(({ text }) => text)).not.toContain("let me in");
});

test("UserAgent answers a burst in turns that have room for all of it: the model sees every message", async () => {
  const user = await testUser();
  await user.model.set([{ text: "first", holdAfter: 0 }], { text: "ok" });
  await say(user, "start", WEB);
  const ids: string[] = [];
  for (let n = 0; n < 100; n++) ids.push((await say(user, `short${n}.`, WEB)).messageId);
  for (let n = 0; n < 3; n++) ids.push((await say(user, `long${n}. ${"x ".repeat(20_000)}`, { ...WEB, bodyHash: `long ${n}` })).messageId);
  await release(user);
  for (const id of ids) expect(unwrap(await user.stub.outcome(user.caller, id, 20_000)).status).toBe("done");
  const seen = (await user.model.requests()).map(({ body }) => JSON.stringify(body)).join("\n");
  for (let n = 0; n < 100; n++) expect(seen).toContain(`short${n}.`);
  for (let n = 0; n < 3; n++) expect(seen).toContain(`long${n}.`);
  // Together all the same, as far as they have room.
  expect((await user.model.requests()).length).toBeLessThan(8);
});

test("UserAgent takes a command when the queue is full, above all the one that empties it", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 20_000 }]);
  await say(user, "running");
  for (let n = 0; n < 200; n++) await say(user, `waiting ${n}`);
  expect(await user.stub.receive(user.caller, httpMessage("one more"))).toMatchObject({ ok: false, error: { code: "rate_limited" } });
  const { messageId } = await say(user, "/cancel");
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 20_000)).reply).toContain("200");
  expect((await user.stub.receive(user.caller, httpMessage("now"))).ok).toBe(true);
});

/** Until the turn has begun to wait so many times for a model that is away. */
const waits = (user: TestUser, count: number) =>
  expect
    .poll(() =>
      runInDurableObject(user.object, (_agent, { storage }) =>
        Number(storage.sql.exec("SELECT count(*) AS n FROM step WHERE name LIKE 'wait:%'").one()["n"]),
      ),
    )
    .toBe(count);

test("UserAgent.cancel() of a turn that this life of the object has not seen keeps what it said and did", async () => {
  const user = await testUser();
  const call = { name: "add_todo", input: { title: "Pay rent" } };
  await user.model.set([{ text: "Adding it.", toolCalls: [call] }], { error: { status: 503, retryAfter: "600" } });
  const { messageId } = await say(user, "add a to-do: pay rent");
  await waits(user, 1);
  await evictDurableObject(user.object);
  expect(unwrap(await user.stub.cancel(user.caller)).stopped).toBe(1);
  const outcome = unwrap(await user.stub.outcome(user.caller, messageId, 20_000));
  expect(outcome).toMatchObject({ status: "cancelled", reply: "Adding it.", actions: [{ type: "add_todo", status: "done" }] });
  await user.model.set([], { text: "ok" });
  await user.stub.converse(user.caller, httpMessage("and?"), 20_000);
  expect(await lastBody(user)).toContain("tool_use");
});

test("UserAgent goes on with a turn whose model makes it wait again and again, as long as it gets on", { timeout: 90_000 }, async () => {
  const user = await testUser();
  const chain = ["anthropic/claude-opus-5-5"];
  unwrap(await user.stub.updateSettings(user.caller, { models: { fast: null, smart: chain, vision: null } }));
  const parts = Array.from({ length: 9 }, (_, n) => [
    { error: { status: 429, retryAfter: "20" } },
    { toolCalls: [{ name: "add_todo", input: { title: `part ${n}` } }] },
  ]);
  await user.model.set(parts.flat(), { text: "all done" });
  const { messageId, turnId } = await say(user, "split it");
  for (let count = 1; count <= parts.length; count++) {
    await waits(user, count);
    // As if the time had passed: the wait is over, and the circuit breaker has forgotten.
    await user.stub.putProvider(user.caller, { provider: "anthropic", endpoint: "default", apiKey: user.model.key });
    await runInDurableObject(user.object, async (agent, { storage }) => {
      storage.sql.exec("UPDATE step SET result = '1' WHERE name LIKE 'wait:%'");
      await agent.lifecycle.jobs.push({ id: `turn:${turnId}`, fn: "turn", payload: turnId, time: Date.now() });
    });
  }
  const outcome = unwrap(await user.stub.outcome(user.caller, messageId, 30_000));
  expect(outcome).toMatchObject({ status: "done", reply: "all done" });
  expect(unwrap(await user.stub.listTodos(user.caller, { status: "open", limit: 100 }))).toHaveLength(parts.length);
});

test("UserAgent says why a model cannot be reached when its key does not open, and what to do", async () => {
  const user = await testUser();
  await user.model.set([], { text: "never heard" });
  await runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("UPDATE vault SET key_id = 'a root that is gone'"));
  const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("hi"), 20_000));
  expect(outcome.error?.message).toContain("MASTER_KEY_PREVIOUS");
});

test("UserAgent understands a date in a message as of when it was sent, however late it is answered", async () => {
  const user = await testUser();
  await user.stub.deleteProvider(user.caller, "anthropic", "default");
  unwrap(await user.stub.updateSettings(user.caller, { timeZone: "Europe/Oslo" }));
  // Two minutes to midnight in Oslo, of a Wednesday.
  const sentAt = Date.parse("2026-11-25T22:58:00Z");
  const { messageId } = await say(user, "add task: film the workout video, p1, due tomorrow", { sentAt });
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 20_000)).reply).toContain("Thu 26 Nov 2026");
  const command = await say(user, "/task buy milk due tomorrow", { sentAt });
  expect(unwrap(await user.stub.outcome(user.caller, command.messageId, 20_000)).reply).toContain("Thu 26 Nov 2026");
});

test("UserAgent counts a call that was stopped before a word at what it can have cost, and shows no more than it knows", async () => {
  const user = await testUser();
  const chain = ["anthropic/claude-opus-5-5"];
  unwrap(await user.stub.updateSettings(user.caller, { models: { fast: null, smart: chain, vision: null } }));
  await user.model.set([{ text: "never heard", delayMs: 10_000 }]);
  const { messageId } = await say(user, "think hard");
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await scheduler.wait(1_000);
  await user.stub.cancel(user.caller);
  const rows = await runInDurableObject(user.object, (_agent, { storage }) =>
    storage.sql.exec<{ micro_usd: number; charged_micro_usd: number }>("SELECT micro_usd, charged_micro_usd FROM model_call").toArray(),
  );
  expect(rows).toHaveLength(1);
  // A second of unseen thinking and the whole input: several times what was seen.
  expect(rows[0]?.charged_micro_usd).toBeGreaterThan(2 * (rows[0]?.micro_usd ?? Number.NaN));
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 0)).usage.model_calls).toBe(1);
});

test("UserAgent shows no tokens for the offline model, which has none", async () => {
  const user = await testUser();
  await user.stub.deleteProvider(user.caller, "anthropic", "default");
  const { usage } = unwrap(await user.stub.converse(user.caller, httpMessage("hello"), 20_000));
  expect(usage).toEqual({ input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 1 });
});
