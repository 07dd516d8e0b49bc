import { z } from "zod";
import { ContextPart } from "../../agent/context-shapes.ts";

/** How long it is known what an answer was made from. */
const KEPT_MS = 90 * 86_400_000;

/** What each answer was made from: which sources, by id. No text of theirs is in it, so nothing of what is forgotten later. */
export const contextRecordSchema: readonly string[] = [
  `CREATE TABLE context_record (
    turn_id TEXT PRIMARY KEY,
    parts TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    suspicious INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX context_record_at ON context_record (at)`,
];

/** A part as it is kept: a source's label is made when it is asked for. */
export const RecordedPart = ContextPart.omit({ sources: true }).extend({
  sources: z.array(z.object({ id: z.string().nullable(), why: z.string(), tainted: z.boolean(), label: z.string().optional() })),
});
export type RecordedPart = z.infer<typeof RecordedPart>;

export interface ContextRecord {
  turnId: string;
  parts: RecordedPart[];
  tainted: boolean;
  /** Whether content from outside in it looks as if it gave orders. */
  suspicious: boolean;
  at: number;
}

export class ContextRecordStore {
  constructor(private readonly sql: SqlStorage) {}

  put(record: ContextRecord): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO context_record (turn_id, parts, tainted, suspicious, at) VALUES (?, ?, ?, ?, ?)",
      record.turnId,
      JSON.stringify(record.parts),
      record.tainted ? 1 : 0,
      record.suspicious ? 1 : 0,
      record.at,
    );
  }

  get(turnId: string): ContextRecord | null {
    const row = this.sql.exec("SELECT * FROM context_record WHERE turn_id = ?", turnId).toArray()[0];
    if (!row) return null;
    return {
      turnId,
      parts: z.array(RecordedPart).parse(JSON.parse(String(row["parts"]))),
      tainted: row["tainted"] === 1,
      suspicious: row["suspicious"] === 1,
      at: Number(row["at"]),
    };
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM context_record WHERE at < ?", now - KEPT_MS);
  }
}
