import { z } from "zod";

/** Browser sessions: what is open, so that a crash leaves none behind, and how long each was, which costs and is limited. */
export const browserSchema: readonly string[] = [
  `CREATE TABLE browser_session (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    browser TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    closed_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX browser_session_open ON browser_session (id) WHERE closed_at IS NULL`,
];

const Row = z.object({
  id: z.string(),
  name: z.string(),
  browser: z.string(),
  opened_at: z.number(),
  used_at: z.number(),
  closed_at: z.number().nullable(),
});

export interface BrowserRow {
  id: string;
  /** `task:…` or `conversation:…`. */
  name: string;
  /** The browser's own id. */
  browser: string;
  /** UTC milliseconds. */
  openedAt: number;
  usedAt: number;
}

/** Browser sessions in the user's object. */
export class BrowserStore {
  constructor(private readonly sql: SqlStorage) {}

  begin({ id, name, browser, openedAt }: Omit<BrowserRow, "usedAt">): void {
    this.sql.exec(
      "INSERT INTO browser_session (id, name, browser, opened_at, used_at) VALUES (?, ?, ?, ?, ?)",
      id,
      name,
      browser,
      openedAt,
      openedAt,
    );
  }

  used(id: string, at: number): void {
    this.sql.exec("UPDATE browser_session SET used_at = ? WHERE id = ?", at, id);
  }

  end(id: string, at: number): void {
    this.sql.exec("UPDATE browser_session SET closed_at = ? WHERE id = ? AND closed_at IS NULL", at, id);
  }

  open(): BrowserRow[] {
    return this.sql
      .exec("SELECT * FROM browser_session WHERE closed_at IS NULL")
      .toArray()
      .map((row) => {
        const { id, name, browser, opened_at, used_at } = Row.parse(row);
        return { id, name, browser, openedAt: opened_at, usedAt: used_at };
      });
  }

  /** Milliseconds that browsers were open in since an instant. */
  openSince(since: number, now: number): number {
    const row = this.sql
      .exec(
        "SELECT coalesce(sum(coalesce(closed_at, ?1) - max(opened_at, ?2)), 0) AS ms FROM browser_session WHERE coalesce(closed_at, ?1) > ?2",
        now,
        since,
      )
      .one();
    return Number(row["ms"]);
  }

  /** Drops what ended before an instant. */
  prune(before: number): void {
    this.sql.exec("DELETE FROM browser_session WHERE closed_at < ?", before);
  }
}
