import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { ModelError } from "../../src/models/model-error.ts";
import { ExecutorReply } from "../../src/tasks/executor-protocol.ts";
import type { NewTask } from "../../src/tasks/task-starter.ts";
import type { ToolContext } from "../../src/tools/tool.ts";
import { fakeModel, type FakeStep } from "../support/fake-model.ts";
import { aTask, taskHome } from "../support/task-home.ts";
import { standIn } from "./stand-in.ts";

const PROMPT: LanguageModelV4Prompt = [{ role: "user", content: [{ type: "text", text: "hello" }] }];
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** A tool that prints a line and is done when it was shown. */
async function printing(name: string, { progress }: ToolContext) {
  progress?.(`${name} prints\n`);
  await tick();
  return { output: { did: name }, summary: `Did ${name}` };
}

interface Setting {
  task?: Partial<NewTask>;
  offline?: boolean;
  model?: ReturnType<typeof fakeModel>;
}

/** A task that runs, and its executor's side of the desk. Nothing works on it by itself. */
async function desk(steps: FakeStep[] = [], { task = {}, offline = false, model = fakeModel(steps) }: Setting = {}) {
  const home = taskHome({
    tools: [
      { ...standIn("recall"), execute: (_input, context) => printing("recall", context) },
      standIn("web_fetch", {
        capabilities: () => ["net.fetch:example.com"],
        untrusted: true,
        does: () => ({ output: "a page", untrusted: "example.com", links: ["https://given.example/a"] }),
      }),
      standIn("read_document", { of: "external", destinations: ({ to }) => [to ?? "x"] }),
      standIn("add_todo"),
      standIn("delegate"),
    ],
    stores: {},
    model,
    works: false,
    offline,
  });
  home.gate.state.granted = ["net.fetch:*"];
  const { id } = home.tasks.start(aTask(task));
  await tick();
  const send = async (call: Record<string, unknown>): Promise<ExecutorReply> =>
    ExecutorReply.parse(JSON.parse(await home.desk.handle(JSON.stringify({ taskId: id, ...call }))));
  const ask = (step: number) => send({ kind: "ask", step, attempt: 0, prompt: PROMPT });
  const call = (callId: string, tool: string, input: unknown = {}, settled = false) => send({ kind: "call", callId, tool, input, settled });
  return { ...home, id, model, send, ask, call };
}

test("ExecutorDesk asks the model once for a step, however often it is asked, also after it answered", async () => {
  const { ask, model, store, id } = await desk([{ text: "one" }]);
  const both = await Promise.all([ask(0), ask(0)]);
  expect(both[0]).toEqual(both[1]);
  expect(await ask(0)).toEqual(both[0]);
  expect(model.prompts).toHaveLength(1);
  expect(store.get(id)).toMatchObject({ steps: 1 });
});

test("ExecutorDesk gives a failed call of the model as a value, and may be asked again", async () => {
  const { ask } = await desk([{ error: new ModelError("overloaded", "Busy.", true, 3_000) }, { text: "ok" }]);
  expect(await ask(0)).toMatchObject({ asked: { failure: { code: "model_overloaded", retryable: true, retryAfterMs: 3_000 } } });
  expect(await ask(0)).toMatchObject({ asked: { step: { text: "ok" } } });
});

test("ExecutorDesk refuses a step beyond what the task may use, and one without a model", async () => {
  const { ask, clock } = await desk([{ text: "never" }]);
  expect(await ask(40)).toMatchObject({ asked: { failure: { code: "too_many_steps", retryable: false } } });
  clock.now += 30 * 60_000;
  expect(await ask(0)).toMatchObject({ asked: { failure: { code: "timeout" } } });
  const off = await desk([], { offline: true });
  expect(await off.ask(0)).toMatchObject({ asked: { failure: { code: "model_unavailable", retryable: false } } });
});

test("ExecutorDesk answers nothing for a task that waits for its turn, has ended, is not there, or whose user is suspended", async () => {
  const { ask, call, tasks, id, send, state } = await desk([{ text: "never" }]);
  state.suspended = true;
  expect(await ask(0)).toEqual({ kind: "gone" });
  state.suspended = false;
  tasks.cancel(id);
  for (const asked of [
    ask(0),
    call("0.0", "recall"),
    send({ kind: "end", status: "done", error: null }),
    send({ taskId: "nope", kind: "end", status: "done", error: null }),
  ])
    expect(await asked).toEqual({ kind: "gone" });
});

test("ExecutorDesk stops a call under way when its task is cancelled, and lets its late answer leave no trace", async () => {
  const heard: AbortSignal[] = [];
  const hangs: ReturnType<typeof fakeModel>["doStream"] = ({ abortSignal }) =>
    new Promise((_resolve, reject) => {
      if (abortSignal) heard.push(abortSignal);
      abortSignal?.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const { ask, tasks, id, store } = await desk([], { model: { ...fakeModel([]), doStream: hangs } });
  const asked = ask(0);
  await tick();
  tasks.cancel(id);
  expect(await asked).toEqual({ kind: "gone" });
  expect(heard.map(({ aborted }) => aborted)).toEqual([true]);
  expect(store.stepsOf(id)).toEqual([]);
});

test("ExecutorDesk offers the profile's tools and never the coordinator's, whatever the profile says", async () => {
  const { call, store, id, calls } = await desk();
  expect(await call("0.0", "recall")).toMatchObject({ outcome: { status: "done" } });
  for (const [index, tool] of ["add_todo", "delegate", "nope"].entries()) {
    expect(await call(`0.${index + 1}`, tool), tool).toMatchObject({ outcome: { status: "failed" } });
    expect(calls.get(`${id}:0.${index + 1}`)).toBeNull();
  }
  const row = store.get(id);
  expect(row?.plan.tools).not.toContain("delegate");
});

test("ExecutorDesk makes a call once, under the task's name, unattended", async () => {
  const { call, gate, id } = await desk();
  const first = await call("0.0", "recall");
  expect(await call("0.0", "recall")).toEqual(first);
  expect(gate.events.filter(({ kind }) => kind === "call")).toMatchObject([
    { callId: `${id}:0.0`, turnId: id, origin: "unattended", tainted: false },
  ]);
});

test("ExecutorDesk marks calls by what earlier steps read, as its own records say, and not by what the same step reads", async () => {
  const { call, gate } = await desk();
  await call("0.0", "web_fetch");
  await call("0.1", "recall");
  await call("1.0", "recall");
  expect(gate.events.filter(({ kind }) => kind === "call").map(({ tainted }) => tainted)).toEqual([false, false, true]);
});

test("ExecutorDesk taints every call of a task that was begun where content from outside was read", async () => {
  const { call, gate } = await desk([], { task: { tainted: true } });
  await call("0.0", "recall");
  expect(gate.events[0]).toMatchObject({ tainted: true });
});

test("ExecutorDesk makes a task wait when it asks what became of a parked call, and tells it the end when there is one", async () => {
  const { call, store, id, answer, tasks } = await desk();
  const parked = await call("0.0", "read_document", { to: "bob@example.com" });
  expect(parked).toMatchObject({ outcome: { status: "waiting" } });
  expect(store.get(id)?.status).toBe("running");
  expect(await call("0.0", "read_document", { to: "bob@example.com" }, true)).toMatchObject({ outcome: { status: "waiting" } });
  expect(store.get(id)?.status).toBe("waiting_approval");
  answer(id);
  tasks.settled(id);
  expect(store.get(id)?.status).toBe("running");
  expect(await call("0.0", "read_document", { to: "bob@example.com" }, true)).toMatchObject({ outcome: { status: "denied" } });
});

test("ExecutorDesk refuses what does not parse", async () => {
  const { send } = await desk();
  for (const call of [
    { kind: "approve", id: "a1" },
    { kind: "call", callId: "0.0:undo", tool: "recall", input: {}, settled: false },
    { kind: "end", status: "cancelled", error: null },
  ])
    await expect(send(call)).rejects.toThrow();
});

test("ExecutorDesk shows what a call prints with its task, and keeps it nowhere", async () => {
  const { call, frames, tasks, store, id } = await desk();
  await call("0.0", "recall");
  expect(frames).toContainEqual(expect.objectContaining({ task: expect.objectContaining({ id, progress: "recall prints" }) }));
  expect(JSON.stringify([store.get(id), tasks.get(id)])).not.toContain("prints");
});

test("ExecutorDesk marks a task that has read something from outside before it tells how far it is", async () => {
  const { call, store, id, tasks, frames } = await desk();
  await call("0.0", "recall");
  expect(tasks.numbered(1)).toMatchObject({ progress: "Did recall", tainted: false });
  await call("1.0", "web_fetch");
  expect(tasks.numbered(1)).toMatchObject({ progress: "Did web_fetch", tainted: true });
  const shown = frames.flatMap((frame) => (frame.type === "task" ? [frame.task] : []));
  expect(shown.filter(({ progress, tainted }) => progress === "Did web_fetch" && !tainted)).toEqual([]);
  tasks.end(id, "done", null);
  expect(store.get(id)).toMatchObject({ tainted: true, begunTainted: false });
});
