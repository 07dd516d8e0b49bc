import { z } from "zod";
import { TodoInput } from "./todo.ts";
import { dueOf, marked, todoTool, view } from "./todo-tool.ts";

export const addTodo = todoTool({
  name: "add_todo",
  version: 1,
  description: "Add to the user's to-do list",
  input: z.object({
    title: TodoInput.shape.title,
    due: z.string().min(1).max(200).optional().describe("ISO or words: tomorrow 9am"),
    priority: TodoInput.shape.priority.removeDefault().optional().describe("p1 urgent"),
    notes: z.string().max(10_000).optional(),
  }),
  effect: "write",
  describe: ({ title, due }) => `Add “${title}” to your to-dos${due === undefined ? "" : `, due ${due}`}`,
  execute(input, { stores, idempotencyKey, saidAt, tainted }) {
    const todo = stores.todos.add(
      { title: input.title, notes: input.notes ?? "", priority: input.priority ?? "p4", due: input.due ?? null },
      { key: idempotencyKey, saidAt, tainted },
    );
    const due = todo.dueAt === null ? "" : `, due ${dueOf(todo)}`;
    return {
      output: { added: view(todo) },
      summary: `Added “${todo.title}”${due}`,
      receipt: { added: todo.id, at: todo.updatedAt },
      ...marked(todo),
    };
  },
});
