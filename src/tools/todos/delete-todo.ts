import { z } from "zod";
import { marked, todoTool, view, Which } from "./todo-tool.ts";

export const deleteTodo = todoTool({
  name: "delete_todo",
  version: 1,
  description: "Delete a to-do",
  input: z.object({ todo: Which.describe("id or title words") }),
  effect: "write",
  describe: ({ todo }) => `Delete the to-do “${todo}”`,
  execute({ todo: which }, { stores }) {
    const before = stores.todos.find(which);
    stores.todos.delete(before.id);
    return { output: { deleted: view(before) }, summary: `Deleted “${before.title}”`, receipt: { before, at: null }, ...marked(before) };
  },
});
