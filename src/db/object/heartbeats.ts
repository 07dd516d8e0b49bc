import { type HeartbeatLook, HeartbeatOutcome } from "../../heartbeat/shapes.ts";

/** What the heartbeat told, so that it tells nothing twice, and its looks that found something. */
export const heartbeatSchema: readonly string[] = [
  `CREATE TABLE heartbeat_told (change_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE heartbeat_look (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    changes INTEGER NOT NULL,
    why TEXT NOT NULL
  ) STRICT`,
];

/** What was told is known this long: by then the change itself is no news any more. */
const TOLD_KEPT_MS = 30 * 86_400_000;
const LOOKS_KEPT_MS = 90 * 86_400_000;

/** The heartbeat's own rows. */
export class HeartbeatStore {
  constructor(private readonly sql: SqlStorage) {}

  told(changeId: string): boolean {
    return this.sql.exec("SELECT 1 FROM heartbeat_told WHERE change_id = ?", changeId).toArray().length > 0;
  }

  /** Writes a look and what it settled. Part of the caller's transaction. */
  add(look: HeartbeatLook, changeIds: readonly string[]): void {
    for (const id of changeIds) this.sql.exec("INSERT OR IGNORE INTO heartbeat_told (change_id, at) VALUES (?, ?)", id, look.at);
    this.sql.exec(
      "INSERT INTO heartbeat_look (at, outcome, changes, why) VALUES (?, ?, ?, ?)",
      look.at,
      look.outcome,
      look.changes,
      look.why,
    );
  }

  /** Newest first. */
  looks(limit: number): HeartbeatLook[] {
    return this.sql
      .exec("SELECT at, outcome, changes, why FROM heartbeat_look ORDER BY id DESC LIMIT ?", limit)
      .toArray()
      .map((row) => ({
        at: Number(row["at"]),
        outcome: HeartbeatOutcome.parse(row["outcome"]),
        changes: Number(row["changes"]),
        why: String(row["why"]),
      }));
  }

  /** How often something was said or done since an instant. */
  actedSince(at: number): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM heartbeat_look WHERE at >= ? AND outcome IN ('spoke', 'acted')", at).one()["n"]);
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM heartbeat_told WHERE at < ?", now - TOLD_KEPT_MS);
    this.sql.exec("DELETE FROM heartbeat_look WHERE at < ?", now - LOOKS_KEPT_MS);
  }
}
