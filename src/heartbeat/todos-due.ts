import { echoDue } from "../dates/echo.ts";
import type { Todo, TodoQuery } from "../tools/todos/todo.ts";
import { dayAround } from "./quiet-hours.ts";
import { earliest, type HeartbeatSource } from "./source.ts";

/** So long before its time a to-do is told. One without a time of day is told on its day. */
const BEFORE_MS = 30 * 60_000;
/** What fell due longer ago is no news. */
const STALE_MS = 24 * 3_600_000;
/** To-dos that are looked at; they come in the order of their due dates. */
const MOST = 500;

/** To-dos that fall due. */
export function todosDue(todos: { list(query: TodoQuery): Todo[] }): HeartbeatSource {
  return {
    look(now) {
      const dated = todos
        .list({ status: "open", limit: MOST })
        .flatMap((todo) => (todo.dueAt === null ? [] : [{ todo, due: todo.dueAt, from: tellFrom(todo, todo.dueAt) }]));
      const changes = dated
        .filter(({ due, from }) => from <= now && due > now - STALE_MS)
        .map(({ todo, due }) => ({
          id: `todo:${todo.id}:${due}`,
          text: `To-do due ${echoDue(due, todo.dueHasTime, todo.timeZone)}: “${todo.title}”`,
          tainted: todo.tainted,
        }));
      const instants = dated.map(({ from }) => from);
      return { changes, next: earliest(instants, now) };
    },
  };
}

const tellFrom = (todo: Todo, due: number): number => (todo.dueHasTime ? due - BEFORE_MS : dayAround(due, todo.timeZone).start);
