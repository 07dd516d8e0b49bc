/** The journal of running turns: what each finished step returned. A turn's rows go when it ends. */
export class StepStore {
  constructor(private readonly sql: SqlStorage) {}

  /** The JSON a step returned; null: it has not finished. */
  get(turnId: string, name: string): string | null {
    const row = this.sql.exec("SELECT result FROM step WHERE turn_id = ? AND name = ?", turnId, name).toArray()[0];
    return row ? String(row["result"]) : null;
  }

  put(turnId: string, name: string, result: string): void {
    this.sql.exec("INSERT INTO step (turn_id, name, result) VALUES (?, ?, ?)", turnId, name, result);
  }

  /** Everything of a turn, in no order. */
  all(turnId: string): { name: string; result: string }[] {
    return this.sql.exec<{ name: string; result: string }>("SELECT name, result FROM step WHERE turn_id = ?", turnId).toArray();
  }

  /** Until when the turn waits, by its last `wait:` step; null: it never waited. */
  waitsUntil(turnId: string): number | null {
    const row = this.sql.exec("SELECT max(CAST(result AS INTEGER)) AS at FROM step WHERE turn_id = ? AND name GLOB 'wait:*'", turnId).one();
    return row["at"] === null ? null : Number(row["at"]);
  }

  clear(turnId: string): void {
    this.sql.exec("DELETE FROM step WHERE turn_id = ?", turnId);
  }
}
