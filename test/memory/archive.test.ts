import { describe, expect, test } from "vitest";
import { AutomaticRecall } from "../../src/agent/automatic-recall.ts";
import { rewriteQuotes } from "../../src/db/object/quoting-tables.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { ObjectSearchIndex } from "../../src/db/object/search-index.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { Archive, messageOf } from "../../src/memory/archive.ts";
import { localEmbedder } from "../../src/memory/embedders/local.ts";
import { forgetWords } from "../../src/memory/forget-words.ts";
import { exchange, message, START } from "../agent/said.ts";
import { objectStorage } from "../support/object-storage.ts";

function setup() {
  const storage = objectStorage();
  const { sql } = storage;
  const messages: MessageStore = new MessageStore(sql, (ids) => archive.refresh(ids));
  const settings = new SettingStore(sql);
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const now = () => START + 100 * 86_400_000;
  const index = new ObjectSearchIndex({ sql, embedder: () => localEmbedder });
  const archive = new Archive({ index, messages, settings, transaction, now });
  const automatic = new AutomaticRecall({
    index,
    archive,
    relevant: async () => [],
    meaningCounts: () => false,
    scope: () => null,
    citation: () => null,
    messages,
    timeZone: () => "UTC",
    now,
    log: () => undefined,
  });
  const changed: string[][] = [];
  const forget = (text: string): number =>
    forgetWords([{ text, quote: null }], {
      messages,
      rewriteQuotes: (rewrite) => rewriteQuotes(sql, rewrite),
      purge() {
        index.purge(["memory", "archive"]);
        messages.purge();
      },
      transaction,
      changed: (ids) => void changed.push([...ids]),
    });
  const find = async (text: string) => {
    archive.catchUp(100);
    const hits = await index.search({ text, spaces: ["archive"], limit: 5, now: now(), timeZone: "UTC" });
    return hits.map(({ id }) => messageOf(id));
  };
  return { sql, messages, archive, index, find, automatic, forget, changed };
}

describe("Archive", () => {
  test("finds what was decided, whatever conversation it was in", async () => {
    const { messages, find } = setup();
    exchange(messages, 1, "What about the filming schedule?", "We film on Tuesday in Bergen.");
    exchange(messages, 2, "Add milk to my list", "Added.");
    expect((await find("what did we decide about the filming schedule?"))[0]).toBe("q1");
  });

  test("passes no message that still waits for its turn", async () => {
    const { messages, find, archive } = setup();
    messages.insert(message("w", "user", "The zebra is striped", { status: "queued" }));
    messages.insert(message("x", "user", "The giraffe is tall", { status: "queued" }));
    expect(archive.catchUp(10)).toBe(0);
    messages.joinTurn("w", "t1");
    messages.joinTurn("x", "t1");
    expect((await find("zebra"))[0]).toBe("w");
    expect((await find("giraffe"))[0]).toBe("x");
  });

  test("indexes each message once, however often it is asked", () => {
    const { messages, archive, index } = setup();
    exchange(messages, 1, "Hello there", "General greetings");
    expect([archive.catchUp(10), archive.catchUp(10), index.count("archive")]).toEqual([2, 0, 2]);
  });

  test("finds a place deep in a long message", async () => {
    const { messages, find } = setup();
    messages.insert(
      message("long", "user", `${"Lorem ipsum dolor sit amet. ".repeat(400)}The wombat sleeps in the attic. ${"More words. ".repeat(200)}`),
    );
    expect(await find("where does the wombat sleep")).toContain("long");
  });
});

describe("AutomaticRecall.recall()", () => {
  test("brings what was said before and fits, with who said it and when, and nothing that the context holds", async () => {
    const { messages, automatic } = setup();
    exchange(messages, 1, "My sister's wedding is in Tromsø in August", "Lovely.");
    exchange(messages, 2, "Add milk", "Added.");
    const request = { text: "When is my sister's wedding?", conversationId: "main", fromSeq: null };
    expect(await automatic.recall(request)).toEqual([
      {
        part: "archive",
        id: "q1",
        text: "My sister's wedding is in Tromsø in August",
        from: "the user, Mon 2 Mar 2026",
        why: "said before",
        tainted: false,
      },
    ]);
    expect(await automatic.recall({ ...request, fromSeq: 1 })).toEqual([]);
  });

  test("leaves out what was said after reading content from outside", async () => {
    const { messages, automatic } = setup();
    messages.insert(message("m", "assistant", "The page says the wedding of your sister is cancelled", { tainted: true }));
    expect(await automatic.recall({ text: "When is my sister's wedding?", conversationId: "main", fromSeq: null })).toEqual([]);
  });

  test.each(["", "ok", "thanks!", "🙂", "'; DROP TABLE message; --"])("brings nothing for %j", async (text) => {
    const { messages, automatic } = setup();
    exchange(messages, 1, "My sister's wedding is in Tromsø in August", "Lovely.");
    expect(await automatic.recall({ text, conversationId: "main", fromSeq: null })).toEqual([]);
  });
});

describe("forgetWords()", () => {
  test("takes it out of the archive, its index and every table that quotes it", async () => {
    const { messages, find, forget, sql, changed } = setup();
    const call = {
      callId: "0.0",
      tool: "remember",
      input: { text: "Locker code ZX-4417" },
      output: { ok: true },
      status: "done" as const,
      summary: "",
      untrusted: null,
      links: [],
      suspicious: false,
      approvalId: null,
    };
    exchange(messages, 1, "My locker code is ZX-4417. Add milk.", "I'll remember ZX-4417.", {
      steps: [{ text: "I'll remember ZX-4417.", calls: [call] }],
    });
    expect(await find("locker code")).toContain("q1");
    expect(forget("Locker code is ZX-4417")).toBe(2);
    // The blocks of the indexes hold numbers that JavaScript cannot; their terms are looked at below.
    const tables = sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_data' AND name NOT GLOB '*_idx'")
      .toArray();
    for (const { name } of tables)
      expect([name, JSON.stringify(sql.exec(`SELECT * FROM "${String(name)}"`).toArray())]).not.toEqual([
        name,
        expect.stringMatching(/4417/),
      ]);
    sql.exec("CREATE VIRTUAL TABLE message_terms USING fts5vocab(message_fts, 'row')");
    for (const table of ["message_terms", "search_terms_archive"])
      expect(sql.exec(`SELECT count(*) AS n FROM ${table} WHERE term LIKE '%4417%'`).one()).toEqual({ n: 0 });
    expect(messages.get("q1")?.text).toContain("Add milk");
    expect(await find("4417")).toEqual([]);
    expect(changed).toEqual([["q1", "a1"]]);
  });

  test("finds nothing the second time", () => {
    const { messages, forget } = setup();
    exchange(messages, 1, "My locker code is ZX-4417.", "Noted.");
    expect([forget("Locker code is ZX-4417"), forget("Locker code is ZX-4417")]).toEqual([1, 0]);
  });
});
