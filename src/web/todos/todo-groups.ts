import type { TodoView } from "../api/todos.ts";
import { dayName, daysFrom } from "../lib/time.ts";

export interface TodoGroup {
  name: string;
  todos: TodoView[];
}

const GROUPS = ["Overdue", "Today", "Tomorrow", "Next 7 days", "Later", "No date"] as const;

/** When it is due, as an instant on this browser's calendar: a due day of another zone stays that day here. */
export function dueInstant(todo: TodoView): number | null {
  if (todo.due_at === null) return null;
  const at = Date.parse(todo.due_at);
  if (todo.due_has_time) return at;
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: todo.time_zone, dateStyle: "short" }).format(at).split("-").map(Number);
  const [year = 1970, month = 1, day = 1] = parts;
  return new Date(year, month - 1, day, 23, 59, 59).getTime();
}

function groupOf(now: number, due: number | null): (typeof GROUPS)[number] {
  if (due === null) return "No date";
  if (due < now) return "Overdue";
  const days = daysFrom(now, due);
  if (days <= 0) return "Today";
  if (days === 1) return "Tomorrow";
  return days <= 7 ? "Next 7 days" : "Later";
}

/** Open to-dos by when they are due; within a group by date, then priority, then age. Empty groups are left out. */
export function groupTodos(now: number, todos: TodoView[]): TodoGroup[] {
  const byName = Map.groupBy(todos, (todo) => groupOf(now, dueInstant(todo)));
  return GROUPS.flatMap((name) => {
    const list = byName.get(name);
    return list ? [{ name, todos: list.toSorted(compareTodos) }] : [];
  });
}

export function compareTodos(a: TodoView, b: TodoView): number {
  const far = Number.MAX_SAFE_INTEGER;
  return (
    (dueInstant(a) ?? far) - (dueInstant(b) ?? far) || a.priority.localeCompare(b.priority) || a.created_at.localeCompare(b.created_at)
  );
}

/** `Tomorrow, 09:00`. */
export function dueText(now: number, todo: TodoView, clock: (at: number) => string): string | null {
  const due = dueInstant(todo);
  if (due === null) return null;
  return todo.due_has_time ? `${dayName(now, due)}, ${clock(due)}` : dayName(now, due);
}

/** What to send as `due` so that a to-do gets the same date again. */
export function sameDue(todo: TodoView): string | null {
  if (todo.due_at === null) return null;
  if (todo.due_has_time) return todo.due_at;
  return new Intl.DateTimeFormat("en-CA", { timeZone: todo.time_zone, dateStyle: "short" }).format(Date.parse(todo.due_at));
}
