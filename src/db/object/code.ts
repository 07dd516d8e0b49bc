/** What code called, in order: a run that a crash cut off runs again, and its calls must be the same ones. */
export const codeSchema: readonly string[] = [
  `CREATE TABLE code_call (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX code_call_at ON code_call (at)`,
];

/** No run is begun again after so long, milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

export class CodeCallStore {
  constructor(private readonly sql: SqlStorage) {}

  /** Notes a call before it is made. False: another one was made in its place. */
  note(id: string, hash: string, at: number): boolean {
    const known = this.sql.exec("SELECT hash FROM code_call WHERE id = ?", id).toArray()[0];
    if (known) return known["hash"] === hash;
    this.sql.exec("INSERT INTO code_call (id, hash, at) VALUES (?, ?, ?)", id, hash, at);
    return true;
  }

  forgetOld(now: number): void {
    this.sql.exec("DELETE FROM code_call WHERE at < ?", now - KEPT_MS);
  }
}
