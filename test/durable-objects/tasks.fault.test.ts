import { env } from "cloudflare:workers";
import { runDurableObjectAlarm } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";
import { coordinator, delegates, worker } from "../support/task-steps.ts";
import { asWorker, begin, ended, operation, saidBy, tasksOf } from "../support/task-user.ts";

const ADD = { toolCalls: [{ name: "add_todo", input: { title: "once" } }] };
const titles = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.listTodos(caller, { status: "all", limit: 100 })).map(({ title }) => title);

/** A user with a profile that may change their list. */
async function lister(): Promise<TestUser> {
  const user = await testUser();
  const limits = {};
  await operation(user, "profiles.add", {
    name: "lists",
    purpose: "Lists",
    prompt: "Make lists.",
    tier: "smart",
    tools: ["add_todo"],
    limits,
  });
  return user;
}

/** Tries again what an ended object did not answer. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 20) throw error;
    }
  }
}

test("a task whose objects are all ended at any moment is done once, and told once", async () => {
  for (let delay = 0; delay <= 120; delay += 8) {
    const user = await lister();
    await user.model.set([
      worker({ ...ADD, delayMs: 10 }),
      worker({ text: "Listed.", delayMs: 10, repeat: true }),
      coordinator({ text: "told", repeat: true }),
    ]);
    const key = crypto.randomUUID();
    const going = begin(user, { input: "list it", profile: "lists", tell: true }, key).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await going;
    const id = await insist(() => begin(user, { input: "list it", profile: "lists", tell: true }, key));
    const task = await insist(() => ended(user, id));
    expect(task, `after ${delay} ms`).toMatchObject({ status: "done", result: "Listed." });
    await expect.poll(() => saidBy(user), { message: `after ${delay} ms` }).toEqual(["told"]);
    // A first answer that was interrupted before it was recorded is asked again, and the script has moved on: none, or one, never two.
    expect((await titles(user)).length, `after ${delay} ms`).toBe(task.counts.tool_calls);
    expect(task.counts.tool_calls).toBeLessThanOrEqual(1);
    expect(await tasksOf(user)).toHaveLength(1);
  }
});

test("a task that ends while its objects are ended is told once", async () => {
  for (let delay = 0; delay <= 60; delay += 6) {
    const user = await testUser();
    await user.model.set([worker({ text: "Found.", repeat: true }), coordinator({ text: "told", repeat: true })]);
    const id = await begin(user, { input: "look", tell: true });
    await expect.poll(async () => (await asWorker(user)).length).toBeGreaterThan(0);
    await scheduler.wait(delay);
    await crash();
    expect(await insist(() => ended(user, id)), `after ${delay} ms`).toMatchObject({ status: "done", result: "Found." });
    await expect.poll(() => saidBy(user), { message: `after ${delay} ms` }).toEqual(["told"]);
    await scheduler.wait(100);
    expect(await saidBy(user), `after ${delay} ms`).toEqual(["told"]);
    const notices = unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.filter(({ role }) => role === "notice");
    expect(notices, `after ${delay} ms`).toHaveLength(1);
  }
});

test("a turn that gives work away and is ended at any moment begins it once", async () => {
  for (let delay = 0; delay <= 60; delay += 6) {
    const user = await testUser();
    const [gives, says] = delegates("look");
    await user.model.set([
      { ...gives },
      { ...says },
      worker({ text: "Found.", repeat: true }),
      coordinator({ text: "told", repeat: true }),
    ]);
    const message = httpMessage("look for it");
    const first = user.stub.receive(user.caller, message).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await first;
    await insist(async () => unwrap(await user.stub.converse(user.caller, message, 20_000)));
    await expect
      .poll(async () => (await tasksOf(user)).every(({ status }) => status === "done"), { message: `after ${delay} ms` })
      .toBe(true);
    expect((await tasksOf(user)).length, `after ${delay} ms`).toBeLessThanOrEqual(1);
  }
});

test("an executor that is ended alone comes back by its own wake, when nobody calls", async () => {
  const user = await lister();
  await user.model.set([worker({ text: "never heard", delayMs: 20_000 }), worker({ text: "by myself" })]);
  const id = await begin(user, { input: "look", profile: "lists" });
  await expect.poll(async () => (await asWorker(user)).length).toBe(1);
  await crash();
  await runDurableObjectAlarm(env.EXECUTOR.getByName(`${user.id}/${id}`));
  expect(await ended(user, id)).toMatchObject({ status: "done", result: "by myself" });
});

test("a task that waits for a yes still waits after its objects were ended, and goes on when it comes", async () => {
  for (let delay = 0; delay <= 60; delay += 10) {
    const user = await lister();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([worker(ADD), worker({ text: "Listed.", repeat: true }), coordinator({ text: "told", repeat: true })]);
    const id = await begin(user, { input: "list it", profile: "lists", tell: true });
    const waiting = async () => unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 })).approvals;
    await expect.poll(async () => (await waiting()).length).toBe(1);
    await crash();
    const [approval] = await waiting();
    const answer = user.stub.answerApproval(user.caller, approval?.id ?? "", { answer: "once" }, "http").catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await answer;
    const state = async () => unwrap(await user.stub.approval(user.caller, approval?.id ?? "")).state;
    if ((await state()) === "pending") await user.stub.answerApproval(user.caller, approval?.id ?? "", { answer: "once" }, "http");
    expect(await insist(() => ended(user, id)), `after ${delay} ms`).toMatchObject({ status: "done", result: "Listed." });
    const made = (await titles(user)).length;
    expect(made, `after ${delay} ms`).toBeLessThanOrEqual(1);
    if ((await state()) === "done") expect(made, `after ${delay} ms`).toBe(1);
    await expect.poll(() => saidBy(user), { message: `after ${delay} ms` }).toEqual(["told"]);
  }
});

test("a task that was cancelled stays so after its objects were ended", async () => {
  const user = await testUser();
  await user.model.set([worker({ text: "never heard", delayMs: 20_000, repeat: true })]);
  const id = await begin(user, { input: "look" });
  await expect.poll(async () => (await asWorker(user)).length).toBe(1);
  const cancelling = operation(user, "tasks.cancel", id);
  await cancelling;
  await crash();
  expect(await tasksOf(user)).toMatchObject([{ status: "cancelled" }]);
  await runDurableObjectAlarm(env.EXECUTOR.getByName(`${user.id}/${id}`));
  await scheduler.wait(200);
  expect(await asWorker(user)).toHaveLength(1);
});
