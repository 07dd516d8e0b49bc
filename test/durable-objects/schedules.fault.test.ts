import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { OperationInput } from "../../src/agent/operations.ts";
import { unwrap } from "../../src/errors.ts";
import { ScheduleView } from "../../src/schedule/shapes.ts";
import { testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

async function add(user: TestUser, action: OperationInput<"schedule.add">["action"], when = "0 9 * * *"): Promise<string> {
  const made = await user.stub.ask(user.caller, "schedule.add", { when, action, missed: "once", time_zone: null });
  return ScheduleView.parse(unwrap(made)).id;
}

/** The time of all has come just now, and the object's alarm with it. */
const due = (user: TestUser) =>
  runInDurableObject(user.object, async (agent, { storage }) => {
    storage.sql.exec("UPDATE schedule SET next_at = ?", Date.now());
    await agent.lifecycle.jobs.push({ id: "schedule", fn: "schedule", time: Date.now() });
  });

const said = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 }))
    .messages.map(({ role, text }) => `${role}: ${text}`)
    .toSorted();

const runs = (user: TestUser) =>
  runInDurableObject(user.object, (_agent, { storage }) =>
    storage.sql
      .exec("SELECT s.seq, r.outcome FROM schedule_run r JOIN schedule s ON s.id = r.schedule_id ORDER BY s.seq")
      .toArray()
      .map(({ seq, outcome }) => `${String(seq)} ${String(outcome)}`),
  );

const ALL = ["assistant: All done.", "assistant: Call mum", "user: How is it going?"];

test("UserAgent ended at any moment around a firing carries out each schedule exactly once, when nobody calls", async () => {
  for (let delay = 0; delay <= 60; delay += 3) {
    const user = await testUser();
    await user.model.set([], { text: "All done." });
    await add(user, { kind: "text", text: "Call mum" });
    await add(user, { kind: "prompt", prompt: "How is it going?", tier: null });
    await due(user);
    const alarm = runDurableObjectAlarm(user.object).catch(() => false);
    await scheduler.wait(delay);
    await crash();
    await alarm;
    // What is left wakes it: the alarm of what was pushed, or the one of the turn that began.
    await runDurableObjectAlarm(user.object);
    await expect.poll(() => said(user), { message: `after ${delay} ms` }).toEqual(ALL);
    await runDurableObjectAlarm(user.object);
    expect(await said(user), `after ${delay} ms`).toEqual(ALL);
    expect(await runs(user), `after ${delay} ms`).toEqual(["1 told", "2 begun"]);
  }
});

test("UserAgent ended again and again while it fires does so once", async () => {
  const user = await testUser();
  await user.model.set([], { text: "All done." });
  await add(user, { kind: "text", text: "Call mum" });
  await add(user, { kind: "prompt", prompt: "How is it going?", tier: null });
  await due(user);
  // A turn that ends its object more often is given up.
  for (let n = 0; n < 5; n++) {
    const alarm = runDurableObjectAlarm(user.object).catch(() => false);
    await scheduler.wait(n * 3);
    await crash();
    await alarm;
  }
  await expect.poll(() => said(user)).toEqual(ALL);
  expect(await runs(user)).toEqual(["1 told", "2 begun"]);
});

test("UserAgent whose alarm was lost runs what was missed when it is next started", async () => {
  const user = await testUser();
  await add(user, { kind: "text", text: "Call mum" });
  await runInDurableObject(user.object, async (_agent, { storage }) => {
    const at = Date.now() - 3_600_000;
    storage.sql.exec(
      "UPDATE schedule SET spec = ?, next_at = ?",
      JSON.stringify({ kind: "every", ms: 86_400_000, anchor: at, until: null }),
      at,
    );
    storage.sql.exec("DELETE FROM cf_agents_jobs WHERE id = 'schedule'");
    await storage.deleteAlarm();
  });
  await crash();
  await expect.poll(() => said(user)).toMatchObject([expect.stringMatching(/^assistant: Call mum\n\n\(Late: this was due at /u)]);
  // And it is planned for its next time.
  const planned = await runInDurableObject(user.object, (agent) => Promise.resolve(agent.lifecycle.jobs.get("schedule")?.time ?? 0));
  expect(planned).toBeGreaterThan(Date.now());
});
