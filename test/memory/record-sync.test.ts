import { expect, test } from "vitest";
import { RecordOps } from "../../src/db/object/record-ops.ts";
import type { RecordRow, RecordTable, UserRecord } from "../../src/memory/record.ts";
import { RecordSync } from "../../src/memory/record-sync.ts";
import { objectStorage } from "../support/object-storage.ts";

const rowOf = (id: string): RecordRow => ({ id, row: "{}", rev: 1, updatedAt: 0 });

/** A record that will not have some rows; with `down` it takes none. */
function home({ refuses = () => false, down = false }: { refuses?: (id: string) => boolean; down?: boolean } = {}) {
  const ops = new RecordOps(objectStorage().sql);
  const kept: string[] = [];
  let calls = 0;
  const put = async (table: RecordTable, rows: readonly RecordRow[]): Promise<void> => {
    calls++;
    if (down || rows.some(({ id }) => refuses(id))) throw new Error("SQLITE_TOOBIG");
    kept.push(...rows.map(({ id }) => `${table} ${id}`));
  };
  const record: Pick<UserRecord, "put" | "delete"> = { put, delete: async () => undefined };
  const sync = new RecordSync({ record, ops, read: (_table, id) => rowOf(id), log: () => undefined });
  return { ops, kept, sync, calls: () => calls };
}

test("RecordSync.flush() brings everything else over when the record refuses a row, and says that it is not whole", async () => {
  const { ops, kept, sync } = home({ refuses: (id) => id === "m7" });
  for (let n = 0; n < 250; n++) ops.note("memory", `m${n}`);
  ops.note("document", "d1");
  expect(await sync.flush()).toBe(false);
  expect(kept).toHaveLength(250);
  expect(kept).toContain("document d1");
  expect(ops.pending(10)).toMatchObject([{ id: "m7" }]);
});

test("RecordSync.flush() does not let one refused row alone hold up another table", async () => {
  const { ops, kept, sync } = home({ refuses: (id) => id === "m0" });
  ops.note("memory", "m0");
  ops.note("document", "d1");
  expect(await sync.flush()).toBe(false);
  expect(kept).toEqual(["document d1"]);
});

test("RecordSync.flush() asks a record that cannot be reached a few times and no more", async () => {
  const { ops, sync, calls } = home({ down: true });
  for (let n = 0; n < 250; n++) ops.note("memory", `m${n}`);
  expect(await sync.flush()).toBe(false);
  expect(calls()).toBeLessThanOrEqual(4);
  expect(sync.waiting()).toBe(250);
});
