import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { httpMessage } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";
import { type KnowledgeUser, knowledgeUser } from "../support/knowledge-user.ts";

/** Long enough that its reading can be ended in many places. */
const long = (word: string): string =>
  Array.from(
    { length: 150 },
    (_, index) => `## Part ${index}\n\nThe ${word} of part ${index}. ${"More words about it follow. ".repeat(30)}`,
  ).join("\n\n");

/** The same call again until it is answered, as a client does. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt > 20) throw error;
    }
  }
}

/** One document, whole, once everywhere, and nothing left over. */
async function whole(user: KnowledgeUser, id: string, version: number, moment: string): Promise<void> {
  await expect.poll(async () => (await insist(() => user.ask("knowledge.document", id))).version, { timeout: 30_000 }).toBe(version);
  const document = await insist(() => user.read(id));
  expect(document, moment).toMatchObject({ status: "ready", version, error: null });
  await expect.poll(async () => (await user.traces())["document_waste"]).toBe(0);
  const chunks = document.chunks ?? -1;
  await expect.poll(async () => (await user.traces())["D1 document"]).toBe(1);
  expect(await user.traces(), moment).toMatchObject({
    document: 1,
    document_piece: chunks,
    index: chunks,
    "D1 chunk": chunks,
    "D1 document": 1,
    files: 1,
  });
}

test("UserAgent ended at any moment of an ingestion ends with one whole document", { timeout: 240_000 }, async () => {
  for (const delay of [0, 20, 60, 120, 250, 450, 700, 1_000]) {
    const user = await knowledgeUser();
    const { key } = await user.upload("Long.md", long("harbour"));
    const adding = user.ask("knowledge.add", { key }).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await adding;
    // Whoever got no answer asks again.
    const { documents, known } = await insist(() => user.ask("knowledge.add", { key }));
    const id = [...documents, ...known][0]?.id ?? "";
    await whole(user, id, 1, `after ${delay} ms`);
  }
});

test("UserAgent ended at any moment of a new version's ingestion has exactly one version to be found", { timeout: 240_000 }, async () => {
  for (const delay of [20, 100, 250, 500, 900]) {
    const user = await knowledgeUser();
    const { id } = await user.give("Long.md", long("harbour"));
    await user.read(id);
    await user.give("Long.md", long("lighthouse"), { replaces: id });
    await scheduler.wait(delay);
    await crash();
    const hits = await insist(() => user.ask("knowledge.search", { text: "harbour lighthouse part", limit: 50, collections: null }));
    const words = new Set(hits.flatMap(({ text }) => text.match(/harbour|lighthouse/g) ?? []));
    expect(words.size, `after ${delay} ms`).toBe(1);
    await whole(user, id, 2, `after ${delay} ms`);
  }
});

test("UserAgent ended in the middle of an ingestion goes on by its own alarm, when nobody calls", async () => {
  const user = await knowledgeUser();
  const { id } = await user.give("Long.md", long("harbour"));
  await expect.poll(async () => (await user.ask("knowledge.document", id)).status, { interval: 1 }).toBe("reading");
  const planned = await runInDurableObject(user.object, (_agent, { storage }) => storage.getAlarm());
  expect((planned ?? Infinity) - Date.now()).toBeLessThanOrEqual(30_000);
  await crash();
  await runDurableObjectAlarm(user.object);
  await expect
    .poll(
      () =>
        runInDurableObject(
          user.object,
          (_agent, { storage }) => storage.sql.exec("SELECT count(*) AS n FROM document WHERE content IS NOT NULL").one()["n"],
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe(1);
});

test("UserAgent ended while it deletes a document has nothing of it in the end", { timeout: 120_000 }, async () => {
  for (const delay of [0, 3, 8, 20, 50]) {
    const user = await knowledgeUser();
    const { id } = await user.give("Long.md", long("harbour"));
    await user.read(id);
    const deleting = user.ask("knowledge.delete", id).catch(() => null);
    await scheduler.wait(delay);
    await crash();
    await deleting;
    // Whoever got no answer asks again: it is gone, or it goes now.
    await insist(() =>
      user
        .ask("knowledge.delete", id)
        .catch((error: unknown) => (Reflect.get(Object(error), "code") === "not_found" ? null : Promise.reject(error))),
    );
    await expect.poll(async () => Object.values(await user.traces()).reduce((sum, count) => sum + count, 0), { timeout: 20_000 }).toBe(0);
  }
});

test("UserAgent ended after it took a message with a document takes the document in", async () => {
  for (const delay of [0, 5, 25]) {
    const user = await knowledgeUser();
    await user.model.set([], { text: "ok" });
    const file = await user.upload("Note.md", "# Note\n\nThe tide turns at six.", "text/markdown");
    const message = httpMessage("keep this", { content: [{ kind: "file", origin: "File from the user", file }] });
    await user.stub.receive(user.caller, message);
    await scheduler.wait(delay);
    await crash();
    await expect
      .poll(async () => (await insist(() => user.ask("knowledge.documents", { limit: 10 }))).documents.map(({ status }) => status), {
        timeout: 20_000,
      })
      .toEqual(["ready"]);
    expect((await env.FILES.list({ prefix: `u/${user.id}/uploads/` })).objects).toHaveLength(1);
  }
});
