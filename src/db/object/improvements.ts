import { z } from "zod";
import { Finding } from "../../self-improvement/finding.ts";

/** What self-improvement found and had worked on, and how drafts of skills did when they were tried. */
export const improvementSchema: readonly string[] = [
  `CREATE TABLE improvement (
    id TEXT PRIMARY KEY,
    finding TEXT NOT NULL,
    task_id TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
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

  prune(now: number): void {
    this.sql.exec("DELETE FROM improvement WHERE at < ?", now - IMPROVEMENT_KEPT_MS);
  }
}
