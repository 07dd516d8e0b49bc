import { describe, expect, test } from "vitest";
import { aMemory, emptyStorage, fakeRecord, memoryHome } from "../support/memory-in-node.ts";

const BY = { actor: "user", channel: "web" } as const;
const CANARY = "swordfish-canary";
const quoted = (text: string) => ({ source: { ...aMemory.source, quote: text } });

/** The tables that hold a word. What is behind the search tables is looked at in workerd, where redaction is the product's own. */
function holding(sql: SqlStorage, word: string): string[] {
  const tables = sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_terms%' AND name NOT LIKE 'search_words%' AND name NOT LIKE 'message_fts%'",
    )
    .toArray();
  return tables
    .map(({ name }) => name)
    .filter((name) =>
      sql
        .exec(`SELECT * FROM "${name}"`)
        .toArray()
        .some((row) => JSON.stringify(row).toLowerCase().includes(word)),
    );
}

describe("Memory.forget()", () => {
  test("leaves nothing in rows, index, record and trail, takes the words out of the conversation, and looks again", async () => {
    const home = memoryHome();
    const { memory } = home.add(`The code word is ${CANARY}`, quoted(`our code word is ${CANARY}`));
    home.add("Owns a boat");
    await home.settled();
    await home.index.embed(100);
    expect(home.outside.rows.size).toBe(2);
    const result = await home.memory.forget(memory.id, BY);
    expect(result).toEqual({ memories: 1, messages: 1, verified: true });
    expect(home.redacted[0]).toEqual({ text: `The code word is ${CANARY}`, quote: `our code word is ${CANARY}` });
    expect([...home.outside.rows.keys()]).not.toContain(memory.id);
    expect(holding(home.sql, CANARY)).toEqual([]);
    expect(JSON.stringify(home.audited)).not.toContain(CANARY);
    expect(await home.memory.recall(CANARY, { limit: 5, past: true })).toEqual([]);
    expect(home.texts()).toEqual(["Owns a boat"]);
  });

  test("names the skills that the user said yes to and that still say it", async () => {
    const home = memoryHome();
    const { memory } = home.add(`The code word is ${CANARY}`);
    home.state.skills = ["minutes"];
    expect(await home.memory.forget(memory.id, BY)).toMatchObject({ memories: 1, skills: ["minutes"] });
  });

  test("takes what it had taken the place of with it, and leaves what took its place", async () => {
    const home = memoryHome();
    const first = home.add("Lives in Denver").memory;
    const second = home.add("Lives in Oslo").memory;
    const third = home.add("Lives in Bergen").memory;
    await home.memory.forget(second.id, BY);
    expect(home.store.get(first.id)).toBeNull();
    expect(home.store.get(third.id)).toMatchObject({ replaces: null, superseded_at: null });
    expect((await home.memory.forget(third.id, BY)).memories).toBe(1);
    expect(home.store.count()).toBe(0);
  });

  test("forgets everything, also what only the record has", async () => {
    const home = memoryHome();
    home.add("Owns a boat");
    home.add("Lives in Oslo");
    await home.settled();
    const orphan = { ...home.outside.rows.values().next().value, id: "ffff", rev: 1, row: "{}", updatedAt: 0 };
    home.outside.rows.set("ffff", orphan);
    expect(await home.memory.forget(null, BY)).toMatchObject({ memories: 2, verified: true });
    expect(home.outside.rows.size).toBe(0);
    expect(home.index.count("memory")).toBe(0);
    // An empty table is now meant: the record is not read for it again.
    await home.memory.upkeep();
    expect(home.store.count()).toBe(0);
  });

  test("says so when the record cannot be reached, and finishes later", async () => {
    const home = memoryHome();
    const { memory } = home.add(`The code word is ${CANARY}`);
    await home.settled();
    home.outside.state.away = true;
    expect(await home.memory.forget(memory.id, BY)).toMatchObject({ memories: 1, verified: false });
    expect(home.memory.status().unsaved).toBeGreaterThan(0);
    expect(home.state.wakes).toBeGreaterThan(0);
    home.outside.state.away = false;
    await home.memory.upkeep();
    expect(home.outside.rows.size).toBe(0);
    expect(holding(home.sql, CANARY)).toEqual([]);
    expect(home.memory.status().unsaved).toBe(0);
  });

  test("goes through what the turn says that asks for it when that has ended", async () => {
    const home = memoryHome();
    const { memory } = home.add("Owns a boat");
    home.state.busy = true;
    await home.memory.forget(memory.id, BY);
    const before = home.state.redactions;
    home.state.busy = false;
    home.memory.turnEnded();
    await home.settled();
    expect(home.state.redactions).toBeGreaterThan(before);
    expect(holding(home.sql, "boat")).toEqual([]);
  });

  test("does not look again and again while something runs, which may be for days: the end of that does", async () => {
    const home = memoryHome();
    const { memory } = home.add("Owns a boat");
    await home.settled();
    const going = () => home.sql.exec("SELECT id FROM memory_forgotten").toArray();
    home.state.busy = true;
    await home.memory.forget(memory.id, BY);
    expect(await home.memory.upkeep()).toBeNull();
    expect(going()).toHaveLength(1);
    home.state.busy = false;
    home.memory.turnEnded();
    await home.settled();
    expect(going()).toEqual([]);
  });

  test("refuses what is not there", async () => {
    await expect(memoryHome().memory.forget("nothing", BY)).rejects.toThrow(/no such memory/);
  });

  test("begun and ended anywhere, is finished by the next life of the object", async () => {
    for (const point of ["redact", "flush", "page", "done"] as const) {
      const storage = emptyStorage();
      const outside = fakeRecord();
      const before = memoryHome({ storage, outside });
      const { memory } = before.add(`The code word is ${CANARY}`);
      await before.settled();
      // The object ends here: what was going on never comes back.
      const never = new Promise<never>(() => undefined);
      if (point === "redact") before.state.busy = true;
      const { record } = outside;
      const put = { ...record };
      if (point === "flush") record.delete = () => never;
      if (point === "page") record.page = () => never;
      if (point === "done") before.state.busy = true;
      void before.memory.forget(memory.id, BY);
      await new Promise((resolve) => setTimeout(resolve, 20));
      Object.assign(record, put);
      const after = memoryHome({ storage, outside });
      expect(after.store.get(memory.id), point).toBeNull();
      await after.memory.upkeep();
      expect(outside.rows.size, point).toBe(0);
      expect(holding(after.sql, CANARY), point).toEqual([]);
      expect(after.redacted.length, point).toBeGreaterThan(0);
    }
  });
});
