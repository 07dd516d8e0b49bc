import { runDurableObjectAlarm } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import type { ExecutionPlan } from "../../src/plans/shapes.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";
import { adds, asks, pendingOf, planOf, propose, stepsOf, titlesOf } from "../support/plan-user.ts";
import { coordinator, worker } from "../support/task-steps.ts";
import { operation, saidBy, tasksOf } from "../support/task-user.ts";

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

const ended = async (user: TestUser, id: string, message: string): Promise<ExecutionPlan> => {
  await expect.poll(() => insist(() => planOf(user, id)).then(({ ended_at }) => ended_at), { message }).not.toBeNull();
  return insist(() => planOf(user, id));
};
const run = (user: TestUser, id: string) => operation(user, "plans.run", { id, approveRest: true });
const noticesOf = async (user: TestUser): Promise<number> =>
  unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.filter(({ role }) => role === "notice").length;

test("a plan whose objects are all ended at any moment has each effect once, and is told once", async () => {
  for (let delay = 0; delay <= 120; delay += 15) {
    const after = `after ${delay} ms`;
    const user = await testUser();
    await user.model.set([worker({ text: "Found.", delayMs: 10, repeat: true }), coordinator({ text: "told", repeat: true })]);
    const { id } = await propose(user, [adds("one", "One"), asks("find", "Find with {{one}}"), adds("two", "Two", ["find"])]);
    const going = run(user, id).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await going;
    // Whoever got no answer asks again: it runs already, or now.
    await insist(() => planOf(user, id)).then(({ status }) => (status === "proposed" ? insist(() => run(user, id)) : null));
    const plan = await ended(user, id, after);
    expect(stepsOf(plan), after).toEqual({ one: "done", find: "done", two: "done" });
    await expect.poll(() => insist(() => saidBy(user)), { message: after }).toEqual(["told"]);
    expect((await titlesOf(user)).toSorted(), after).toEqual(["One", "Two"]);
    expect(await tasksOf(user), after).toHaveLength(1);
    await scheduler.wait(50);
    expect(await noticesOf(user), after).toBe(1);
  }
});

test("a plan goes on by its own wake, when nobody calls", async () => {
  const user = await testUser();
  await user.model.set([
    worker({ text: "never heard", delayMs: 20_000 }),
    worker({ text: "by myself", repeat: true }),
    coordinator({ text: "told", repeat: true }),
  ]);
  const { id } = await propose(user, [asks("find", "Look"), adds("add", "After it", ["find"])]);
  await run(user, id);
  await expect.poll(async () => (await user.model.requests()).length).toBe(1);
  expect(stepsOf(await planOf(user, id))).toEqual({ find: "running", add: "approved" });
  await crash();
  await runDurableObjectAlarm(user.object);
  expect(stepsOf(await ended(user, id, "by its wake"))).toEqual({ find: "done", add: "done" });
  expect(await titlesOf(user)).toEqual(["After it"]);
});

test("a step that waits for a yes still waits after its objects were ended, and is done once when it comes", async () => {
  for (let delay = 0; delay <= 60; delay += 10) {
    const after = `after ${delay} ms`;
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([coordinator({ text: "told", repeat: true })]);
    const { id } = await propose(user, [
      adds("one", "One"),
      { ...adds("see", ""), work: { kind: "tool", tool: "list_todos", input: {} }, after: ["one"] },
    ]);
    await run(user, id);
    await expect.poll(async () => (await pendingOf(user)).length).toBe(1);
    await crash();
    const [approval] = await pendingOf(user);
    expect((await planOf(user, id)).status, after).toBe("waiting_approval");
    const answer = user.stub.answerApproval(user.caller, approval?.id ?? "", { answer: "once" }, "http").catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await answer;
    const state = async () => unwrap(await insist(() => user.stub.approval(user.caller, approval?.id ?? ""))).state;
    if ((await state()) === "pending") await user.stub.answerApproval(user.caller, approval?.id ?? "", { answer: "once" }, "http");
    const plan = await ended(user, id, after);
    const made = (await titlesOf(user)).length;
    // Ended while it ran, nobody knows whether it happened: then it is said so, and not done again.
    expect(made, after).toBeLessThanOrEqual(1);
    if ((await state()) === "done") expect([made, plan.status], after).toEqual([1, "done"]);
    else expect(plan.status, after).toBe("failed");
    await expect.poll(() => insist(() => saidBy(user)), { message: after }).toEqual(["told"]);
  }
});

test("a turn that makes a plan and is ended at any moment makes one, and still changes nothing", async () => {
  for (let delay = 0; delay <= 60; delay += 12) {
    const after = `after ${delay} ms`;
    const user = await testUser();
    const input = { name: "propose_plan", input: { goal: "g", steps: [adds("one", "One")] } };
    await user.model.set([
      coordinator({ toolCalls: [{ name: "add_todo", input: { title: "too early" } }] }),
      coordinator({ toolCalls: [{ name: "call_tool", input }] }),
      coordinator({ text: "planned", repeat: true }),
    ]);
    const message = httpMessage("/plan one");
    const first = user.stub.receive(user.caller, message).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await first;
    const outcome = unwrap(await insist(() => user.stub.converse(user.caller, message, 20_000)));
    // A first answer that was interrupted before it was recorded is asked again, and the script has moved on.
    const { plans } = await operation(user, "plans.list", { status: "all", limit: 10 });
    expect(plans.length, after).toBeLessThanOrEqual(1);
    expect(outcome.plan?.id ?? null, after).toBe(plans[0]?.id ?? null);
    expect(await titlesOf(user), after).toEqual([]);
  }
});

test("a plan that was cancelled stays so after its objects were ended, and a repeated request makes one", async () => {
  const user = await testUser();
  await user.model.set([worker({ text: "never heard", delayMs: 20_000, repeat: true })]);
  const { id } = await propose(user, [asks("find", "Look"), adds("add", "Never", ["find"])], "once");
  await crash();
  expect((await propose(user, [asks("find", "Look"), adds("add", "Never", ["find"])], "once")).id).toBe(id);
  await run(user, id);
  await operation(user, "plans.cancel", id);
  await crash();
  expect(stepsOf(await planOf(user, id))).toEqual({ find: "cancelled", add: "cancelled" });
  await runDurableObjectAlarm(user.object);
  await scheduler.wait(200);
  expect(await titlesOf(user)).toEqual([]);
  expect(await saidBy(user)).toEqual([]);
});
