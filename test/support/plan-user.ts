import { unwrap } from "../../src/errors.ts";
import { type ExecutionPlan, PlanDraft } from "../../src/plans/shapes.ts";
import type { TestUser } from "./agent-client.ts";
import { operation } from "./task-user.ts";

/** A step that adds a to-do. */
export const adds = (name: string, title: string, after: string[] = []) => ({
  name,
  title: `Add ${name}`,
  after,
  work: { kind: "tool" as const, tool: "add_todo", input: { title } },
});

/** A step that an executor does. */
export const asks = (name: string, input: string, after: string[] = []) => ({
  name,
  title: `Find ${name}`,
  after,
  work: { kind: "agent" as const, profile: "research", input },
});

/** Writes a plan down by the API. */
export async function propose(user: TestUser, steps: readonly unknown[], key: string = crypto.randomUUID()): Promise<ExecutionPlan> {
  const draft = PlanDraft.parse({ goal: "the goal", steps });
  return (await operation(user, "plans.add", { draft, key, bodyHash: "hash" })).plan;
}

export const planOf = (user: TestUser, id: string): Promise<ExecutionPlan> => operation(user, "plans.get", id);

/** Each step's name and status. */
export const stepsOf = ({ steps }: ExecutionPlan): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, status }) => [name, status]));

export const titlesOf = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.listTodos(caller, { status: "all", limit: 100 })).map(({ title }) => title);

export const pendingOf = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.approvals(caller, { state: "pending", limit: 20 })).approvals;
