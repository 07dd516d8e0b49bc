import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { OperationInput, OperationName, OperationOutput } from "../../src/agent/operations.ts";
import { database } from "../../src/db/database.ts";
import { user as users } from "../../src/db/schema.ts";
import { unwrap } from "../../src/errors.ts";
import type { ImportPlan, ImportReport } from "../../src/import/shapes.ts";
import { testUser, type TestUser } from "./agent-client.ts";

/** A user who is in D1 as well, where memory and knowledge are on record. */
export async function importUser(): Promise<TestUser> {
  const made = await testUser();
  const now = new Date();
  const db = await database(env);
  await db
    .insert(users)
    .values({ id: made.id, name: "Ada", email: `${made.id}@example.com`, role: "user", createdAt: now, updatedAt: now });
  return made;
}

export async function ask<Name extends OperationName>(
  user: TestUser,
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name>> {
  return unwrap(await user.stub.ask(user.caller, name, input)) as OperationOutput<Name>;
}

/** Uploads an archive, as `POST /api/v1/files` does, and plans its import. */
export async function planImport(user: TestUser, bytes: Uint8Array, name: string): Promise<ImportPlan> {
  const key = `u/${user.id}/uploads/2026-05/${crypto.randomUUID()}`;
  await env.FILES.put(key, bytes);
  return ask(user, "import.plan", { key, name });
}

/** Waits until it is over. */
export async function imported(user: TestUser, id: string): Promise<ImportReport> {
  let report = await ask(user, "import.report", id);
  const status = async (): Promise<string> => {
    report = await ask(user, "import.report", id);
    return report.status;
  };
  await expect.poll(status, { timeout: 60_000 }).not.toBe("running");
  return report;
}

/** Runs it to its end. */
export async function runImport(user: TestUser, id: string): Promise<ImportReport> {
  await ask(user, "import.run", id);
  return imported(user, id);
}

/** The texts of a page of messages. */
export const textsOf = async (user: TestUser, query: { search?: string; conversation_id?: string }): Promise<string[]> =>
  unwrap(await user.stub.messages(user.caller, { limit: 200, ...query })).messages.map(({ text }) => text);

export const memoriesOf = async (user: TestUser) => (await ask(user, "memory.list", { state: "current", limit: 200 })).memories;
