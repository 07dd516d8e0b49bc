import { describe, expect, test } from "vitest";
import { emptyStorage, fakeRecord, memoryHome } from "../support/memory-in-node.ts";

const BY = { actor: "user", channel: "web" } as const;

async function full(count = 5) {
  const outside = fakeRecord();
  const home = memoryHome({ outside });
  home.add("Lives in Denver");
  for (let n = 0; n < count; n++) home.add(`Owns boat number ${n}`);
  home.add("Lives in Oslo");
  await home.settled();
  return { outside, home };
}

describe("Memory.upkeep()", () => {
  test("makes a lost object's memory anew from the record, with what replaced what, and can recall it", async () => {
    const { outside, home } = await full();
    const lost = memoryHome({ outside });
    await lost.memory.upkeep();
    expect(lost.memory.export().toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
      home.memory.export().toSorted((a, b) => a.id.localeCompare(b.id)),
    );
    expect((await lost.memory.recall("where do I live?", { limit: 1 }))[0]?.text).toBe("Lives in Oslo");
    expect(lost.memory.status().unsaved).toBe(0);
  });

  test("notices a table that was emptied by a fault, and not one that was meant to be", async () => {
    const { home } = await full();
    await home.memory.upkeep();
    home.sql.exec("DELETE FROM memory");
    await home.memory.upkeep();
    expect(home.store.count()).toBe(7);
    await home.memory.forget(null, BY);
    await home.memory.upkeep();
    expect(home.store.count()).toBe(0);
  });

  test("ended in the middle begins again and makes no doubles", async () => {
    const { outside } = await full(450);
    const storage = emptyStorage();
    const first = memoryHome({ storage, outside });
    const { page } = outside.record;
    let pages = 0;
    outside.record.page = async (...given) => {
      if (++pages === 2) throw new Error("ended");
      return page(...given);
    };
    await expect(first.memory.upkeep()).rejects.toThrow("ended");
    outside.record.page = page;
    const second = memoryHome({ storage, outside });
    expect(second.store.count()).toBe(200);
    await second.memory.upkeep();
    expect(second.store.count()).toBe(452);
    expect(second.index.count("memory")).toBe(452);
  });

  test("does not bring back what was deleted here and is still in the record", async () => {
    const { outside } = await full();
    const home = memoryHome({ outside });
    outside.state.away = true;
    await expect(home.memory.upkeep()).rejects.toThrow();
    outside.state.away = false;
    const [id = ""] = outside.rows.keys();
    home.ops.note("memory", id);
    await home.memory.upkeep();
    expect(home.store.get(id)).toBeNull();
    expect(outside.rows.has(id)).toBe(false);
  });

  test("makes the index anew where it is of another version or lacks some", async () => {
    const { home } = await full();
    home.index.clear("memory");
    await home.memory.upkeep();
    expect(home.index.count("memory")).toBe(7);
    home.settings.write("memory_index", 0, 0);
    await home.memory.upkeep();
    expect(home.index.count("memory")).toBe(7);
    expect((await home.memory.recall("where do I live?", { limit: 1 }))[0]?.text).toBe("Lives in Oslo");
  });

  test("brings the record up to date when it can be reached again", async () => {
    const outside = fakeRecord();
    const home = memoryHome({ outside });
    outside.state.away = true;
    home.add("Owns a boat");
    await home.settled();
    expect(home.memory.status().unsaved).toBe(1);
    expect(home.state.wakes).toBe(1);
    outside.state.away = false;
    expect(await home.memory.upkeep()).toBeNull();
    expect(outside.rows.size).toBe(1);
    expect(home.memory.status().unsaved).toBe(0);
  });
});
