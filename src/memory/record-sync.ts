import type { Log } from "../log.ts";
import type { RecordRow, RecordTable, UserRecord } from "./record.ts";

export interface RecordSyncDeps {
  record: Pick<UserRecord, "put" | "delete">;
  ops: {
    /** Those with a number greater than `after`, in order. */
    pending(limit: number, after: number): { seq: number; table: RecordTable; id: string }[];
    done(seq: number): void;
    count(): number;
  };
  /** A row as it is now; null: it was deleted. */
  read(table: RecordTable, id: string): RecordRow | null;
  log: Log;
}

/** Rows that go out together. */
const TOGETHER = 100;
/** So many refusals with nothing taken mean that the record cannot be reached, and not that it dislikes a row. */
const GIVE_UP = 3;

interface Op {
  seq: number;
  id: string;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 300) : "?");

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
    const { ops, log } = this.deps;
    const tally = { taken: 0, refused: 0 };
    try {
      for (let after = 0; ;) {
        const pending = ops.pending(TOGETHER, after);
        const last = pending.at(-1);
        if (last === undefined) return tally.refused === 0;
        after = last.seq;
        for (const table of new Set(pending.map((op) => op.table)))
          await this.#together(
            table,
            pending.filter((op) => op.table === table),
            tally,
          );
      }
    } catch (error) {
      log("record_sync_failed", { error: messageOf(error) }, "warn");
      return false;
    }
  }

  /** One write for all, or one each when that is refused: a row that the record will not have must not hold up the rest. Throws when it takes none. */
  async #together(table: RecordTable, ops: readonly Op[], tally: { taken: number; refused: number }): Promise<void> {
    try {
      await this.#write(table, ops);
      tally.taken += ops.length;
      return;
    } catch (error) {
      if (ops.length === 1) return this.#refused(table, error, tally);
    }
    for (const op of ops)
      try {
        await this.#write(table, [op]);
        tally.taken++;
      } catch (error) {
        this.#refused(table, error, tally);
      }
  }

  #refused(table: RecordTable, error: unknown, tally: { taken: number; refused: number }): void {
    tally.refused++;
    if (tally.taken === 0 && tally.refused >= GIVE_UP) throw error;
    this.deps.log("record_row_refused", { table, error: messageOf(error) }, "warn");
  }

  async #write(table: RecordTable, ops: readonly Op[]): Promise<void> {
    const { record, read, ops: notes } = this.deps;
    const mine = ops.map((op) => ({ ...op, row: read(table, op.id) }));
    const rows = mine.flatMap(({ row }) => row ?? []);
    const gone = mine.filter(({ row }) => row === null).map(({ id }) => id);
    if (rows.length > 0) await record.put(table, rows);
    if (gone.length > 0) await record.delete(table, gone);
    for (const { seq } of mine) notes.done(seq);
  }
}
