import { Link } from "wouter";
import { useTodos } from "../api/todos.ts";
import { clock } from "../lib/time.ts";
import { compareTodos, dueInstant, dueText } from "../todos/todo-groups.ts";
import { useNow } from "../lib/use-now.ts";

/** The to-dos that come next, always in view beside the conversation. */
export function NextUp() {
  const todos = useTodos("open");
  const now = useNow();
  const next = (todos.data ?? []).toSorted(compareTodos).slice(0, 4);
  if (next.length === 0) return null;
  return (
    <section className="next-up" aria-label="Next up">
      <h2>Next up</h2>
      <ul>
        {next.map((todo) => {
          const instant = dueInstant(todo);
          return (
            <li key={todo.id}>
              <Link href="/todos">
                <span className="next-title">{todo.title}</span>
                <span className="next-due" data-late={(instant !== null && instant < now) || undefined}>
                  {dueText(now, todo, clock) ?? "No date"}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
