import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import type { Embedder } from "../../src/memory/embedder.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import type { SearchEntry, SearchQuery, Space } from "../../src/memory/search.ts";
import { anyText } from "../support/any-text.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 18, 10);
let users = 0;

interface Bench {
  storage: DurableObjectStorage;
  index: ObjectSearchIndex;
  /** Another one over the same tables, as after the object started anew. */
  again(embedder?: Embedder): ObjectSearchIndex;
  find(text: string, query?: Partial<SearchQuery>): Promise<string[]>;
}

/** An index in an object of its own. */
async function withIndex(use: (bench: Bench) => Promise<void>): Promise<void> {
  await runInDurableObject(env.USER_AGENT.getByName(`search ${users++}`), async (_, { storage }) => {
    const again = (embedder: Embedder = localEmbedder) => new ObjectSearchIndex({ sql: storage.sql, embedder: () => embedder });
    const index = again();
    for (const space of ["memory", "knowledge", "archive"] as const) index.clear(space);
    const find = async (text: string, query: Partial<SearchQuery> = {}) => {
      const hits = await index.search({ text, spaces: ["memory"], limit: 10, now: NOW, timeZone: "UTC", ...query });
      return hits.map(({ id }) => id);
    };
    await use({ storage, index, again, find });
  });
}

const entry = (id: string, text: string, more: Partial<SearchEntry> = {}): SearchEntry => ({
  space: "memory",
  id,
  text,
  group: null,
  position: 0,
  at: null,
  ...more,
});

describe("ObjectSearchIndex", () => {
  test("finds by words in any form, rare words before common ones, and what is replaced or deleted no more", () =>
    withIndex(async ({ index, find }) => {
      index.put([
        entry("a", "Ada's dog is called Pixel."),
        entry("b", "The dog walker comes on Mondays."),
        entry("c", "Ada bought running shoes in Zürich."),
      ]);
      expect(await find("What did Ada buy in Zurich?", { mode: "lexical" })).toEqual(["c", "a"]);
      index.put([entry("c", "Ada sold the shoes.")]);
      expect(await find("zürich", { mode: "lexical" })).toEqual([]);
      index.delete("memory", ["a", "nothing"]);
      expect(await find("dogs", { mode: "lexical" })).toEqual(["b"]);
      expect(index.count("memory")).toBe(2);
      index.clear("memory");
      expect([index.count("memory"), await find("dog")]).toEqual([0, []]);
    }));

  test("finds by meaning what shares no word, once it has vectors, in a space of its own", () =>
    withIndex(async ({ index, find }) => {
      index.put([
        entry("wife", "His wife plays the violin."),
        entry("rent", "Rent is due on the first."),
        entry("other", "His wife plays the violin.", { space: "knowledge", group: "doc" }),
      ]);
      expect(await find("musical husband", { mode: "vector" })).toEqual([]);
      expect(await index.embed(2)).toEqual({ done: 2, left: 1 });
      expect(await index.embed(10)).toEqual({ done: 1, left: 0 });
      expect((await find("musical husband", { mode: "vector" }))[0]).toBe("wife");
      const [hit] = await index.search({ text: "musical husband", spaces: ["memory"], limit: 1, now: NOW, timeZone: "UTC" });
      expect(hit).toMatchObject({ space: "memory", id: "wife", text: "His wife plays the violin.", why: ["meaning"] });
    }));

  test("takes what lies in the time that is asked about first", () =>
    withIndex(async ({ index, find }) => {
      index.put([
        entry("old", "We had dinner with Ben.", { at: NOW - 60 * DAY }),
        entry("last week", "We had dinner with Ben at the harbour and talked about boats.", { at: NOW - 7 * DAY }),
        entry("walk", "A walk by the lake.", { at: NOW - 8 * DAY }),
      ]);
      expect((await find("Where did we have dinner with Ben last week?"))[0]).toBe("last week");
      expect(new Set((await find("What did I do last week?")).slice(0, 2))).toEqual(new Set(["last week", "walk"]));
    }));

  test("takes a turn whose neighbours fit before one that stands alone, and finds the answer beside the question", () =>
    withIndex(async ({ index, find }) => {
      const said = (id: string, text: string, group: string, position: number) => entry(id, text, { space: "archive", group, position });
      index.put([
        said("1", "How is the garden?", "s1", 0),
        said("2", "Did you plant the tomatoes?", "s1", 1),
        said("3", "Yes, on Sunday, together with my sister.", "s1", 2),
        said("4", "Tomatoes are cheap now.", "s2", 0),
      ]);
      const found = await find("When were the tomatoes in the garden planted?", { spaces: ["archive"], mode: "lexical" });
      expect(found[0]).toBe("2");
      expect(found).toContain("3");
      expect(index.place("archive", "3")).toEqual({ group: "s1", position: 2 });
      expect(await find("tomatoes", { spaces: ["archive"], groups: ["s2"], mode: "hybrid" })).toEqual(["4"]);
      index.deleteGroup("archive", "s1");
      expect(await find("tomatoes", { spaces: ["archive"] })).toEqual(["4"]);
    }));

  test("counts a heading more than the text, and lets other documents have their turn", () =>
    withIndex(async ({ index, find }) => {
      const part = (id: string, heading: string, text: string, group: string, position: number) =>
        entry(id, text, { space: "knowledge", heading, group, position });
      index.put([
        part("text", "Handbook", "Parental leave is forty weeks.", "a", 0),
        part("heading", "Parental leave", "The handbook has forty weeks.", "b", 0),
      ]);
      expect(await find("parental leave", { spaces: ["knowledge"], mode: "lexical" })).toEqual(["heading", "text"]);
      index.put(
        Array.from({ length: 8 }, (_, position) =>
          part(`long${position}`, "Leave", `Parental leave, paragraph ${position}.`, "c", position),
        ),
      );
      const found = await find("parental leave", { spaces: ["knowledge"], mode: "lexical" });
      expect(found.slice(0, 4).every((id) => id.startsWith("long"))).toBe(true);
      expect(new Set(found.slice(4, 6))).toEqual(new Set(["heading", "text"]));
    }));

  test("follows a transaction: what was undone is not found, and its vectors are what they were", () =>
    withIndex(async ({ index, storage, find }) => {
      index.put([entry("a", "The boiler was repaired in March.")]);
      await index.embed(10);
      expect(await find("boiler", { mode: "vector" })).toEqual(["a"]);
      const undone = () =>
        storage.transactionSync(() => {
          index.delete("memory", ["a"]);
          index.put([entry("b", "The boiler is new.")]);
          throw new Error("undone");
        });
      expect(undone).toThrow("undone");
      expect(await find("boiler", { mode: "vector" })).toEqual(["a"]);
      expect(await find("boiler", { mode: "lexical" })).toEqual(["a"]);
      expect([index.count("memory"), index.progress()]).toEqual([1, { entries: 1, embedded: 1, embedder: "local-1" }]);
    }));

  test("makes vectors anew for another embedder, goes on where it was ended, and keeps nothing of the one before", () =>
    withIndex(async ({ index, again, find }) => {
      index.put(Array.from({ length: 5 }, (_, at) => entry(`${at}`, `Note ${at} about the boiler.`)));
      await index.embed(10);
      let failing = true;
      const other: Embedder = {
        ...localEmbedder,
        id: "other",
        maxBatch: 2,
        embed: async (texts, kind) => {
          if (failing && texts.some((text) => text.includes("Note 2"))) throw new Error("unreachable");
          return await localEmbedder.embed(texts, kind);
        },
      };
      const moved = again(other);
      expect(moved.progress()).toEqual({ entries: 5, embedded: 0, embedder: "other" });
      await expect(moved.embed(10)).rejects.toThrow("unreachable");
      expect(again(other).progress().embedded).toBe(2);
      failing = false;
      expect(await again(other).embed(10)).toEqual({ done: 3, left: 0 });
      expect(await find("boiler", { mode: "vector" })).toEqual([]);
      expect(
        (await again(other).search({ text: "boiler", spaces: ["memory"], limit: 9, now: NOW, timeZone: "UTC", mode: "vector" })).length,
      ).toBe(5);
    }));

  test("gives no vector to a text that was changed while it was embedded", () =>
    withIndex(async ({ again }) => {
      const late: Embedder = {
        ...localEmbedder,
        embed: async (texts, kind) => {
          if (kind === "document" && texts[0]?.includes("boiler")) changed.put([entry("a", "The rent is due.")]);
          return await localEmbedder.embed(texts, kind);
        },
      };
      const changed = again(late);
      changed.put([entry("a", "The boiler is old.")]);
      await changed.embed(1);
      expect(changed.progress().embedded).toBe(0);
      await changed.embed(1);
      const hits = await changed.search({
        text: "boiler heating",
        spaces: ["memory"],
        limit: 5,
        now: NOW,
        timeZone: "UTC",
        mode: "vector",
      });
      expect(hits.every(({ text }) => text === "The rent is due.")).toBe(true);
    }));

  test("keeps a row and its vector when the same text is put again, at another place", () =>
    withIndex(async ({ index }) => {
      index.put([entry("a", "The boiler is old.")]);
      await index.embed(1);
      index.put([entry("a", "The boiler is old.", { group: "g", position: 3 })]);
      expect([index.progress().embedded, index.place("memory", "a")]).toEqual([1, { group: "g", position: 3 }]);
    }));

  test("leaves no deleted word in its own pages after purge()", () =>
    withIndex(async ({ index, storage }) => {
      index.put([entry("a", "The password is xylophonequartz."), entry("b", "The rent is due.")]);
      index.delete("memory", ["a"]);
      index.purge(["memory"]);
      const pages = storage.sql.exec<{ block: ArrayBuffer }>("SELECT block FROM search_words_memory_data").toArray();
      const text = pages.map(({ block }) => new TextDecoder("latin1").decode(block)).join("");
      expect([text.includes("xylophonequartz"), text.includes("rent")]).toEqual([false, true]);
    }));

  test("never throws for what a question or an entry holds", () =>
    withIndex(async ({ index, find }) => {
      const spaces: Space[] = ["memory", "knowledge", "archive"];
      for (const text of [
        '"',
        "NEAR(a b)",
        "a AND OR NOT",
        "col:umn",
        "^a*",
        "'; DROP TABLE search_entry; --",
        "\u0000",
        "-",
        "()",
        "a".repeat(5_000),
      ]) {
        index.put([entry(text.slice(0, 50), text)]);
        await find(text, { spaces });
      }
      const texts = fc.sample(anyText(60), 150);
      index.put(texts.map((text, at) => entry(`t${at}`, text)));
      await index.embed(200);
      for (const text of texts) await find(text, { spaces });
      expect(await find("boiler", { limit: 0 })).toEqual([]);
      expect(await find("boiler", { spaces: [] })).toEqual([]);
    }));
});
