import { plain } from "../../plain.ts";
import { z } from "zod";

/** A to-do as the tools answer it (see `view` in `todo-tool.ts`), read back by commands and the offline model. */
export const ListedTodo = z.object({
  n: z.number().optional(),
  id: z.string(),
  title: z.string(),
  priority: z.string().optional(),
  due: z.string().optional(),
  notes: z.string().optional(),
  done: z.boolean().optional(),
  overdue: z.boolean().optional(),
});
export type ListedTodo = z.infer<typeof ListedTodo>;

export const TodoList = z.object({ todos: z.array(ListedTodo), not_shown: z.number().optional() });
export type TodoList = z.infer<typeof TodoList>;

/** What a write answers: one key that says what was done, with the to-do as it is (or was) under it. */
export const TodoChange = z.union([
  z.object({ added: ListedTodo }),
  z.object({ updated: ListedTodo }),
  z.object({ completed: ListedTodo }),
  z.object({ reopened: ListedTodo }),
  z.object({ deleted: ListedTodo }),
]);
export type TodoChange = z.infer<typeof TodoChange>;

/** A to-do on one line of Markdown: `**Film the video** · p1 · due Thu 19 Nov 2026`. */
export const line = (todo: ListedTodo): string =>
  [
    `${todo.done ? "✓ " : ""}**${plain(todo.title)}**`,
    todo.priority ?? "",
    todo.due === undefined ? "" : `due ${todo.due}${todo.overdue ? " (overdue)" : ""}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");

/** The list in Markdown, each with the number it can be called by. */
export function listText(list: TodoList, empty: string): string {
  if (list.todos.length === 0) return empty;
  const lines = list.todos.map((todo) => (todo.n === undefined ? `- ${line(todo)}` : `${todo.n}. ${line(todo)}`));
  if (list.not_shown !== undefined) lines.push("", `… and ${list.not_shown} more.`);
  return lines.join("\n");
}

/** A sentence about a change. */
export function changeText(change: TodoChange): string {
  if ("added" in change) return `Added ${line(change.added)}.`;
  if ("updated" in change) return `Changed: ${line(change.updated)}.`;
  if ("completed" in change) return `Done: **${plain(change.completed.title)}**.`;
  if ("reopened" in change) return `Open again: ${line(change.reopened)}.`;
  return `Deleted **${plain(change.deleted.title)}**.`;
}
