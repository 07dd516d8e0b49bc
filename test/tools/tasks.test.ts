import { expect, test } from "vitest";
import { chainDepth } from "../../src/tasks/chain-depth.ts";
import type { ToolContext } from "../../src/tools/tool.ts";
import { cancelTask } from "../../src/tools/tasks/cancel-task.ts";
import { checkTasks } from "../../src/tools/tasks/check-tasks.ts";
import { delegate } from "../../src/tools/tasks/delegate.ts";
import { saveProfile } from "../../src/tools/tasks/save-profile.ts";
import { delegated } from "../../src/tools/tasks/delegated.ts";
import type { TaskStores } from "../../src/tools/tasks/task-port.ts";
import { START, taskHome } from "../support/task-home.ts";

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

function home() {
  const made = taskHome({});
  const port = delegated({
    tasks: made.tasks,
    profiles: made.profiles,
    turn: (turnId) => ({ replyTo: { channel: "web" }, taskId: turnId, conversationId: "c1" }),
    depth: (turnId) =>
      chainDepth(turnId, {
        // A turn that answers a task's end is called after it.
        endsIn: (id) => (id.startsWith("after ") ? [id.slice("after ".length)] : []),
        keyOf: (id) => made.store.get(id)?.key ?? null,
      }),
  });
  const context = (change: Partial<ToolContext<TaskStores>> = {}): ToolContext<TaskStores> => ({
    idempotencyKey: "t1:0.0",
    signal: new AbortController().signal,
    now: () => START,
    saidAt: START,
    timeZone: "UTC",
    tainted: false,
    composed: false,
    profile: null,
    scrub: async (text) => text,
    stores: { tasks: port },
    ...change,
  });
  return { ...made, context };
}

test("delegate begins one task for a call, tainted where the call is, and says that its result comes by itself", async () => {
  const { store, context } = home();
  const first = await delegate.execute({ task: "Look" }, context({ tainted: true }));
  expect(await delegate.execute({ task: "Look" }, context({ tainted: true }))).toEqual(first);
  expect(JSON.stringify(first.output)).toContain("task 1");
  expect(store.open()).toMatchObject([{ profile: "research", tainted: true, word: false, parentId: "t1", conversationId: "c1" }]);
  await expect(delegate.execute({ task: "Look", profile: "nope" }, context({ idempotencyKey: "t1:0.1" }))).rejects.toThrow(
    "no profile called nope",
  );
});

test("delegate refuses what is empty or too long", () => {
  for (const task of ["", "  ", "x".repeat(20_001)]) expect(delegate.input.safeParse({ task }).success).toBe(false);
});

test("check_tasks lists tasks and gives one whole, as content where it is tainted", async () => {
  const { tasks, store, context } = home();
  await delegate.execute({ task: "Look" }, context());
  await tick();
  const { id } = store.open()[0] ?? { id: "" };
  expect((await checkTasks.execute({}, context())).untrusted).toBeUndefined();
  store.putStep({ taskId: id, n: 0, text: "Found.", reply: "{}", at: START });
  tasks.end(id, "done", null);
  expect(await checkTasks.execute({ task: 1 }, context())).toMatchObject({ output: { task: 1, status: "done", result: "Found." } });
  await delegate.execute({ task: "Look outside" }, context({ idempotencyKey: "t2:0.0", tainted: true }));
  expect((await checkTasks.execute({}, context())).untrusted).toBe("task 2");
  await expect(checkTasks.execute({ task: 9 }, context())).rejects.toThrow("no task 9");
});

test("cancel_task stops one, is harmless when it is run again, and is taken back by beginning it anew", async () => {
  const { store, context } = home();
  await delegate.execute({ task: "Look" }, context({ tainted: true }));
  await tick();
  const stopped = await cancelTask.execute({ task: 1 }, context());
  expect(await cancelTask.execute({ task: 1 }, context())).toEqual(stopped);
  const anew = await cancelTask.undo?.(stopped.receipt, context());
  expect(anew?.summary).toBe("Started it anew, as task 2");
  expect(store.open()).toMatchObject([{ number: 2, input: "Look", tainted: true, word: false }]);
});

test("delegate is refused where tasks began one another by themselves too often, also where one was begun anew", async () => {
  const { store, context } = home();
  const begin = async (turnId: string): Promise<string> => {
    await delegate.execute({ task: "Look" }, context({ idempotencyKey: `${turnId}:0.0` }));
    return store.byKey(`${turnId}:0.0`)?.id ?? "";
  };
  const first = await begin("t1");
  const second = await begin(`after ${first}`);
  await tick();
  const stopped = await cancelTask.execute({ task: 2 }, context());
  await cancelTask.undo?.(stopped.receipt, context());
  const anew = store.byKey(`again:${second}`)?.id ?? "";
  const third = await begin(`after ${anew}`);
  await expect(begin(`after ${third}`)).rejects.toThrow("begun by a task in the background already");
  // What the user says begins anew, and so does what a program or a schedule had begun.
  await begin("t9");
  await begin("after nothing known");
});

test("save_profile makes a profile and changes it, within what is granted, and both are taken back", async () => {
  const { context, profiles } = home();
  const { stores } = context();
  const trips = { name: "trips", purpose: "Plans trips", prompt: "Be brief.", tools: [] };
  const made = await saveProfile.execute(trips, context());
  expect(made.output).toMatchObject({ made: "trips" });
  expect(profiles.get("trips")).toMatchObject({ tier: "smart", limits: { minutes: 30 } });
  const changed = await saveProfile.execute({ ...trips, purpose: "Plans long trips", tier: "fast", minutes: 90 }, context());
  expect(profiles.get("trips")).toMatchObject({ purpose: "Plans long trips", tier: "fast", limits: { minutes: 90, steps: 40 } });
  // What is left out stays.
  await saveProfile.execute({ ...trips, purpose: "Plans long trips" }, context());
  expect(profiles.get("trips")).toMatchObject({ tier: "fast", limits: { minutes: 90 } });
  await saveProfile.undo?.(changed.receipt, context());
  expect(profiles.get("trips")).toMatchObject({ purpose: "Plans trips", tier: "smart", limits: { minutes: 30 } });
  await saveProfile.undo?.({ name: "trips", at: profiles.get("trips").updated_at, before: null }, context());
  expect(stores.tasks.profile("trips")).toBeNull();
  for (const wrong of [
    { ...trips, name: "research" },
    { ...trips, tools: ["delegate"] },
    { ...trips, tools: ["nothing"] },
  ])
    await expect(saveProfile.execute(wrong, context()), JSON.stringify(wrong)).rejects.toMatchObject({ name: "MargayError" });
  expect(saveProfile.asksIfTainted?.(trips)).toContain("outside");
});
