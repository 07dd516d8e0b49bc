import { z } from "zod";
import { addDays } from "../../dates/calendar.ts";
import { endOfDay, toLocal } from "../../dates/zone.ts";
import type { Todo } from "./todo.ts";
import { marked, todoTool, view } from "./todo-tool.ts";

const LIMIT = 100;

export const listTodos = todoTool({
  name: "list_todos",
  version: 1,
  description: "List to-dos, next due first",
  input: z.object({
    status: z.enum(["open", "done", "all"]).optional(),
    search: z.string().trim().min(1).max(200).optional(),
    when: z.enum(["overdue", "today", "week"]).optional().describe("today and week include overdue"),
  }),
  effect: "read",
  describe: () => "Read your to-dos",
  execute({ status = "open", search, when }, { stores, now, timeZone }) {
    const until = when === undefined ? null : limitOf(when, now(), timeZone);
    const all = stores.todos.list({ status, limit: 500, ...(search === undefined ? {} : { search }) });
    const found = until === null ? all : all.filter((todo) => todo.dueAt !== null && todo.dueAt <= until);
    const numbers = stores.todos.numbers();
    const shown = found.slice(0, LIMIT);
    const overdue = (todo: Todo): boolean => todo.status === "open" && todo.dueAt !== null && todo.dueAt < now();
    return {
      output: {
        todos: shown.map((todo) => ({ ...view(todo, numbers.get(todo.id)), ...(overdue(todo) ? { overdue: true } : {}) })),
        ...(found.length > shown.length ? { not_shown: found.length - shown.length } : {}),
      },
      summary: found.length === 1 ? "Read 1 to-do" : `Read ${found.length} to-dos`,
      ...marked(...shown),
    };
  },
});

/** The last instant of the span, UTC milliseconds. */
function limitOf(when: "overdue" | "today" | "week", now: number, timeZone: string): number {
  if (when === "overdue") return now - 1;
  const today = toLocal(now, timeZone);
  return endOfDay(when === "today" ? today : addDays(today, 6), timeZone);
}
