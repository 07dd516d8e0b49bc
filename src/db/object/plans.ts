import { z } from "zod";
import type { PlanStatus, StepStatus } from "../../plans/shapes.ts";
import { TaskArtifact } from "../../tasks/shapes.ts";
import { type StepError, StoredPlan, StoredStep } from "../../plans/stored-plan.ts";
import { below } from "./below.ts";

/** Plans and their steps. A step's result is what others of its plan are given. */
export const planSchema: readonly string[] = [
  `CREATE TABLE plan (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    body_hash TEXT,
    goal TEXT NOT NULL,
    status TEXT NOT NULL,
    origin TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    playbook TEXT,
    data TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    task_id TEXT,
    conversation_id TEXT,
    runs INTEGER NOT NULL DEFAULT 0,
    used_given INTEGER NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER
  ) STRICT`,
  `CREATE INDEX plan_open ON plan (number) WHERE status IN ('proposed', 'running', 'waiting_approval')`,
  `CREATE INDEX plan_untold ON plan (number) WHERE told = 0 AND ended_at IS NOT NULL`,
  `CREATE TABLE plan_step (
    plan_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    work TEXT NOT NULL,
    after TEXT NOT NULL,
    author TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT '',
    tainted INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    task_id TEXT,
    started_at INTEGER,
    ended_at INTEGER,
    PRIMARY KEY (plan_id, name)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX plan_step_by_task ON plan_step (task_id) WHERE task_id IS NOT NULL`,
];

/** Said beside a narrower condition too: the index holds these rows only, and is used where the query says so. */
const OPEN = "status IN ('proposed', 'running', 'waiting_approval')";
const UNDER_WAY = `status IN ('running', 'waiting_approval') AND ${OPEN}`;
const KEPT_MS = 90 * 86_400_000;

export type NewPlan = Omit<StoredPlan, "number" | "runs" | "usedGiven" | "told" | "startedAt" | "endedAt">;
export type NewStep = Pick<StoredStep, "name" | "title" | "work" | "after" | "author" | "status">;

/** How a step is after it was looked at. */
export interface StepEnd {
  status: Extract<StepStatus, "done" | "failed" | "skipped" | "cancelled">;
  result: string;
  tainted: boolean;
  error: StepError | null;
  at: number;
}

/** Plans in the user's object. A change of a status is one statement that looks at the status before. */
export class PlanStore {
  constructor(private readonly sql: SqlStorage) {}

  #one(where: string, ...values: SqlStorageValue[]): StoredPlan | null {
    const row = this.sql.exec(`SELECT * FROM plan WHERE ${where} LIMIT 1`, ...values).toArray()[0];
    return row ? toPlan(row) : null;
  }

  #many(rest: string, ...values: SqlStorageValue[]): StoredPlan[] {
    return this.sql
      .exec(`SELECT * FROM plan WHERE ${rest}`, ...values)
      .toArray()
      .map(toPlan);
  }

  #changed(sql: string, ...values: SqlStorageValue[]): boolean {
    return this.sql.exec(`${sql} RETURNING 1`, ...values).toArray().length > 0;
  }

  /** Gives its number. */
  insert(plan: NewPlan, steps: readonly NewStep[]): number {
    const number = Number(
      this.sql
        .exec(
          `INSERT INTO plan (id, key, body_hash, goal, status, origin, tainted, playbook, data, reply_to, task_id, conversation_id, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number`,
          plan.id,
          plan.key,
          plan.bodyHash,
          plan.goal,
          plan.status,
          plan.origin,
          Number(plan.tainted),
          plan.playbook,
          JSON.stringify(plan.data),
          JSON.stringify(plan.replyTo),
          plan.taskId,
          plan.conversationId,
          plan.createdAt,
        )
        .one()["number"],
    );
    for (const [position, step] of steps.entries())
      this.sql.exec(
        "INSERT INTO plan_step (plan_id, position, name, title, work, after, author, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        plan.id,
        position,
        step.name,
        step.title,
        JSON.stringify(step.work),
        JSON.stringify(step.after),
        step.author,
        step.status,
      );
    return number;
  }

  get(id: string): StoredPlan | null {
    return this.#one("id = ?", id);
  }

  byKey(key: string): StoredPlan | null {
    return this.#one("key = ?", key);
  }

  numbered(number: number): StoredPlan | null {
    return this.#one("number = ?", number);
  }

  countUnderWay(): number {
    return Number(this.sql.exec(`SELECT count(*) AS n FROM plan WHERE ${UNDER_WAY}`).one()["n"]);
  }

  countProposed(): number {
    return Number(this.sql.exec(`SELECT count(*) AS n FROM plan WHERE status = 'proposed' AND ${OPEN}`).one()["n"]);
  }

  /** Proposed, running and waiting ones, oldest first. */
  open(): StoredPlan[] {
    return this.#many(`${OPEN} ORDER BY number`);
  }

  /** Those that were started and have not ended, oldest first. */
  underWay(): StoredPlan[] {
    return this.#many(`${UNDER_WAY} ORDER BY number`);
  }

  /** Ended ones whose end is still to be told. */
  untold(): StoredPlan[] {
    return this.#many("told = 0 AND ended_at IS NOT NULL ORDER BY number");
  }

  /** Newest first. */
  page(statuses: readonly PlanStatus[], before: number | null, limit: number): StoredPlan[] {
    return this.#many(
      `status IN (${statuses.map(() => "?").join(", ")}) AND number < ? ORDER BY number DESC LIMIT ?`,
      ...statuses,
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    );
  }

  /** In the order in which they were written down. */
  steps(planId: string): StoredStep[] {
    return this.sql.exec("SELECT * FROM plan_step WHERE plan_id = ? ORDER BY position", planId).toArray().map(toStep);
  }

  /** The one that a task works on; null: it is no step's. */
  stepOfTask(taskId: string): StoredStep | null {
    const row = this.sql.exec("SELECT * FROM plan_step WHERE task_id = ?", taskId).toArray()[0];
    return row ? toStep(row) : null;
  }

  /** Starts one that was proposed or has ended. */
  begin(id: string, at: number): boolean {
    return this.#changed(
      "UPDATE plan SET status = 'running', runs = runs + 1, told = 0, started_at = coalesce(started_at, ?), ended_at = NULL WHERE id = ? AND status IN ('proposed', 'failed', 'cancelled')",
      at,
      id,
    );
  }

  /** Whether it waits for a person, of one that is under way. */
  setWaiting(id: string, waits: boolean): boolean {
    return this.#changed(
      "UPDATE plan SET status = ? WHERE id = ? AND status = ?",
      waits ? "waiting_approval" : "running",
      id,
      waits ? "running" : "waiting_approval",
    );
  }

  /** Ends one that was proposed or is under way. False: it had ended. */
  end(id: string, status: "done" | "failed" | "cancelled", at: number): boolean {
    return this.#changed(`UPDATE plan SET status = ?, ended_at = ? WHERE id = ? AND ${OPEN}`, status, at, id);
  }

  told(id: string): void {
    this.sql.exec("UPDATE plan SET told = 1 WHERE id = ?", id);
  }

  taint(id: string): void {
    this.sql.exec("UPDATE plan SET tainted = 1 WHERE id = ?", id);
  }

  countGiven(id: string, times: number): void {
    this.sql.exec("UPDATE plan SET used_given = used_given + ? WHERE id = ?", times, id);
  }

  /** What is written of a step that has not begun. False: it has. */
  write(step: StoredStep): boolean {
    return this.#changed(
      "UPDATE plan_step SET title = ?, work = ?, after = ?, author = ?, status = ? WHERE plan_id = ? AND name = ? AND status IN ('proposed', 'approved', 'rejected')",
      step.title,
      JSON.stringify(step.work),
      JSON.stringify(step.after),
      step.author,
      step.status,
      step.planId,
      step.name,
    );
  }

  /** Steps of these statuses get another. Gives how many. */
  move(planId: string, from: readonly StepStatus[], to: StepStatus): number {
    return this.sql
      .exec(
        `UPDATE plan_step SET status = ? WHERE plan_id = ? AND status IN (${from.map(() => "?").join(", ")}) RETURNING 1`,
        to,
        planId,
        ...from,
      )
      .toArray().length;
  }

  /** Steps that ended without finishing are approved again, for another attempt. */
  again(planId: string): number {
    return this.sql
      .exec(
        "UPDATE plan_step SET status = 'approved', attempt = attempt + 1, result = '', tainted = 0, error = NULL, task_id = NULL, started_at = NULL, ended_at = NULL WHERE plan_id = ? AND status IN ('failed', 'cancelled', 'skipped') RETURNING 1",
        planId,
      )
      .toArray().length;
  }

  /** Takes an approved step to be done. False: somebody has, or it is not approved. */
  claim(planId: string, name: string, at: number): boolean {
    return this.#changed(
      "UPDATE plan_step SET status = 'running', started_at = ? WHERE plan_id = ? AND name = ? AND status = 'approved'",
      at,
      planId,
      name,
    );
  }

  setTask(planId: string, name: string, taskId: string): void {
    this.sql.exec("UPDATE plan_step SET task_id = ? WHERE plan_id = ? AND name = ?", taskId, planId, name);
  }

  /** What was claimed and cannot begin yet. */
  putBack(planId: string, name: string): void {
    this.sql.exec(
      "UPDATE plan_step SET status = 'approved', started_at = NULL WHERE plan_id = ? AND name = ? AND status = 'running' AND task_id IS NULL",
      planId,
      name,
    );
  }

  /** A step that was begun waits for a person, or goes on. */
  setStepWaiting(planId: string, name: string, waits: boolean): boolean {
    return this.#changed(
      "UPDATE plan_step SET status = ? WHERE plan_id = ? AND name = ? AND status = ?",
      waits ? "waiting_approval" : "running",
      planId,
      name,
      waits ? "running" : "waiting_approval",
    );
  }

  /** Ends a step that has not ended. `attempt`: the one that is meant. False: it had ended, or it is another attempt by now. */
  endStep(planId: string, name: string, attempt: number, { status, result, tainted, error, at }: StepEnd): boolean {
    return this.#changed(
      "UPDATE plan_step SET status = ?, result = ?, tainted = ?, error = ?, ended_at = ? WHERE plan_id = ? AND name = ? AND attempt = ? AND status IN ('proposed', 'approved', 'running', 'waiting_approval')",
      status,
      result,
      Number(tainted),
      error === null ? null : JSON.stringify(error),
      at,
      planId,
      name,
      attempt,
    );
  }

  /** What its tasks cost and made, of all attempts. `microUsd` null: the price of a model is not known. */
  tasksOf(planId: string): { numbers: Map<string, number>; microUsd: number | null; artifacts: TaskArtifact[] } {
    const rows = this.sql
      .exec(`SELECT id, number, steps, micro_usd, artifacts FROM task WHERE ${below("key", "?1")} ORDER BY number`, `plan:${planId}`)
      .toArray();
    const costs = rows.map((row) => (row["steps"] === 0 ? 0 : row["micro_usd"] === null ? null : Number(row["micro_usd"])));
    return {
      numbers: new Map(rows.map((row) => [String(row["id"]), Number(row["number"])])),
      microUsd: costs.includes(null) ? null : costs.reduce((sum: number, cost) => sum + (cost ?? 0), 0),
      artifacts: rows.flatMap((row) =>
        row["artifacts"] === "[]" ? [] : z.array(TaskArtifact).parse(JSON.parse(String(row["artifacts"]))),
      ),
    };
  }

  delete(id: string): void {
    this.sql.exec("DELETE FROM plan_step WHERE plan_id = ?", id);
    this.sql.exec("DELETE FROM plan WHERE id = ?", id);
  }

  /** Forgets plans that ended long ago, and proposals that nobody decided about for as long. */
  prune(now: number): void {
    const old = this.sql
      .exec("SELECT id FROM plan WHERE ended_at < ?1 OR (status = 'proposed' AND created_at < ?1)", now - KEPT_MS)
      .toArray();
    for (const row of old) this.delete(String(row["id"]));
  }
}

type Row = Record<string, SqlStorageValue>;

const toPlan = (row: Row): StoredPlan =>
  StoredPlan.parse({
    number: row["number"],
    id: row["id"],
    key: row["key"],
    bodyHash: row["body_hash"],
    goal: row["goal"],
    status: row["status"],
    origin: row["origin"],
    tainted: row["tainted"] === 1,
    playbook: row["playbook"],
    data: JSON.parse(String(row["data"])),
    replyTo: JSON.parse(String(row["reply_to"])),
    taskId: row["task_id"],
    conversationId: row["conversation_id"],
    runs: row["runs"],
    usedGiven: row["used_given"],
    told: row["told"] === 1,
    createdAt: row["created_at"],
    startedAt: row["started_at"],
    endedAt: row["ended_at"],
  });

const toStep = (row: Row): StoredStep =>
  StoredStep.parse({
    planId: row["plan_id"],
    position: row["position"],
    name: row["name"],
    title: row["title"],
    work: JSON.parse(String(row["work"])),
    after: JSON.parse(String(row["after"])),
    author: row["author"],
    status: row["status"],
    attempt: row["attempt"],
    result: row["result"],
    tainted: row["tainted"] === 1,
    error: row["error"] === null ? null : JSON.parse(String(row["error"])),
    taskId: row["task_id"],
    startedAt: row["started_at"],
    endedAt: row["ended_at"],
  });
