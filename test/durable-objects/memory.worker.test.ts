import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import { Forgotten, MemoryPage, MemoryStatus, MemoryView } from "../../src/memory/shapes.ts";
import type { UserAgent } from "../../durable-objects/user-agent.ts";
import { type Client, join, setUp } from "../auth/client.ts";
import { modelScript, type ModelScript } from "../support/model-script.ts";

interface Person {
  client: Client & { id: string };
  object: DurableObjectStub<UserAgent>;
  model: ModelScript;
}
let owner: Client;
let ada: Person;
let bob: Person;

async function person(name: string): Promise<Person> {
  const client = await join(owner, name);
  const model = modelScript(env.MODEL_SERVER, `sk-${client.id}`);
  await client.call("PUT", "/api/v1/models/providers/anthropic/default", { api_key: model.key, base_url: `${env.MODEL_SERVER}/v1` });
  return {
    client,
    model,
    get object() {
      return env.USER_AGENT.getByName(client.id);
    },
  };
}

beforeAll(async () => {
  owner = await setUp();
  ada = await person("Ada");
  bob = await person("Bob");
}, 60_000);

const CANARY = `quokka${crypto.randomUUID().slice(0, 8)}`;
const call = async ({ client }: Person, method: string, path: string, body?: unknown, status = 200): Promise<unknown> => {
  const answer = await client.call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const add = async (who: Person, text: string, more: object = {}) =>
  MemoryView.parse(await call(who, "POST", "/api/v1/memory", { text, ...more }, 201));
const list = async (who: Person, query = "") => MemoryPage.parse(await call(who, "GET", `/api/v1/memory${query}`));
const chat = async (who: Person, message: string) => call(who, "POST", "/api/v1/chat", { message });
const inD1 = async (who: Person): Promise<string[]> =>
  (await env.DB.prepare("SELECT row FROM memory WHERE user_id = ?").bind(who.client.id).all<{ row: string }>()).results.map(
    ({ row }) => row,
  );

/** The tables of a user's object that hold a word anywhere, pages of the search tables included. */
const holding = ({ object }: Person, word: string): Promise<string[]> =>
  runInDurableObject(object, (_agent, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'",
      )
      .toArray();
    return tables
      .map(({ name }) => name)
      .filter((name) =>
        storage.sql
          .exec(`SELECT * FROM "${name}"`)
          .toArray()
          .some((row) =>
            Object.values(row).some((value) =>
              (value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value)).toLowerCase().includes(word),
            ),
          ),
      );
  });

/** What would come two minutes after the conversation, now. */
async function afterwards(who: Person): Promise<void> {
  await runInDurableObject(who.object, (agent, { storage }) => {
    storage.sql.exec("UPDATE message SET created_at = created_at - 200000");
    return agent.lifecycle.jobs.push({ id: "library", fn: "library", time: Date.now() }).then(() => undefined);
  });
}

describe("the memory routes", () => {
  test("add, show, change, pin, find, export and forget", async () => {
    const who = await person("Cleo");
    const denver = await add(who, "Lives in Denver");
    const oslo = await add(who, "I moved to Oslo");
    expect(await list(who)).toMatchObject({ memories: [{ id: oslo.id, replaces: denver.id }], counts: { fact: 1 }, next: null });
    expect(await list(who, "?state=past")).toMatchObject({ memories: [{ id: denver.id, superseded_by: oslo.id }] });
    const changed = MemoryView.parse(await call(who, "PATCH", `/api/v1/memory/${oslo.id}`, { text: "Lives in Bergen", pinned: true }));
    expect(changed).toMatchObject({ text: "Lives in Bergen", pinned: true, source: { kind: "page" } });
    expect(MemoryView.parse(await call(who, "GET", `/api/v1/memory/${denver.id}`)).superseded_at).not.toBeNull();
    expect(await call(who, "POST", "/api/v1/memory/recall", { text: "where do I live?" })).toMatchObject({
      hits: [{ text: "Lives in Bergen", space: "memory" }],
    });
    expect(await list(who, "?search=where+did+I+live")).toMatchObject({ memories: [{ text: "Lives in Bergen" }] });
    const exported = await who.client.call("GET", "/api/v1/memory/export");
    expect(exported.body).toMatchObject({
      memories: [{ text: "Lives in Denver" }, { text: "I moved to Oslo" }, { text: "Lives in Bergen" }],
    });
    await expect.poll(() => inD1(who).then((rows) => rows.length)).toBe(3);
    expect(Forgotten.parse(await call(who, "DELETE", `/api/v1/memory/${changed.id}`))).toMatchObject({ memories: 3, verified: true });
    expect(await inD1(who)).toEqual([]);
    expect(MemoryStatus.parse(await call(who, "GET", "/api/v1/memory/status"))).toMatchObject({
      unsaved: 0,
      quiet: true,
      last_pass_at: null,
    });
    for (const path of [changed.id, "nothing"]) await call(who, "GET", `/api/v1/memory/${path}`, undefined, 404);
    await call(who, "DELETE", `/api/v1/memory/${changed.id}`, undefined, 404);
    await call(who, "POST", "/api/v1/memory", { text: "  " }, 400);
    await call(who, "PATCH", `/api/v1/memory/${changed.id}`, {}, 400);
    await call(who, "POST", "/api/v1/memory/forget-all", { confirm: "yes" }, 400);
  });

  test("forget everything only by its own words", async () => {
    const who = await person("Dora");
    for (const text of ["Owns a boat", "Owns a car"]) await add(who, text);
    await expect.poll(() => inD1(who).then((rows) => rows.length)).toBe(2);
    expect(await call(who, "POST", "/api/v1/memory/forget-all", { confirm: "forget everything" })).toEqual({
      memories: 2,
      messages: 0,
      verified: true,
    });
    expect(await inD1(who)).toEqual([]);
    expect((await list(who)).memories).toEqual([]);
  });
});

describe("one user's memory", () => {
  test("appears for nobody else, in no route, recall, prompt or row", async () => {
    const { id } = await add(ada, `The code word is ${CANARY}`, { pinned: true });
    await expect.poll(() => inD1(ada).then((rows) => rows.length)).toBe(1);
    await bob.model.set([{ toolCalls: [{ name: "recall", input: { query: `code word ${CANARY}` } }] }], { text: "nothing" });
    await chat(bob, "what is the code word?");
    const seen = JSON.stringify([
      await list(bob),
      await list(bob, `?search=${CANARY}`),
      await call(bob, "POST", "/api/v1/memory/recall", { text: `code word ${CANARY}` }),
      (await bob.client.call("GET", "/api/v1/memory/export")).body,
      (await bob.client.call("GET", `/api/v1/memory/${id}`)).body,
      (await bob.client.call("PATCH", `/api/v1/memory/${id}`, { pinned: false })).body,
      (await bob.client.call("DELETE", `/api/v1/memory/${id}`)).body,
      await inD1(bob),
    ]);
    expect(seen).not.toContain("code word is");
    const prompts = JSON.stringify((await bob.model.requests()).map(({ body }) => body));
    expect(prompts).not.toContain("code word is");
    expect(await holding(bob, "code word is")).toEqual([]);
    expect(MemoryView.parse(await call(ada, "GET", `/api/v1/memory/${id}`)).pinned).toBe(true);
  });
});

describe("UserAgent", () => {
  test("has what is pinned or profile in every prompt, and what fits in the last message", async () => {
    const who = await person("Eva");
    await add(who, "Name is Eva", { kind: "profile" });
    await add(who, "The boat is in Bergen harbour");
    await who.model.set([], { text: "In Bergen." });
    await chat(who, "where is my boat?");
    const body = JSON.stringify((await who.model.requests())[0]?.body);
    expect(body).toContain("About the user:\\\\n- Name is Eva".replaceAll("\\\\", "\\"));
    expect(body).toContain("The boat is in Bergen harbour (you, ");
    expect((await list(who)).memories.find(({ text }) => text.includes("boat"))?.uses).toBe(1);
  });

  test("remembers when told, undoes it, and forgets without a trace: rows, record, index, conversation, calls, trail", async () => {
    const who = await person("Finn");
    await who.model.set([{ toolCalls: [{ name: "remember", input: { text: `The locker code word is ${CANARY}` } }] }], {
      text: `Noted: ${CANARY}.`,
    });
    await chat(who, `Remember that the locker code word is ${CANARY}`);
    expect((await list(who)).memories).toMatchObject([
      { source: { kind: "chat", quote: `Remember that the locker code word is ${CANARY}` } },
    ]);
    await expect.poll(() => inD1(who).then((rows) => rows.join("\n"))).toContain(CANARY);
    expect(await call(who, "GET", "/api/v1/undo")).toMatchObject({ changes: [{ tool: "remember", summary: "Remembered 1 fact" }] });
    await who.model.set([{ toolCalls: [{ name: "forget", input: { what: "that" } }] }], { text: "Forgotten." });
    expect(await chat(who, "Forget that.")).toMatchObject({
      status: "done",
      actions: [{ type: "forget", status: "done", summary: "Forgot 1 memory" }],
    });
    await expect.poll(() => holding(who, CANARY)).toEqual([]);
    expect(await inD1(who)).toEqual([]);
    const shown = JSON.stringify([
      (await who.client.call("GET", "/api/v1/messages")).body,
      (await who.client.call("GET", "/api/v1/audit")).body,
      await call(who, "POST", "/api/v1/memory/recall", { text: `locker code word ${CANARY}` }),
    ]);
    expect(shown).not.toContain(CANARY);
    await who.model.set([], { text: "ok" });
    await chat(who, "what is the locker code word?");
    expect(JSON.stringify((await who.model.requests()).at(-1)?.body)).not.toContain(CANARY);
    // What was forgotten is not remembered again by itself, and is gone for undo.
    await afterwards(who);
    await expect.poll(() => call(who, "GET", "/api/v1/memory/status")).toMatchObject({ last_pass_at: expect.any(Number) });
    expect((await list(who, "?state=all")).memories).toEqual([]);
  });

  test("remembers by itself after a conversation, once, on the fast tier and on its own account", async () => {
    const who = await person("Gina");
    await who.model.set([], { text: "Nice." });
    await chat(who, "We moved to Oslo last week, and we got a dog called Rex");
    const ops = [
      { op: "add", kind: "fact", text: "Lives in Oslo", quote: "We moved to Oslo last week" },
      { op: "add", kind: "fact", text: "Has a dog called Rex", quote: "we got a dog called Rex" },
      { op: "add", kind: "fact", text: "Has a cat", quote: "we got a cat" },
    ];
    await who.model.set([{ text: JSON.stringify({ ops }) }], { text: '{"ops":[]}' });
    await afterwards(who);
    await expect
      .poll(() => list(who).then(({ memories }) => memories.map(({ text }) => text)))
      .toEqual(["Has a dog called Rex", "Lives in Oslo"]);
    expect(await who.model.requests()).toHaveLength(1);
    await afterwards(who);
    await afterwards(who);
    expect(await who.model.requests()).toHaveLength(1);
    expect(JSON.stringify(await call(who, "GET", "/api/v1/stats"))).toContain('"agent":"memory"');
    await expect.poll(() => inD1(who).then((rows) => rows.length)).toBe(2);
  });

  test("does not remember by itself when that is switched off", async () => {
    const who = await person("Hugo");
    await call(who, "PATCH", "/api/v1/settings", { memory_quiet: false });
    await who.model.set([], { text: "Nice." });
    await chat(who, "We moved to Oslo");
    await afterwards(who);
    await call(who, "PATCH", "/api/v1/settings", { memory_quiet: true });
    await afterwards(who);
    expect(await call(who, "GET", "/api/v1/memory/status")).toMatchObject({ quiet: true });
    expect((await list(who)).memories).toEqual([]);
    expect(await who.model.requests()).toHaveLength(1);
  });

  test("shows and forgets by /memory, and keeps nothing of what it showed", async () => {
    const who = await person("Ida");
    await add(who, `The shed code word is ${CANARY}`);
    await add(who, "Owns a boat");
    expect(await chat(who, "/memory")).toMatchObject({ reply: expect.stringContaining(`**1** The shed code word is ${CANARY}`) });
    expect(await chat(who, "/memory forget 1")).toMatchObject({ reply: expect.stringContaining("Forgotten: number 1.") });
    await expect.poll(() => holding(who, CANARY)).toEqual([]);
    expect(await chat(who, "/memory forget all yes")).toMatchObject({ reply: expect.stringContaining("everything, 1 memory") });
    expect((await list(who)).memories).toEqual([]);
  });

  test("takes an address that the user asked to remember for their word, and never one that content from outside brought", async () => {
    const answers = [];
    for (const [name, tainted] of [
      ["Jan", 0],
      ["Kai", 1],
    ] as const) {
      const who = await person(name);
      await add(who, "Site is site.example.com");
      await runInDurableObject(who.object, (_agent, { storage }) => void storage.sql.exec("UPDATE memory SET tainted = ?", tainted));
      await who.model.set([{ toolCalls: [{ name: "web_fetch", input: { url: "https://site.example.com/a" } }] }], { text: "end" });
      answers.push(await chat(who, "what is new there?"));
    }
    expect(answers).toMatchObject([{ status: "done" }, { status: "waiting_approval" }]);
  });
});
