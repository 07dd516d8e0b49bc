import type { Log } from "../log.ts";
import type { RecordRow, RecordTable, UserRecord } from "./record.ts";

export interface RecordSyncDeps {
  record: UserRecord;
  ops: {
    pending(limit: number): { seq: number; table: RecordTable; id: string }[];
    done(seq: number): void;
    count(): number;
  };
  /** A row as it is now; null: it was deleted. */
  read(table: RecordTable, id: string): RecordRow | null;
  log: Log;
}

/** Rows that go out together. */
const TOGETHER = 100;

/**
 * Brings the record outside up to date with what the object wrote. The object writes its own row and a note about it in one transaction; here the notes are worked off, as often as
 * it takes. Ended at any moment it begins again with what is left: every write to the record may be repeated.
 */
export class RecordSync {
  #running: Promise<boolean> | null = null;

  constructor(private readonly deps: RecordSyncDeps) {}

  /** How many rows the record has not got yet. */
  waiting(): number {
    return this.deps.ops.count();
  }

  /** True: the record has everything that was written before the call. Never throws. */
  async flush(): Promise<boolean> {
    // What was written after another run had read its last page is not in that run.
    while (this.#running) await this.#running;
    this.#running = this.#run();
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #run(): Promise<boolean> {
    const { record, ops, read, log } = this.deps;
    try {
      for (let pending = ops.pending(TOGETHER); pending.length > 0; pending = ops.pending(TOGETHER)) {
        for (const table of new Set(pending.map((op) => op.table))) {
          const mine = pending.filter((op) => op.table === table).map((op) => ({ ...op, row: read(table, op.id) }));
          const rows = mine.flatMap(({ row }) => row ?? []);
          const gone = mine.filter(({ row }) => row === null).map(({ id }) => id);
          if (rows.length > 0) await record.put(table, rows);
          if (gone.length > 0) await record.delete(table, gone);
          for (const { seq } of mine) ops.done(seq);
        }
      }
      return true;
    } catch (error) {
      log("record_sync_failed", { error: error instanceof Error ? error.message.slice(0, 300) : "?" }, "warn");
      return false;
    }
  }
}
