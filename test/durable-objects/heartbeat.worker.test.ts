import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { DEFAULT_HEARTBEAT, type HeartbeatSettings, HeartbeatStatus } from "../../src/heartbeat/shapes.ts";
import { testUser, type TestUser } from "../support/agent-client.ts";

const status = async ({ stub, caller }: TestUser): Promise<HeartbeatStatus> =>
  HeartbeatStatus.parse(unwrap(await stub.ask(caller, "heartbeat.status", null)));
const set = async ({ stub, caller }: TestUser, change: Partial<HeartbeatSettings>) =>
  unwrap(await stub.updateSettings(caller, { heartbeat: { ...DEFAULT_HEARTBEAT, quiet: { from: "00:00", to: "00:00" }, ...change } }));
/** The object's own wake for it, now. */
const wake = ({ object }: TestUser): Promise<void> =>
  runInDurableObject(object, (agent) =>
    agent.lifecycle.jobs.push({ id: "heartbeat", fn: "heartbeat", time: Date.now() }).then(() => undefined),
  );
const due = async ({ stub, caller }: TestUser, title: string): Promise<void> =>
  void unwrap(await stub.addTodo(caller, { title, notes: "", priority: "p4", due: new Date(Date.now() + 10 * 60_000).toISOString() }));
const said = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.messages(caller, { limit: 50 })).messages.map(({ role, channel, text }) => `${role} by ${channel}: ${text}`);

test("UserAgent tells of a to-do that falls due by itself, with one call of the fast tier, and once", async () => {
  const user = await testUser();
  await set(user, {});
  await user.model.set([{ text: '{"do":"speak","text":"The dentist is in ten minutes.","why":"due"}' }]);
  await due(user, "Dentist");
  await expect.poll(() => said(user)).toEqual(["assistant by agent: The dentist is in ten minutes."]);
  const [asked] = await user.model.requests();
  expect(JSON.stringify(asked?.body)).toContain("Dentist");
  await evictDurableObject(user.object);
  await wake(user);
  await expect.poll(async () => (await status(user)).looks).toMatchObject([{ outcome: "spoke", changes: 1 }]);
  expect((await user.model.requests()).length).toBe(1);
  expect(await said(user)).toHaveLength(1);
});

test("UserAgent acts on what changed by a turn that nobody waits for", async () => {
  const user = await testUser();
  await set(user, { text: "Make a list of what to bring when something falls due." });
  await user.model.set([
    { text: '{"do":"act","task":"List what to bring to the dentist","why":"they asked"}' },
    { text: "Bring your card." },
  ]);
  await due(user, "Dentist");
  await expect.poll(() => said(user)).toHaveLength(2);
  expect((await said(user))[1]).toBe("assistant by agent: Bring your card.");
  expect((await status(user)).looks).toMatchObject([{ outcome: "acted" }]);
});

test("UserAgent with its heartbeat switched off looks at nothing", async () => {
  const user = await testUser();
  await set(user, { on: false });
  await due(user, "Dentist");
  await wake(user);
  expect(await status(user)).toMatchObject({ on: false, next_at: null, looks: [] });
  expect((await user.model.requests()).length).toBe(0);
});

test("UserAgent plans no wake for a user with nothing that can fall due", async () => {
  const user = await testUser();
  await set(user, {});
  unwrap(await user.stub.addTodo(user.caller, { title: "Some day", notes: "", priority: "p4" }));
  expect((await status(user)).next_at).toBeNull();
});

test("UserAgent leaves a wake behind while its own work goes on, and none when there is nothing left to do", async () => {
  const user = await testUser();
  await set(user, {});
  const jobs = (work: (jobs: { id: string; time: number }[]) => boolean) =>
    expect.poll(() => runInDurableObject(user.object, (agent) => work(agent.lifecycle.jobs.list()))).toBe(true);
  await wake(user);
  await jobs((all) => all.every(({ id }) => id !== "heartbeat"));
  // A decision that takes its time.
  await user.model.set([{ delayMs: 20_000, text: '{"do":"quiet","why":""}' }]);
  await due(user, "Dentist");
  await jobs((all) => all.some(({ id, time }) => id === "heartbeat" && time > Date.now() + 9 * 60_000));
});
