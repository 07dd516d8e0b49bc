import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { OperationInput, OperationName } from "../../src/agent/operations.ts";
import { database } from "../../src/db/database.ts";
import { user as users } from "../../src/db/schema.ts";
import { unwrap } from "../../src/errors.ts";
import { MemoryPage, MemoryStatus, MemoryView } from "../../src/memory/shapes.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

/** A user whom D1 knows too: the record names them. */
async function knownUser(): Promise<TestUser> {
  const user = await testUser();
  const at = new Date(0);
  const db = await database(env);
  await db.insert(users).values({ id: user.id, name: "Ada", email: `${user.id}@example.com`, createdAt: at, updatedAt: at });
  return user;
}

const ask = async ({ stub, caller }: TestUser, name: OperationName, input: OperationInput): Promise<unknown> =>
  unwrap(await stub.ask(caller, name, input));
const texts = async (user: TestUser): Promise<string[]> =>
  MemoryPage.parse(await ask(user, "memory.list", { state: "all", limit: 50 })).memories.map(({ text }) => text);
const add = async (user: TestUser, text: string): Promise<MemoryView> =>
  MemoryView.parse(await ask(user, "memory.add", { text, kind: "fact", about_at: null, expires_at: null, pinned: false }));
const status = async (user: TestUser): Promise<MemoryStatus> => MemoryStatus.parse(await ask(user, "memory.status", null));
const inD1 = async ({ id }: TestUser): Promise<string[]> =>
  (await env.DB.prepare("SELECT row FROM memory WHERE user_id = ? ORDER BY id").bind(id).all<{ row: string }>()).results.map(
    ({ row }) => row,
  );

/** The object's own wake for memory, now. */
const wake = ({ object }: TestUser): Promise<void> =>
  runInDurableObject(object, (agent) =>
    agent.lifecycle.jobs.push({ id: "library", fn: "library", time: Date.now() }).then(() => undefined),
  );

const rowsWith = (user: TestUser, word: string): Promise<number> =>
  runInDurableObject(user.object, (_agent, { storage }) =>
    ["memory", "memory_forgotten", "search_entry", "message", "tool_call", "step"].reduce(
      (sum, table) =>
        sum +
        storage.sql
          .exec(`SELECT * FROM ${table}`)
          .toArray()
          .filter((row) => JSON.stringify(row).includes(word)).length,
      0,
    ),
  );

const ops = [
  { op: "add", kind: "fact", text: "Lives in Oslo", quote: "we moved to Oslo" },
  { op: "add", kind: "fact", text: "Has a dog called Rex", quote: "got a dog called Rex" },
];

test("UserAgent ended at any moment of the quiet pass remembers everything once, and calls the model again at most", async () => {
  for (let delay = 0; delay <= 60; delay += 12) {
    const user = await knownUser();
    await user.model.set([], { text: "Nice." });
    unwrap(await user.stub.converse(user.caller, httpMessage("we moved to Oslo and got a dog called Rex"), 20_000));
    await user.model.set([], { text: JSON.stringify({ ops }) });
    await runInDurableObject(
      user.object,
      (_agent, { storage }) => void storage.sql.exec("UPDATE message SET created_at = created_at - 200000"),
    );
    await wake(user).catch(() => undefined);
    await scheduler.wait(delay);
    await crash();
    await expect
      .poll(
        async () => {
          await wake(user);
          return (await status(user)).last_pass_at !== null;
        },
        { message: `after ${delay} ms`, timeout: 15_000, interval: 100 },
      )
      .toBe(true);
    expect((await texts(user)).toSorted(), `after ${delay} ms`).toEqual(["Has a dog called Rex", "Lives in Oslo"]);
    expect((await user.model.requests()).length, `after ${delay} ms`).toBeLessThanOrEqual(2);
    await expect.poll(() => inD1(user).then((rows) => rows.length), { message: `after ${delay} ms`, timeout: 10_000 }).toBe(2);
  }
});

test("UserAgent ended at any moment of forgetting has forgotten it everywhere, or not begun", async () => {
  const word = "swordfish";
  for (let delay = 0; delay <= 45; delay += 9) {
    const user = await knownUser();
    await user.model.set([], { text: "Noted." });
    unwrap(await user.stub.converse(user.caller, httpMessage(`the locker code word is ${word}`), 20_000));
    const { id } = await add(user, `The locker code word is ${word}`);
    await add(user, "Owns a boat");
    await expect.poll(() => inD1(user).then((rows) => rows.length)).toBe(2);
    const going = ask(user, "memory.forget", id).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await going;
    // Whoever was not told that it is done asks again, as a person would.
    await ask(user, "memory.forget", id).catch(() => null);
    await expect
      .poll(() => inD1(user).then((rows) => rows.join("\n")), { message: `after ${delay} ms`, timeout: 10_000 })
      .not.toContain(word);
    await expect
      .poll(
        async () => {
          await wake(user);
          return rowsWith(user, word);
        },
        { message: `after ${delay} ms`, timeout: 10_000, interval: 100 },
      )
      .toBe(0);
    expect(await texts(user), `after ${delay} ms`).toEqual(["Owns a boat"]);
    expect((await inD1(user)).length, `after ${delay} ms`).toBe(1);
  }
});

test("UserAgent ended in the middle of a turn that remembers remembers once", async () => {
  for (let delay = 0; delay <= 40; delay += 10) {
    const user = await knownUser();
    await user.model.set([{ toolCalls: [{ name: "remember", input: { text: "Owns a boat" } }] }], { text: "Noted." });
    const message = httpMessage("remember that I own a boat");
    const going = user.stub.receive(user.caller, message).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await going;
    unwrap(await user.stub.converse(user.caller, message, 20_000));
    expect((await texts(user)).length, `after ${delay} ms`).toBeLessThanOrEqual(1);
  }
});
