import type { RecordTable } from "../../memory/record.ts";

/** What the record outside has not got yet: one row a changed row, written in the same transaction as the change. `seq` tells whether it changed again meanwhile. */
export const recordOpSchema: readonly string[] = [
  `CREATE TABLE record_op (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tbl TEXT NOT NULL CHECK (tbl IN ('memory', 'document', 'collection')),
    row_id TEXT NOT NULL,
    UNIQUE (tbl, row_id)
  ) STRICT`,
];

export interface RecordOp {
  seq: number;
  table: RecordTable;
  id: string;
}

export class RecordOps {
  constructor(private readonly sql: SqlStorage) {}

  /** A row was written or deleted. Call it inside the transaction that did. */
  note(table: RecordTable, id: string): void {
    this.sql.exec("INSERT OR REPLACE INTO record_op (tbl, row_id) VALUES (?, ?)", table, id);
  }

  /** Those with a number greater than `after`, in order. */
  pending(limit: number, after = 0): RecordOp[] {
    return this.sql
      .exec<{ seq: number; tbl: RecordTable; row_id: string }>(
        "SELECT seq, tbl, row_id FROM record_op WHERE seq > ? ORDER BY seq LIMIT ?",
        after,
        limit,
      )
      .toArray()
      .map(({ seq, tbl, row_id: id }) => ({ seq, table: tbl, id }));
  }

  /** The record has it, unless the row changed again meanwhile. */
  done(seq: number): void {
    this.sql.exec("DELETE FROM record_op WHERE seq = ?", seq);
  }

  count(): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM record_op").one()["n"]);
  }
}
