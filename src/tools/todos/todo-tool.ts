import { z } from "zod";
import { echoDue } from "../../dates/echo.ts";
import { MargayError } from "../../errors.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { Todo } from "./todo.ts";
import type { TodoStores } from "./todo-port.ts";

/** What every to-do tool needs; granted to everybody by default. */
export const TODO_READ = "todos.read";
export const TODO_WRITE = "todos.write";

/** Which to-do: the short id from the list or words of its title. */
export const Which = z.string().trim().min(1).max(500);

/** When the to-do was changed by the call, UTC milliseconds; null: it was deleted. Whoever changed it since has the last word. */
const At = z.number().nullable().optional();

/** How a write is taken back: what was added goes, what was changed or deleted becomes what it was. */
const Receipt = z.union([z.object({ added: z.string(), at: At }), z.object({ before: Todo, at: At })]);

interface TodoToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  effect: Extract<Effect, "read" | "write">;
  /** One line for a person: what the call would do. */
  describe(input: z.output<Input>): string;
  execute(input: z.output<Input>, context: ToolContext<TodoStores>): ToolOutput;
}

/** A tool of the family: the same grants, limits and undo for each. */
export function todoTool<Input extends z.ZodType>(spec: TodoToolSpec<Input>): Tool<Input, TodoStores> {
  const { effect } = spec;
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    input: spec.input,
    capabilities: () => [effect === "read" ? TODO_READ : TODO_WRITE],
    effect: () => effect,
    destinations: () => [],
    untrusted: false,
    rateLimit: { calls: 300, perMs: 60_000 },
    timeoutMs: 10_000,
    // Each write sets a state or is made once by its key, so running it again after a crash changes nothing.
    replay: effect === "read" ? "safe" : "keyed",
    describe: (input) => spec.describe(input),
    execute: async (input, context) => spec.execute(input, context),
    ...(effect === "write" ? { undo: async (receipt: unknown, context: ToolContext<TodoStores>) => takeBack(receipt, context) } : {}),
  };
}

function takeBack(receipt: unknown, context: ToolContext<TodoStores>): ToolOutput {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
  const { at } = parsed.data;
  const current = context.stores.todos.current("added" in parsed.data ? parsed.data.added : parsed.data.before.id);
  if (at !== undefined && (current?.updatedAt ?? null) !== at)
    throw new MargayError("conflict", `“${current?.title ?? "That to-do"}” was changed or deleted since, so I left it as it is.`);
  if ("added" in parsed.data) {
    const todo = context.stores.todos.delete(parsed.data.added);
    return { output: { removed: todo.title }, summary: `Took back “${todo.title}”`, ...marked(todo) };
  }
  const todo = context.stores.todos.restore(parsed.data.before);
  return { output: { restored: view(todo) }, summary: `Put “${todo.title}” back as it was`, ...marked(todo) };
}

/** Where an answer comes from that holds such to-dos: nothing to say for the user's own. */
export const marked = (...todos: readonly Todo[]): Pick<ToolOutput, "untrusted"> =>
  todos.some(({ tainted }) => tainted) ? { untrusted: "to-dos, some written for content from outside" } : {};

/** A to-do as the model reads it: short, with the date as it was understood. Times are in the user's zone. */
export function view(todo: Todo, number?: number): Record<string, unknown> {
  return {
    ...(number === undefined ? {} : { n: number }),
    id: todo.id.slice(0, 8),
    title: todo.title,
    ...(todo.priority === "p4" ? {} : { priority: todo.priority }),
    ...(todo.dueAt === null ? {} : { due: dueOf(todo) }),
    ...(todo.notes === "" ? {} : { notes: todo.notes.length > 300 ? `${todo.notes.slice(0, 300)}…` : todo.notes }),
    ...(todo.status === "done" ? { done: true } : {}),
    ...(todo.completedAt === null ? {} : { done_on: echoDue(todo.completedAt, false, todo.timeZone) }),
  };
}

/** `Fri 27 Nov 2026, 15:00`, in the zone the date was given in. */
export const dueOf = (todo: Todo): string => (todo.dueAt === null ? "" : echoDue(todo.dueAt, todo.dueHasTime, todo.timeZone));
