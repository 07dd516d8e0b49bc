import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { Priority, TodoInput, type TodoPatch } from "./todo.ts";
import { dueOf, marked, todoTool, view, Which } from "./todo-tool.ts";

export const updateTodo = todoTool({
  name: "update_todo",
  version: 1,
  description: "Change a to-do",
  input: z.object({
    todo: Which.describe("id or title words"),
    title: TodoInput.shape.title.optional(),
    due: z.string().max(200).optional().describe('"" removes'),
    priority: Priority.optional(),
    notes: z.string().max(10_000).optional(),
  }),
  effect: "write",
  describe: ({ todo, ...wanted }) =>
    `Change the to-do “${todo}”: ${Object.entries(wanted)
      .map(([field, value]) => `${field} ${value}`)
      .join(", ")}`,
  execute({ todo: which, due, ...fields }, { stores, saidAt, tainted }) {
    const patch: TodoPatch = { ...fields, ...(due === undefined ? {} : { due: due.trim() === "" ? null : due }) };
    if (Object.values(patch).every((value) => value === undefined))
      throw new MargayError("invalid_request", "Say what to change: title, due, priority or notes.");
    const before = stores.todos.find(which);
    const todo = stores.todos.update(before.id, patch, { saidAt, tainted });
    return {
      output: { updated: view(todo) },
      summary: `Changed “${before.title}”${changes(patch, dueOf(todo))}`,
      receipt: { before, at: todo.updatedAt },
      ...marked(before, todo),
    };
  },
});

function changes(patch: TodoPatch, due: string): string {
  const parts = [
    patch.title === undefined ? "" : `now “${patch.title}”`,
    patch.due === undefined ? "" : patch.due === null ? "no due date" : `due ${due}`,
    patch.priority ?? "",
    patch.notes === undefined ? "" : "notes",
  ].filter((part) => part !== "");
  return `: ${parts.join(", ")}`;
}
