import { createHmac } from "node:crypto";
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { OperationInput, OperationName } from "../../src/agent/operations.ts";
import { database } from "../../src/db/database.ts";
import { user as users } from "../../src/db/schema.ts";
import { unwrap } from "../../src/errors.ts";
import { FiringPage, ListenerMade } from "../../src/events/shapes.ts";
import { testUser, type TestUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

/** A user whom D1 knows too: addresses of hooks name them. */
async function knownUser(): Promise<TestUser> {
  const user = await testUser();
  const at = new Date(0);
  const db = await database(env);
  await db.insert(users).values({ id: user.id, name: "Ada", email: `${user.id}@example.com`, createdAt: at, updatedAt: at });
  return user;
}

const ask = async ({ stub, caller }: TestUser, name: OperationName, input: OperationInput): Promise<unknown> =>
  unwrap(await stub.ask(caller, name, input));
/** Again until it is answered: the object may be ended meanwhile. A service that posts does the same. */
const asking = async (user: TestUser, name: OperationName, input: OperationInput): Promise<unknown> => {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(user, name, input);
    } catch (error) {
      if (tries === 20) throw error;
      await scheduler.wait(20);
    }
  }
};

async function hookOf(user: TestUser, question: string | null) {
  const made = await ask(user, "listener.add", {
    source: { kind: "hook", scheme: { name: "github" } },
    when: { match: "all", fields: [], question },
    action: { kind: "prompt", prompt: "Review it", tier: null },
    batch_seconds: 0,
    per_hour: 100,
  });
  return ListenerMade.parse(made);
}

function delivery({ listener, secret }: ListenerMade, number: number) {
  const body = new TextEncoder().encode(JSON.stringify({ number, title: `Quokka ${number}` }));
  const signature = createHmac("sha256", secret ?? "")
    .update(body)
    .digest("hex");
  return {
    hookId: listener.hook_path?.replace("/hooks/", "") ?? "",
    headers: { "x-github-delivery": `d-${number}`, "x-hub-signature-256": `sha256=${signature}`, "content-type": "application/json" },
    body,
  };
}

const firings = async (user: TestUser, id: string) =>
  FiringPage.parse(await asking(user, "listener.firings", { id, query: { limit: 200 } })).firings.filter(
    ({ outcome }) => outcome !== "duplicate",
  );

/** What events began, by the texts that the agent was given. */
const begun = (user: TestUser): Promise<string[]> =>
  runInDurableObject(user.object, (_agent, { storage }) =>
    storage.sql
      .exec("SELECT content FROM message WHERE role = 'user' AND channel = 'agent'")
      .toArray()
      .map((row) => String(row["content"])),
  );

test.each([null, "Is it one?"])(
  "UserAgent ended at any moment acts once on each event that was taken, with the question %j",
  async (question) => {
    for (let delay = 0; delay <= 60; delay += 6) {
      const user = await knownUser();
      await user.model.set([], { text: "yes" });
      const made = await hookOf(user, question);
      // Twice each, as services do that hear nothing.
      const going = [1, 1, 2, 2].map((number) => ask(user, "listener.receive", delivery(made, number)).catch(() => null));
      await scheduler.wait(delay);
      await crash();
      await Promise.all(going);
      for (const number of [1, 2]) await asking(user, "listener.receive", delivery(made, number));
      await expect
        .poll(async () => (await firings(user, made.listener.id)).map(({ outcome }) => outcome), { message: `after ${delay} ms` })
        .toEqual(["fired", "fired"]);
      const texts = (await begun(user)).join("\n");
      for (const number of [1, 2]) expect(texts.split(`title: Quokka ${number}`).length - 1, `event ${number} after ${delay} ms`).toBe(1);
      const batches = new Set((await firings(user, made.listener.id)).map(({ batch }) => batch));
      expect((await begun(user)).length, `after ${delay} ms`).toBe(batches.size);
    }
  },
);

test("UserAgent ended while a hook is made or deleted leaves no address in D1 that its listener has not, in the end", async () => {
  for (let delay = 0; delay <= 40; delay += 8) {
    const user = await knownUser();
    const kept = await hookOf(user, null);
    const gone = await hookOf(user, null);
    const going = [ask(user, "listener.delete", gone.listener.id).catch(() => null), hookOf(user, null).catch(() => null)];
    await scheduler.wait(delay);
    await crash();
    await Promise.all(going);
    await expect
      .poll(
        async () => {
          await runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("UPDATE listener_hook SET next_at = 0"));
          await runInDurableObject(user.object, (agent) =>
            agent.lifecycle.jobs.push({ id: "event", fn: "event", time: Date.now() }).then(() => undefined),
          );
          const there = (await env.DB.prepare("SELECT id FROM hook WHERE user_id = ?").bind(user.id).all<{ id: string }>()).results.map(
            ({ id }) => id,
          );
          const wanted = await runInDurableObject(user.object, (_agent, { storage }) =>
            storage.sql
              .exec("SELECT hook_id FROM listener")
              .toArray()
              .map((row) => String(row["hook_id"])),
          );
          return (
            there.toSorted().join() === wanted.toSorted().join() && wanted.includes(kept.listener.hook_path?.replace("/hooks/", "") ?? "")
          );
        },
        { message: `after ${delay} ms`, interval: 100 },
      )
      .toBe(true);
  }
});
