/**
 * What is kept in context of a conversation's older messages, which stay in the archive. `clean` was made of nothing from outside; `outside` was, and lives until the next row.
 * `made_by` is `rules` or the model's name; `attempts` counts calls of a model that failed.
 */
export const summarySchema: readonly string[] = [
  `CREATE TABLE summary (
    conversation_id TEXT PRIMARY KEY,
    to_seq INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    clean TEXT NOT NULL,
    outside TEXT NOT NULL,
    before TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

export interface SummaryRow {
  conversationId: string;
  /** The messages from `fromSeq` to `toSeq` are new in it; the rest came from `before`, the clean text of the one whose place it took. */
  fromSeq: number;
  toSeq: number;
  /** How many messages it stands for, in all. */
  messages: number;
  clean: string;
  outside: string;
  before: string;
  madeBy: string;
  attempts: number;
}

type Row = Record<string, SqlStorageValue>;

export class SummaryStore {
  readonly #known = new Map<string, SummaryRow | null>();
  constructor(private readonly sql: SqlStorage) {}

  get(conversationId: string): SummaryRow | null {
    const known = this.#known.get(conversationId);
    if (known !== undefined) return known;
    const row = this.sql.exec("SELECT * FROM summary WHERE conversation_id = ?", conversationId).toArray()[0];
    const read = row ? rowOf(row) : null;
    if (this.#known.size > 20) this.#known.clear();
    this.#known.set(conversationId, read);
    return read;
  }

  put(row: SummaryRow, now: number): void {
    this.#known.delete(row.conversationId);
    this.sql.exec(
      `INSERT OR REPLACE INTO summary (conversation_id, to_seq, messages, clean, outside, before, from_seq, made_by, attempts, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.conversationId,
      row.toSeq,
      row.messages,
      row.clean,
      row.outside,
      row.before,
      row.fromSeq,
      row.madeBy,
      row.attempts,
      now,
    );
  }

  /** Summaries by rules that a model may still make better, the newest first. */
  unpolished(maxAttempts: number): SummaryRow | null {
    const row = this.sql
      .exec("SELECT * FROM summary WHERE made_by = 'rules' AND attempts < ? ORDER BY updated_at DESC LIMIT 1", maxAttempts)
      .toArray()[0];
    return row ? rowOf(row) : null;
  }

  all(): SummaryRow[] {
    return this.sql.exec("SELECT * FROM summary").toArray().map(rowOf);
  }

  /** After a transaction that was undone: what is kept in memory is read anew. */
  forget(): void {
    this.#known.clear();
  }
}

const rowOf = (row: Row): SummaryRow => ({
  conversationId: String(row["conversation_id"]),
  fromSeq: Number(row["from_seq"]),
  toSeq: Number(row["to_seq"]),
  messages: Number(row["messages"]),
  clean: String(row["clean"]),
  outside: String(row["outside"]),
  before: String(row["before"]),
  madeBy: String(row["made_by"]),
  attempts: Number(row["attempts"]),
});
