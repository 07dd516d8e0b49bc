import { z } from "zod";
import { ScheduleChange } from "../../tools/schedule/listed.ts";
import { type ListedTodo, TodoChange } from "../../tools/todos/listed.ts";
import type { Call } from "./answer.ts";
import type { Answered } from "./read-prompt.ts";

const again = ({ title, due, priority, notes }: ListedTodo): Call => ({
  tool: "add_todo",
  input: {
    title,
    ...(due === undefined ? {} : { due }),
    ...(priority === undefined ? {} : { priority }),
    ...(notes === undefined ? {} : { notes }),
  },
});

const Todo = z.object({ todo: z.string() });
const Kept = z.object({ remembered: z.string(), known: z.undefined() });

/** The opposite of the last change in the conversation, by the same tools. */
export function undoCalls(earlier: readonly Answered[]): { calls: Call[] } | { text: string } {
  for (const { tool, input, output } of earlier.toReversed()) {
    if (ScheduleChange.safeParse(output).success) return { text: "/undo takes that back." };
    // What was remembered is taken back by the record of calls, which knows what it replaced.
    if (tool === "remember" && Kept.safeParse(output).success) return { text: "/undo takes that back." };
    const change = TodoChange.safeParse(output);
    if (!change.success) continue;
    const { data } = change;
    if ("added" in data) return { calls: [{ tool: "delete_todo", input: { todo: data.added.id } }] };
    if ("completed" in data) return { calls: [{ tool: "complete_todo", input: { todo: data.completed.id, done: false } }] };
    if ("reopened" in data) return { calls: [{ tool: "complete_todo", input: { todo: data.reopened.id } }] };
    if ("deleted" in data) return { calls: [again(data.deleted)] };
    const named = Todo.safeParse(input);
    return {
      text: `I cannot tell what ${named.success ? `“${named.data.todo}”` : "it"} was before ${tool === "update_todo" ? "the change" : "that"}. Say how it should be.`,
    };
  }
  return { text: "There is nothing that I could take back." };
}
