import { expect } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "./agent-client.ts";

/** A model's wish to add a to-do. */
export const ADD = { toolCalls: [{ name: "add_todo", input: { title: "Water the plants" } }] };

/** A user who wants to be asked before every to-do, and a model that adds one. */
export async function asked(then = "Done."): Promise<TestUser & { approvalId: string }> {
  const user = await testUser();
  unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
  await user.model.set([ADD], { text: then });
  const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("add it"), 20_000));
  expect(outcome.status).toBe("waiting_approval");
  const [approvalId = ""] = outcome.approvals;
  return Object.defineProperties(Object.create(null), {
    ...Object.getOwnPropertyDescriptors(user),
    approvalId: { value: approvalId },
  }) as TestUser & { approvalId: string };
}

export const titles = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.listTodos(caller, { status: "all", limit: 100 })).map(({ title }) => title);
export const approve = (user: TestUser, id: string, answer: "once" | "task" | "always" | "deny" = "once", note?: string) =>
  user.stub.answerApproval(user.caller, id, { answer, note }, "http");
export const state = async (user: TestUser, id: string) => unwrap(await user.stub.approval(user.caller, id)).state;
export const said = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 })).messages.flatMap(({ role, text }) => (role === "assistant" ? [text] : []));
