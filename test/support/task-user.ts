import type { OperationInput, OperationName, OperationOutput } from "../../src/agent/operations.ts";
import { unwrap } from "../../src/errors.ts";
import type { TaskInput, TaskView } from "../../src/tasks/shapes.ts";
import { TaskInput as Input } from "../../src/tasks/shapes.ts";
import type { TestUser } from "./agent-client.ts";
import { EXECUTOR } from "./task-steps.ts";

/** An operation with the type of its own output. */
export async function operation<Name extends OperationName>(
  user: TestUser,
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name>> {
  return unwrap(await user.stub.ask(user.caller, name, input)) as OperationOutput<Name>;
}

export const tasksOf = async (user: TestUser): Promise<TaskView[]> =>
  (await operation(user, "tasks.list", { status: "all", limit: 100 })).tasks;

/** Begins one by the API; gives its id. */
export async function begin(
  user: TestUser,
  input: Partial<TaskInput> & { input: string },
  key: string = crypto.randomUUID(),
): Promise<string> {
  return (await operation(user, "tasks.begin", { input: Input.parse(input), key, bodyHash: JSON.stringify(input) })).task.id;
}

export const ended = (user: TestUser, id: string): Promise<TaskView> => operation(user, "tasks.ended", { id, waitMs: 20_000 });

/** What the agent said, oldest first. */
export const saidBy = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.messages(caller, { limit: 50 }))
    .messages.filter(({ role }) => role === "assistant")
    .map(({ text }) => text);

/** The requests that executors made. */
export const asWorker = async (user: TestUser): Promise<string[]> =>
  (await user.model.requests()).map(({ body }) => JSON.stringify(body)).filter((body) => body.includes(EXECUTOR));
