import { z } from "zod";
import { Priority, type Todo, TodoInput, TodoPatch, TodoQuery } from "../tools/todos/todo.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** A to-do as the API shows it. */
export const TodoView = z.object({
  id: z.string(),
  title: z.string(),
  notes: z.string(),
  priority: Priority,
  /** ISO 8601 in UTC. Without a time of day it is the last millisecond of that day in `time_zone`. */
  due_at: z.string().nullable(),
  due_has_time: z.boolean(),
  time_zone: z.string(),
  status: z.enum(["open", "done"]),
  created_at: z.string(),
  updated_at: z.string(),
  completed_at: z.string().nullable(),
});
export type TodoView = z.infer<typeof TodoView>;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export const todoView = (todo: Todo): TodoView => ({
  id: todo.id,
  title: todo.title,
  notes: todo.notes,
  priority: todo.priority,
  due_at: iso(todo.dueAt),
  due_has_time: todo.dueHasTime,
  time_zone: todo.timeZone,
  status: todo.status,
  created_at: new Date(todo.createdAt).toISOString(),
  updated_at: new Date(todo.updatedAt).toISOString(),
  completed_at: iso(todo.completedAt),
});

const params = z.object({ id: z.string().min(1).max(64) });
const tag = "To-dos";

export const todoRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/todos",
    who: "user",
    tag,
    summary: "Your to-dos: open ones by due date, done ones by when they were done",
    query: TodoQuery,
    responses: { 200: { description: "At most `limit` of them.", schema: z.object({ todos: z.array(TodoView) }) } },
    handle: async (context) => ({
      todos: (await retrying(() => withAgent(context, (agent, caller) => agent.listTodos(caller, context.query)))).map(todoView),
    }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/todos",
    who: "user",
    tag,
    summary: "Add a to-do. `due` is ISO 8601 or plain words (`tomorrow at 9`) in your time zone",
    body: TodoInput,
    responses: {
      201: { description: "The new to-do.", schema: TodoView },
      400: { description: "`invalid_request`: a field is wrong, or `due` is not clear; the message asks back." },
      409: { description: "`conflict`: there are 5,000 open to-dos." },
    },
    handle: async (context) =>
      Response.json(todoView(await withAgent(context, (agent, caller) => agent.addTodo(caller, context.body))), { status: 201 }),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/todos/{id}",
    who: "user",
    tag,
    summary: "Change, complete or reopen a to-do. `due: null` removes the due date",
    params,
    body: TodoPatch,
    responses: { 200: { description: "The to-do as it is now.", schema: TodoView }, 404: { description: "`not_found`" } },
    handle: async (context) =>
      todoView(await withAgent(context, (agent, caller) => agent.updateTodo(caller, context.params.id, context.body))),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/todos/{id}",
    who: "user",
    tag,
    summary: "Delete a to-do",
    params,
    responses: { 200: { description: "The to-do that was deleted.", schema: TodoView }, 404: { description: "`not_found`" } },
    handle: async (context) => todoView(await withAgent(context, (agent, caller) => agent.deleteTodo(caller, context.params.id))),
  }),
];
