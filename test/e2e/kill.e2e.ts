import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { z } from "zod";
import { MessagePage, Outcome } from "../../src/agent/shapes.ts";
import { ExecutionPlan } from "../../src/plans/shapes.ts";
import { newState, removeState, startDevServer, until, type DevServer } from "../support/dev-server.ts";
import { startModelServer } from "../support/model-server.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";
import { coordinator, worker } from "../support/task-steps.ts";

let models: Awaited<ReturnType<typeof startModelServer>>;
let model: ModelScript;
let state: string;
let server: DevServer | null = null;

beforeEach(async () => {
  models = await startModelServer();
  model = modelScript(models.url, "sk-kill-test");
  state = newState();
});
afterEach(async () => {
  await server?.kill();
  server = null;
  await models.close();
  removeState(state);
});

/** Starts on the state that is there, with the scripted model as the owner's provider. */
async function start(): Promise<DevServer> {
  server = await startDevServer({ built: inject("builtWorker"), state });
  return server;
}

async function connect(to: DevServer): Promise<void> {
  const body = JSON.stringify({ api_key: model.key, base_url: `${models.url}/v1` });
  const response = await to.owner("/api/v1/models/providers/anthropic/default", { method: "PUT", body });
  expect(response.status, await response.clone().text()).toBeLessThan(300);
}

const say = (to: DevServer, message: string, key: string): Promise<Response> =>
  to.owner("/api/v1/chat", { method: "POST", body: JSON.stringify({ message }), headers: { "idempotency-key": key } });

async function history(of: DevServer): Promise<z.infer<typeof MessagePage>["messages"]> {
  const response = await of.owner("/api/v1/messages?limit=100");
  return MessagePage.parse(await response.json()).messages;
}

/** What was said, in order, without what does not matter here. */
const said = (messages: z.infer<typeof MessagePage>["messages"]): string[] => messages.map(({ role, text }) => `${role}: ${text}`);

const answered = (of: DevServer): Promise<string[]> =>
  until("the reply", async () => {
    const messages = await history(of);
    return messages.some((message) => message.role === "assistant") ? said(messages) : null;
  });

test("kill -9 in the middle of a model call: the turn is finished once after a restart, and its key gives the one reply", async () => {
  const first = await start();
  await connect(first);
  await model.set([{ text: "never heard", delayMs: 60_000 }]);
  const lost = say(first, "Tell me about margays", "key-1").then(
    () => "answered",
    () => "cut",
  );
  await until("the model call", async () => ((await model.requests()).length === 1 ? true : null));
  await first.kill();
  expect(await lost).toBe("cut");

  await model.set([{ text: "They are small cats." }], { error: { status: 400 } });
  const second = await start();
  expect(await answered(second)).toEqual(["user: Tell me about margays", "assistant: They are small cats."]);
  expect(await model.requests()).toHaveLength(1);

  const repeated = await say(second, "Tell me about margays", "key-1");
  expect(repeated.status).toBe(200);
  expect(Outcome.parse(await repeated.json())).toMatchObject({ status: "done", reply: "They are small cats." });
  const other = await say(second, "Something else", "key-1");
  expect(other.status).toBe(409);

  expect(said(await history(second))).toEqual(["user: Tell me about margays", "assistant: They are small cats."]);
  expect(await model.requests()).toHaveLength(1);
});

test("kill -9 between a tool call and the answer: the tool has run once", async () => {
  const first = await start();
  await connect(first);
  await model.set([{ toolCalls: [{ name: "add_todo", input: { title: "Film the video" } }] }, { text: "never heard", delayMs: 60_000 }]);
  const lost = say(first, "Remember to film the video", "key-2").then(
    () => "answered",
    () => "cut",
  );
  await until("the second model call", async () => ((await model.requests()).length === 2 ? true : null));
  await first.kill();
  expect(await lost).toBe("cut");

  await model.set([{ text: "It is on your list." }], { error: { status: 400 } });
  const second = await start();
  expect(await answered(second)).toEqual(["user: Remember to film the video", "assistant: It is on your list."]);
  const todos = z.object({ todos: z.array(z.object({ title: z.string() })) });
  const listed = todos.parse(await (await second.owner("/api/v1/todos")).json());
  expect(listed.todos.map((todo) => todo.title)).toEqual(["Film the video"]);
});

test("a message that was acknowledged and then killed before its turn began is answered", async () => {
  const first = await start();
  await connect(first);
  await model.set([{ text: "busy", delayMs: 60_000 }]);
  const lost = [say(first, "one", "key-3").catch(() => null)];
  await until("the model call", async () => ((await model.requests()).length === 1 ? true : null));
  lost.push(say(first, "two", "key-4").catch(() => null));
  await until("the second message", async () => ((await history(first)).length === 2 ? true : null));
  await first.kill();
  await Promise.all(lost);

  await model.set([], { text: "yes" });
  const second = await start();
  const messages = await until("both replies", async () => {
    const all = await history(second);
    return all.filter((message) => message.role === "assistant").length === 2 ? all : null;
  });
  expect(messages.filter((message) => message.role === "user").map((message) => message.text)).toEqual(["one", "two"]);
});

test("kill -9 in the middle of a plan: what was done stays done once, the rest is done after a restart, and its end is told once", async () => {
  const first = await start();
  await connect(first);
  await model.set([worker({ text: "never heard", delayMs: 60_000 })]);
  const steps = [
    { name: "note", title: "Note it", work: { kind: "tool", tool: "add_todo", input: { title: "Pack the tent" } } },
    { name: "look", title: "Look it up", work: { kind: "agent", input: "What to take along beside {{note}}?" } },
    { name: "keep", title: "Keep it", work: { kind: "tool", tool: "write_file", input: { path: "/outputs/trip.md", text: "{{look}}" } } },
  ];
  const made = await first.owner("/api/v1/plans", { method: "POST", body: JSON.stringify({ goal: "Get ready", steps }) });
  const { id } = ExecutionPlan.parse(await made.json());
  const run = await first.owner(`/api/v1/plans/${id}/run`, { method: "POST", body: JSON.stringify({ approve_rest: true }) });
  expect(run.status).toBe(202);
  await until("the executor's model call", async () => ((await model.requests()).length === 1 ? true : null));
  await first.kill();

  await model.set([worker({ text: "A lamp." }), coordinator({ text: "You are ready." })], { error: { status: 400 } });
  const second = await start();
  const plan = await until(
    "the end of the plan",
    async () => {
      const now = ExecutionPlan.parse(await (await second.owner(`/api/v1/plans/${id}`)).json());
      return now.ended_at === null ? null : now;
    },
    120_000,
  );
  expect(plan.steps.map(({ name, status }) => `${name} ${status}`)).toEqual(["note done", "look done", "keep done"]);
  await until("what came of it", async () => ((await history(second)).some(({ text }) => text === "You are ready.") ? true : null));
  const todos = z.object({ todos: z.array(z.object({ title: z.string() })) });
  expect(todos.parse(await (await second.owner("/api/v1/todos")).json()).todos).toHaveLength(1);
  expect(await (await second.owner("/api/v1/workspace/content?path=/outputs/trip.md")).text()).toBe("A lamp.");
  expect((await history(second)).filter(({ role }) => role === "assistant")).toHaveLength(1);
  expect(await model.requests()).toHaveLength(2);
});
