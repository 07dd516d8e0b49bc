import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

const ADD = { toolCalls: [{ name: "add_todo", input: { title: "once" } }] };

async function asked(): Promise<{ user: TestUser; id: string }> {
  const user = await testUser();
  unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
  await user.model.set([ADD], { text: "went on" });
  const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("add it"), 20_000));
  return { user, id: outcome.approvals[0] ?? "" };
}

const titles = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.listTodos(caller, { status: "all", limit: 100 })).map(({ title }) => title);
const stateOf = async (user: TestUser, id: string) => unwrap(await user.stub.approval(user.caller, id)).state;
const answers = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 }))
    .messages.filter(({ role }) => role === "assistant")
    .map(({ text }) => text);

test("UserAgent ended while a call waits for a yes still waits afterwards, and runs it once when it comes", async () => {
  const { user, id } = await asked();
  await crash();
  expect(await stateOf(user, id)).toBe("pending");
  unwrap(await user.stub.answerApproval(user.caller, id, { answer: "once" }, "http"));
  await expect.poll(() => answers(user)).toContain("went on");
  expect(await titles(user)).toEqual(["once"]);
});

test("UserAgent ended while it parks a call asks once and loses nothing", async () => {
  for (let delay = 0; delay <= 60; delay += 6) {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([ADD, ADD], { text: "went on" });
    const message = httpMessage("add it");
    const first = user.stub.receive(user.caller, message).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await first;
    const outcome = unwrap(await user.stub.converse(user.caller, message, 20_000));
    expect(outcome.status, `after ${delay} ms`).toBe("waiting_approval");
    const { approvals } = unwrap(await user.stub.approvals(user.caller, { state: "all", limit: 50 }));
    expect(
      approvals.map(({ state }) => state),
      `after ${delay} ms`,
    ).toEqual(["pending"]);
    expect(await titles(user)).toEqual([]);
  }
});

test("UserAgent ended at any moment after a yes does it once, or says that nobody knows, and tells the agent once", async () => {
  const ends: Record<string, number> = {};
  for (let delay = 0; delay <= 45; delay += 3) {
    const { user, id } = await asked();
    const answer = user.stub.answerApproval(user.caller, id, { answer: "once" }, "http").catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await answer;
    // Whether the yes was taken is known now; one that was not is given again, as a person would.
    if ((await stateOf(user, id)) === "pending") await user.stub.answerApproval(user.caller, id, { answer: "once" }, "http");
    await expect.poll(() => stateOf(user, id), { message: `after ${delay} ms` }).toMatch(/^(done|unknown)$/);
    await expect.poll(() => answers(user), { message: `after ${delay} ms` }).toContain("went on");
    const end = await stateOf(user, id);
    ends[end] = (ends[end] ?? 0) + 1;
    const made = (await titles(user)).length;
    expect(made, `after ${delay} ms, ${end}`).toBeLessThanOrEqual(1);
    if (end === "done") expect(made, `after ${delay} ms`).toBe(1);
    // Told once: the model went on once.
    expect(
      (await answers(user)).filter((text) => text === "went on"),
      `after ${delay} ms`,
    ).toHaveLength(1);
  }
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(16);
});

test("UserAgent found in the middle of an approved call after a crash reports it as unknown and does not repeat it", async () => {
  const { user, id } = await asked();
  // As a crash between the call and the record of its end leaves it.
  await runInDurableObject(user.object, (_agent, { storage }) => {
    storage.sql.exec("UPDATE approval SET state = 'executing'");
    storage.sql.exec("UPDATE tool_call SET state = 'executing'");
  });
  await crash();
  await expect.poll(() => stateOf(user, id)).toBe("unknown");
  await expect.poll(() => answers(user)).toContain("went on");
  expect(await titles(user)).toEqual([]);
  expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).toContain("whether it happened is not known");
  expect(await user.stub.answerApproval(user.caller, id, { answer: "once" }, "http")).toMatchObject({
    ok: false,
    error: { code: "conflict" },
  });
  expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toBeNull();
});

test("UserAgent's trail holds after ends at any moment", async () => {
  const user = await testUser();
  await user.model.set([], { text: "ok" });
  for (let delay = 0; delay <= 40; delay += 5) {
    const going = user.stub.receive(user.caller, httpMessage(`message ${delay}`)).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await going;
  }
  const report = unwrap(await user.stub.verifyAudit(user.caller));
  expect(report.fault).toBeNull();
  expect(report.entries).toBeGreaterThan(5);
});
