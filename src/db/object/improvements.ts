import { z } from "zod";
import { Finding } from "../../self-improvement/finding.ts";
import { Trial } from "../../self-improvement/trial.ts";

/** What self-improvement found and had worked on, and how drafts of skills did when they were tried. */
export const improvementSchema: readonly string[] = [
  `CREATE TABLE improvement (
    id TEXT PRIMARY KEY,
    finding TEXT NOT NULL,
    task_id TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE improvement_look (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT`,
  `CREATE TABLE skill_trial (version TEXT PRIMARY KEY, trial TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
];

export interface ImprovementRow {
  id: string;
  finding: Finding;
  /** The task that works on it. */
  taskId: string;
  /** UTC milliseconds. */
  at: number;
}

/** Rows of what was found are kept this long; after it the same may be found anew. */
export const IMPROVEMENT_KEPT_MS = 90 * 86_400_000;
/** How a draft did is shown to whoever is asked about it, which nobody is for longer than a week. */
const TRIAL_KEPT_MS = 14 * 86_400_000;

const Row = z.object({ id: z.string(), finding: z.string(), task_id: z.string(), at: z.number() });

/** What self-improvement had worked on, in the object's SQLite. */
export class ImprovementStore {
  constructor(private readonly sql: SqlStorage) {}

  add({ id, finding, taskId, at }: ImprovementRow): void {
    this.sql.exec("INSERT INTO improvement (id, finding, task_id, at) VALUES (?, ?, ?, ?)", id, JSON.stringify(finding), taskId, at);
  }

  /** Newest first. */
  all(): ImprovementRow[] {
    return this.sql
      .exec("SELECT id, finding, task_id, at FROM improvement ORDER BY at DESC, id")
      .toArray()
      .map((row) => {
        const { id, finding, task_id: taskId, at } = Row.parse(row);
        return { id, finding: Finding.parse(JSON.parse(finding)), taskId, at };
      });
  }

  /** The one that a task works on; null: it works on something else. */
  ofTask(taskId: string): ImprovementRow | null {
    return this.all().find((row) => row.taskId === taskId) ?? null;
  }

  /** When was looked last, UTC milliseconds; null: never. */
  lastLook(): number | null {
    const row = this.sql.exec("SELECT at FROM improvement_look").toArray()[0];
    return row ? Number(row["at"]) : null;
  }

  looked(at: number): void {
    this.sql.exec("INSERT OR REPLACE INTO improvement_look (id, at) VALUES (1, ?)", at);
  }

  /** Whether a task put a draft in place that needed no question. */
  reworded(taskId: string): boolean {
    const rows = this.sql.exec(
      "SELECT 1 FROM tool_call WHERE turn_id = ? AND tool = 'reword_skill' AND state = 'done' AND undone_at IS NULL LIMIT 1",
      taskId,
    );
    return rows.toArray().length > 0;
  }

  /** How a draft did when it was tried last; null: it was not. `version`: its content hash. */
  trial(version: string): Trial | null {
    const row = this.sql.exec("SELECT trial FROM skill_trial WHERE version = ?", version).toArray()[0];
    return row ? Trial.parse(JSON.parse(String(row["trial"]))) : null;
  }

  putTrial(version: string, trial: Trial, at: number): void {
    this.sql.exec("INSERT OR REPLACE INTO skill_trial (version, trial, at) VALUES (?, ?, ?)", version, JSON.stringify(trial), at);
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM improvement WHERE at < ?", now - IMPROVEMENT_KEPT_MS);
    this.sql.exec("DELETE FROM skill_trial WHERE at < ?", now - TRIAL_KEPT_MS);
  }
}

/** What quotes what is forgotten goes: no finding needs it any more, and a draft can be tried again. Gives how many rows went. */
export function forgetImprovements(sql: SqlStorage, rewrite: { text(text: string): string; value(value: unknown): unknown }): number {
  const improvements = sql.exec("SELECT id, finding FROM improvement").toArray();
  const trials = sql.exec("SELECT version, trial FROM skill_trial").toArray();
  const says = (text: string): boolean => rewrite.text(text) !== text;
  const quoting = improvements.filter(({ finding }) => {
    const { title, terms } = Finding.parse(JSON.parse(String(finding)));
    // The stems of a request tell it too.
    return says(title) || says(terms.join(" "));
  });
  const quotingTrials = trials.filter(({ trial }) => {
    const read = Trial.parse(JSON.parse(String(trial)));
    return JSON.stringify(rewrite.value(read)) !== JSON.stringify(read);
  });
  for (const { id } of quoting) sql.exec("DELETE FROM improvement WHERE id = ?", id ?? null);
  for (const { version } of quotingTrials) sql.exec("DELETE FROM skill_trial WHERE version = ?", version ?? null);
  return quoting.length + quotingTrials.length;
}
