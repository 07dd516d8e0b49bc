import { describe, expect, test } from "vitest";
import type { RecallHit } from "../../../src/memory/shapes.ts";
import { covers } from "../../../src/permission/capability.ts";
import { addDocument } from "../../../src/tools/knowledge/add-document.ts";
import type { KnowledgePort } from "../../../src/tools/knowledge/knowledge-port.ts";
import { libraryPort } from "../../../src/tools/knowledge/library-port.ts";
import { readDocument } from "../../../src/tools/knowledge/read-document.ts";
import { searchDocuments } from "../../../src/tools/knowledge/search-documents.ts";
import { DEFAULT_GRANTS } from "../../../src/tools/registry.ts";
import { given } from "../../knowledge/given.ts";
import { life, World } from "../../knowledge/knowledge-in-node.ts";

const CONTEXT = {
  idempotencyKey: "k",
  signal: new AbortController().signal,
  now: () => 0,
  saidAt: 0,
  timeZone: "UTC",
  tainted: false,
  composed: false,
  profile: null,
  conversationId: "c1",
  scrub: async (text: string) => text,
};
const never = (): Promise<never> => Promise.reject(new Error("not asked for"));
const port = (change: Partial<KnowledgePort>): KnowledgePort => ({ search: never, read: never, add: never, remove: never, ...change });

/** The port over a world, as the object wires it. */
function library(world: World, options: Parameters<typeof life>[1] = {}, places: Readonly<Record<string, string>> = {}) {
  const now = life(world, options);
  /** How many of the milliseconds that are waited pass. None: what is waited for may take as long as it takes. */
  const clock = { share: 0 };
  return {
    now,
    clock,
    port: libraryPort({
      ...now,
      keyAt: (path) => places[path] ?? null,
      transaction: (work) => work(),
      wait: async (ms) => {
        world.now += ms * clock.share;
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
      now: () => world.now,
    }),
  };
}
const read = (from: KnowledgePort, document: string, at?: number) =>
  readDocument.execute({ document, ...(at === undefined ? {} : { from: at }) }, { ...CONTEXT, stores: { knowledge: from } });

describe("search_documents", () => {
  test("gives each place a link that holds whatever its name is, and says whose words they are", async () => {
    const hit: RecallHit = {
      space: "knowledge",
      id: "d1:12",
      text: "27 days",
      from: "Hand[book](x) › Leave, page 4",
      at: null,
      score: 1,
      tainted: true,
    };
    const asked: unknown[] = [];
    const search: KnowledgePort["search"] = async (query) => {
      asked.push(query);
      return { hits: [hit], reading: 2 };
    };
    const { output, untrusted } = await searchDocuments.execute(
      { query: "leave", collection: "hr" },
      { ...CONTEXT, stores: { knowledge: port({ search }) } },
    );
    expect(output).toEqual({
      found: [{ cite: "[Hand\\[book\\](x) › Leave, p. 4](/knowledge/d1?at=12)", text: "27 days" }],
      note: expect.stringContaining("2 documents are still being read"),
    });
    expect(untrusted).toBe("Hand[book](x)");
    expect(asked).toEqual([{ text: "leave", collection: "hr", conversationId: "c1", limit: 8 }]);
  });

  test("looks only where the conversation may, and names the collections that there are", async () => {
    const world = new World();
    const sea = life(world).knowledge.addCollection("Sea");
    const land = life(world).knowledge.addCollection("Land");
    await given(world, "tides.md", "The clock of the tide turns at six.", { collection_id: sea.id });
    await given(world, "church.md", "The clock of the church turns at six.", { collection_id: land.id });
    const { now, port: knowledge } = library(world);
    const found = async (collection?: string): Promise<string[]> =>
      (await knowledge.search({ text: "clock turns", collection, conversationId: "c1", limit: 5 })).hits.map(({ from }) => from);
    expect((await found()).toSorted()).toEqual(["church", "tides"]);
    expect(await found("land")).toEqual(["church"]);
    now.scopes.limit("c1", ["Sea"]);
    expect(await found()).toEqual(["tides"]);
    expect(await found("Land")).toEqual([]);
    await expect(found("air")).rejects.toThrow("There is no collection “air”. There are: Land, Sea.");
  });
});

describe("read_document", () => {
  const long = Array.from({ length: 60 }, (_, index) => `## Part ${index}\n\n${`Words of part ${index}. `.repeat(50)}`).join("\n\n");

  test("pages through all of it, each passage once", async () => {
    const world = new World();
    await given(world, "Long.md", long);
    const { now, port: knowledge } = library(world);
    let from: number | undefined = 0;
    let all = "";
    while (from !== undefined) {
      const { output, untrusted } = await read(knowledge, "long.md", from);
      expect(untrusted).toBe("Long.md");
      all += String(output);
      from = /Go on with from: (\d+)/.exec(String(output))?.slice(1).map(Number)[0];
    }
    for (let index = 0; index < 60; index++) expect(all.split(`## Part ${index}\n`)).toHaveLength(2);
    expect(String((await read(knowledge, "Long.md", 5_000)).output)).toContain(`has only ${now.documents.all()[0]?.live?.chunks} passages`);
  });

  test("finds it by id, by the beginning of it, by its page's address, by its name and without the ending", async () => {
    const world = new World();
    const { document } = await given(world, "Hand book.md", "There are 27 days.");
    const { port: knowledge } = library(world);
    for (const reference of [
      document.id,
      document.id.slice(0, 8),
      `/knowledge/${document.id}?at=0`,
      `https://margay.example/knowledge/${document.id}`,
      "hand BOOK.md",
      "Hand book",
      "“Hand book.md”",
    ])
      expect(String((await read(knowledge, reference)).output), reference).toContain("27 days");
    await expect(read(knowledge, "nothing.pdf")).rejects.toThrow("There is no document “nothing.pdf”");
  });

  test("waits for one that has just been sent, and says how far it is when that takes long", async () => {
    const world = new World();
    let release: () => void = () => undefined;
    const parsed = new Promise<void>((resolve) => (release = resolve));
    const {
      now,
      clock,
      port: knowledge,
    } = library(world, {
      parse: async () => {
        await parsed;
        return { title: null, type: "text", pages: 1, blocks: [{ kind: "paragraph", text: "There are 27 days.", page: 1 }] };
      },
    });
    const key = world.upload("sent.txt", "x");
    now.documents.arrived({ key, name: "sent.txt", mime: "text/plain", size: 1 }, world.now);
    const working = now.work();
    clock.share = 1;
    expect(String((await read(knowledge, "sent.txt")).output)).toMatch(/still being read, \d+% are done/);
    clock.share = 0;
    const reading = read(knowledge, "sent.txt");
    release();
    await working;
    expect(String((await reading).output)).toContain("27 days");
  });

  test("finds one by where its file lies, of two of one name too, while it is being read as well", async () => {
    const world = new World();
    const keys = ["The first.", "The second."].map((text) => world.upload("a.txt", text));
    const places = { "/uploads/a.txt": keys[0] ?? "", "/uploads/a (2).txt": keys[1] ?? "" };
    const { now, port: knowledge } = library(world, {}, places);
    for (const key of keys) now.documents.arrived({ key, name: "a.txt", mime: "text/plain", size: 1 }, world.now);
    const reading = read(knowledge, "/uploads/a (2).txt");
    await now.work();
    expect(String((await reading).output)).toContain("The second.");
    expect(String((await read(knowledge, "/uploads/a.txt")).output)).toContain("The first.");
    await expect(read(knowledge, "/uploads/b.txt")).rejects.toMatchObject({ code: "not_found" });
  });

  test("says why one could not be read", async () => {
    const world = new World();
    await given(world, "broken.pdf", "%PDF-1.7 broken");
    expect(String((await read(library(world).port, "broken.pdf")).output)).toMatch(/could not be read: [A-Z].*\./);
  });
});

describe("add_document", () => {
  const url = "https://example.com/plan.md#part";

  test("asks for the very address that the gate saw, and follows a page elsewhere only for an address that was given", async () => {
    expect(addDocument.capabilities({ url }).every((needed) => DEFAULT_GRANTS.some((have) => covers(have, needed)))).toBe(true);
    for (const [composed, follow] of [
      [true, "same-host"],
      [false, "any"],
    ] as const) {
      const asked: unknown[] = [];
      const add: KnowledgePort["add"] = async (address, options) => {
        asked.push([address, options.follow]);
        return { id: "d1", known: false };
      };
      const { receipt } = await addDocument.execute({ url }, { ...CONTEXT, composed, stores: { knowledge: port({ add }) } });
      expect(asked).toEqual([[addDocument.destinations({ url })[0], follow]]);
      expect(receipt).toEqual({ added: "d1" });
    }
  });

  test("takes back what it added, and nothing that was there before", async () => {
    const removed: string[] = [];
    const remove = async (id: string): Promise<void> => void removed.push(id);
    const stores = { knowledge: port({ remove, add: async () => ({ id: "d2", known: true }) }) };
    await addDocument.undo?.({ added: "d1" }, { ...CONTEXT, stores });
    expect(removed).toEqual(["d1"]);
    expect((await addDocument.execute({ url }, { ...CONTEXT, stores })).receipt).toBeUndefined();
  });

  test.each(["http://127.0.0.1/a", "file:///etc/passwd", "http://user:pw@example.com/"])(
    "refuses %s with the filter's reason, and nobody is asked",
    async (address) => {
      expect(addDocument.capabilities({ url: address })).toContain("net.fetch:invalid.example");
      expect(addDocument.destinations({ url: address })).toEqual([]);
      await expect(addDocument.execute({ url: address }, { ...CONTEXT, stores: { knowledge: port({}) } })).rejects.toMatchObject({
        code: "invalid_request",
      });
    },
  );
});
