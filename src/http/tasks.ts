import { z } from "zod";
import { bodyHash } from "../channels/body-hash.ts";
import { TaskDetail, TaskInput, TaskPage, TaskQuery, TaskView } from "../tasks/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { REPLAYED, requestKey } from "./idempotency-key.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "Tasks";

function answer(task: TaskView, replayed: boolean): Response {
  const headers = new Headers(replayed ? { [REPLAYED]: "true" } : {});
  const over = task.ended_at !== null;
  if (!over) {
    headers.set("location", `/api/v1/tasks/${encodeURIComponent(task.id)}`);
    headers.set("retry-after", "2");
  }
  return Response.json(task, { status: over ? 200 : 202, headers });
}

export const taskRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/tasks",
    who: "user",
    tag,
    summary: "Have something done in the background, by an agent of a profile",
    body: TaskInput,
    headers: {
      "Idempotency-Key": "1 to 255 visible ASCII characters. A repeat with the same body is the same task; another body is a 409.",
    },
    responses: {
      200: { description: "It ended within `wait_ms`; `status` says how, `result` what it found.", schema: TaskView },
      202: { description: "It waits for its turn, runs, or waits for an approval. Ask again at `Location`.", schema: TaskView },
      404: { description: "`not_found`: there is no such profile." },
      409: { description: "`idempotency_conflict`: this Idempotency-Key came with another body before." },
      429: { description: "`rate_limited`: 50 tasks wait already." },
    },
    async handle(context) {
      const started = Date.now();
      const { key } = requestKey(context.request, () => crypto.randomUUID());
      const asked = { input: context.body, key, bodyHash: await bodyHash(context.body) };
      const { task, duplicate } = await retrying(() => askAgent(context, "tasks.begin", asked));
      const left = (): number => Math.max(0, context.body.wait_ms - (Date.now() - started));
      return answer(await retrying(() => askAgent(context, "tasks.ended", { id: task.id, waitMs: left() })), duplicate);
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/tasks",
    who: "user",
    tag,
    summary: "Your tasks in the background, newest first",
    query: TaskQuery,
    responses: { 200: { description: "`next_before` is for the next page; null: this is the last.", schema: TaskPage } },
    handle: (context) => retrying(() => askAgent(context, "tasks.list", context.query)),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/tasks/{id}",
    who: "user",
    tag,
    summary: "One task with its steps: what was said and which tools were called",
    params,
    responses: { 200: { description: "As it is now.", schema: TaskDetail }, 404: { description: "`not_found`" } },
    handle: (context) => retrying(() => askAgent(context, "tasks.get", context.params.id)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/tasks/{id}/cancel",
    who: "user",
    tag,
    summary: "Stop a task at once. What it found until then stays",
    params,
    responses: {
      200: { description: "The task, cancelled.", schema: TaskView },
      404: { description: "`not_found`" },
      409: { description: "`conflict`: it has ended already." },
    },
    handle: (context) => askAgent(context, "tasks.cancel", context.params.id),
  }),
];
