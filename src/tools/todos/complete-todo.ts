import { z } from "zod";
import { marked, todoTool, view, Which } from "./todo-tool.ts";

export const completeTodo = todoTool({
  name: "complete_todo",
  version: 1,
  description: "Mark a to-do done, or open again",
  input: z.object({ todo: Which.describe("id or title words"), done: z.boolean().optional() }),
  effect: "write",
  describe: ({ todo, done }) => (done === false ? `Reopen the to-do “${todo}”` : `Mark the to-do “${todo}” as done`),
  execute({ todo: which, done = true }, { stores }) {
    const before = stores.todos.find(which);
    const todo = stores.todos.update(before.id, { status: done ? "done" : "open" });
    return {
      output: { [done ? "completed" : "reopened"]: view(todo) },
      summary: `${done ? "Completed" : "Reopened"} “${todo.title}”`,
      receipt: { before, at: todo.updatedAt },
      ...marked(todo),
    };
  },
});
