import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

/** What a client does whose connection broke: the same request again, with the same key, until it is answered. */
async function insist(user: TestUser, message: ReturnType<typeof httpMessage>) {
  for (let attempt = 0; ; attempt++) {
    try {
      return unwrap(await user.stub.converse(user.caller, message, 20_000));
    } catch (error) {
      if (attempt > 20) throw error;
    }
  }
}

const roles = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 })).messages.map((message) => message.role);

test("UserAgent ended in the middle of a model call calls the model once more and answers once", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 5_000 }, { text: "after all" }]);
  const message = httpMessage("hi");
  const { messageId } = unwrap(await user.stub.receive(user.caller, message));
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await crash();
  const outcome = unwrap(await user.stub.outcome(user.caller, messageId, 20_000));
  expect(outcome).toMatchObject({ status: "done", reply: "after all" });
  expect(await user.model.requests()).toHaveLength(2);
  expect(await roles(user)).toEqual(["user", "assistant"]);
});

test("UserAgent ended in the middle of the second model call does not make the first one, or its tool call, again", async () => {
  const user = await testUser();
  await user.model.set([
    { toolCalls: [{ name: "add_todo", input: { title: "once" } }] },
    { text: "never heard", delayMs: 5_000 },
    { text: "added" },
  ]);
  const { messageId } = unwrap(await user.stub.receive(user.caller, httpMessage("add it")));
  await expect.poll(async () => (await user.model.requests()).length).toBe(2);
  await crash();
  const outcome = unwrap(await user.stub.outcome(user.caller, messageId, 20_000));
  expect(outcome).toMatchObject({ status: "done", reply: "added", actions: [{ type: "add_todo", status: "done" }] });
  expect(await user.model.requests()).toHaveLength(3);
  expect(unwrap(await user.stub.listTodos(user.caller, { status: "all", limit: 100 })).map((todo) => todo.title)).toEqual(["once"]);
});

test("UserAgent ended at any moment loses no acknowledged message and does nothing twice", async () => {
  for (let delay = 0; delay <= 66; delay += 3) {
    const user = await testUser();
    await user.model.set([{ toolCalls: [{ name: "add_todo", input: { title: "once" } }] }], { text: "done" });
    const message = httpMessage("add it");
    const first = user.stub.receive(user.caller, message).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await first;
    const outcome = await insist(user, message);
    expect(outcome, `after ${delay} ms`).toMatchObject({ status: "done", reply: "done" });
    expect(await roles(user), `after ${delay} ms`).toEqual(["user", "assistant"]);
    const todos = unwrap(await user.stub.listTodos(user.caller, { status: "all", limit: 100 }));
    // A first answer that was interrupted before it was recorded is asked again, and the script has moved on: none, or one, never two.
    expect(todos.length, `after ${delay} ms`).toBe(outcome.actions.length);
    expect(todos.length).toBeLessThanOrEqual(1);
  }
});

test("UserAgent ended with messages waiting answers them all in order", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 5_000 }], { text: "ok" });
  const ids = [];
  for (const text of ["a", "b", "c"]) ids.push(unwrap(await user.stub.receive(user.caller, httpMessage(text))).messageId);
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  await crash();
  for (const id of ids) expect(unwrap(await user.stub.outcome(user.caller, id, 20_000))).toMatchObject({ status: "done", reply: "ok" });
  expect(unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.map((message) => message.text)).toEqual([
    "a",
    "ok",
    "b",
    "ok",
    "c",
    "ok",
  ]);
});

test("UserAgent ended in the middle of a turn takes it up again by its own alarm, when nobody calls", async () => {
  const user = await testUser();
  await user.model.set([{ text: "never heard", delayMs: 5_000 }, { text: "by myself" }]);
  await user.stub.receive(user.caller, httpMessage("hi"));
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  const planned = await runInDurableObject(user.object, (_instance, state) => state.storage.getAlarm());
  expect((planned ?? Infinity) - Date.now()).toBeLessThanOrEqual(20_000);
  await crash();
  await runDurableObjectAlarm(user.object);
  await expect.poll(() => roles(user)).toEqual(["user", "assistant"]);
});

test("UserAgent ended while it waits for a model that is away answers when the model is back", async () => {
  const user = await testUser();
  await user.model.set([{ error: { status: 529 } }, { error: { status: 529 } }, { error: { status: 529 } }], { text: "back" });
  const { messageId } = unwrap(await user.stub.receive(user.caller, httpMessage("hi")));
  await scheduler.wait(300);
  await crash();
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 30_000))).toMatchObject({ status: "done", reply: "back" });
});
