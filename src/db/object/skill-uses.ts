import { SkillUsage, SkillUse } from "../../skills/shapes.ts";

/** Each use of a skill for 90 days, and their sums, which stay. */
export const skillUseSchema: readonly string[] = [
  `CREATE TABLE skill_use (
    call_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('read', 'run')),
    file TEXT NOT NULL,
    ended TEXT NOT NULL CHECK (ended IN ('done', 'failed')),
    summary TEXT NOT NULL,
    ms INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX skill_use_name ON skill_use (name, at)`,
  `CREATE INDEX skill_use_at ON skill_use (at)`,
  `CREATE TABLE skill_total (
    name TEXT PRIMARY KEY,
    reads INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT, WITHOUT ROWID`,
];

const KEPT_MS = 90 * 86_400_000;

export class SkillUseStore {
  constructor(private readonly sql: SqlStorage) {}

  /** Counts a use, once by its call. */
  add(use: SkillUse & { name: string; callId: string }): void {
    const { name, callId, version, kind, file, ended, summary, ms, micro_usd: cost, at } = use;
    const added = this.sql.exec(
      "INSERT OR IGNORE INTO skill_use (call_id, name, version, kind, file, ended, summary, ms, micro_usd, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING call_id",
      callId,
      name,
      version,
      kind,
      file,
      ended,
      summary,
      ms,
      cost,
      at,
    );
    if (added.toArray().length === 0) return;
    const run = kind === "run";
    this.sql.exec(
      `INSERT INTO skill_total (name, reads, runs, succeeded, failed, ms, micro_usd, last_used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (name) DO UPDATE SET reads = reads + ?2, runs = runs + ?3, succeeded = succeeded + ?4, failed = failed + ?5, ms = ms + ?6, micro_usd = micro_usd + ?7, last_used_at = ?8`,
      name,
      Number(!run),
      Number(run),
      Number(run && ended === "done"),
      Number(run && ended === "failed"),
      run ? ms : 0,
      cost,
      at,
    );
  }

  totals(): Map<string, SkillUsage> {
    const rows = this.sql.exec("SELECT * FROM skill_total").toArray();
    return new Map(rows.map(({ name, ...sums }) => [String(name), SkillUsage.parse(sums)]));
  }

  /** The newest first. */
  list(name: string, limit: number): SkillUse[] {
    return this.sql
      .exec(
        "SELECT at, kind, version, file, ended, summary, ms, micro_usd FROM skill_use WHERE name = ? ORDER BY at DESC, call_id DESC LIMIT ?",
        name,
        limit,
      )
      .toArray()
      .map((row) => SkillUse.parse(row));
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM skill_use WHERE at < ?", now - KEPT_MS);
  }
}
