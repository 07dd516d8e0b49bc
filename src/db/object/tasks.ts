import type { CheckedCall } from "../../tasks/checked-task.ts";
import type { TaskArtifact, TaskError, TaskStatus } from "../../tasks/shapes.ts";
import { nameOf } from "../../workspace/path.ts";
import { type NewTaskRow, CallState, placeOf, TaskCallRow, type TaskReview, TaskRow, Texts } from "./task-row.ts";
import { below } from "./below.ts";

/** Files that are listed of one task. */
const MAX_ARTIFACTS = 100;

/** Tasks in the background, and the steps of each. What only a task that may still run needs is emptied at its end. */
export const taskSchema: readonly string[] = [
  `CREATE TABLE task (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    body_hash TEXT,
    parent_id TEXT,
    conversation_id TEXT,
    origin TEXT NOT NULL,
    profile TEXT NOT NULL,
    tier TEXT NOT NULL,
    title TEXT NOT NULL,
    input TEXT NOT NULL,
    content TEXT NOT NULL,
    word INTEGER NOT NULL,
    tainted INTEGER NOT NULL,
    suspicious INTEGER NOT NULL,
    words TEXT NOT NULL,
    known TEXT NOT NULL,
    given TEXT NOT NULL,
    plan TEXT NOT NULL,
    limits TEXT NOT NULL,
    status TEXT NOT NULL,
    progress TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '',
    error TEXT,
    steps INTEGER NOT NULL DEFAULT 0,
    tool_calls INTEGER NOT NULL DEFAULT 0,
    tokens INTEGER NOT NULL DEFAULT 0,
    micro_usd REAL,
    used_given INTEGER NOT NULL DEFAULT 0,
    reply_to TEXT NOT NULL,
    tell INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    artifacts TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    waiting_since INTEGER,
    waited_ms INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER
  ) STRICT`,
  `CREATE INDEX task_open ON task (number) WHERE status IN ('queued', 'running', 'waiting_approval')`,
  `CREATE INDEX task_untold ON task (number) WHERE told = 0 AND ended_at IS NOT NULL`,
  // `reply`: what the model answered, whole, so that the same step is not paid for twice; emptied at the end.
  `CREATE TABLE task_step (
    task_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    reply TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (task_id, n)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX task_step_by_time ON task_step (at)`,
];

/** `expects`: the JSON Schema of the answer that was asked for. `review`: a `TaskReview`. */
export const taskReviewSchema: readonly string[] = [`ALTER TABLE task ADD COLUMN expects TEXT`, `ALTER TABLE task ADD COLUMN review TEXT`];

/** Said beside a narrower condition too: the index holds these rows only, and is used where the query says so. */
const OPEN = "status IN ('queued', 'running', 'waiting_approval')";
/** A row as {@link TaskRow} reads it. While nothing of a task that waits is to be answered any more, what was approved runs. */
const TASK = `SELECT task.*, status = 'waiting_approval' AND NOT EXISTS (
    SELECT 1 FROM tool_call WHERE ${below("tool_call.id", "task.id")} AND state = 'waiting'
  ) AS approved_runs FROM task`;
const STEPS_KEPT_MS = 90 * 86_400_000;
/** Of an old task's result, characters. */
const RESULT_KEPT = 2_000;
/** In `tainted`: it read something from outside while it worked. */
const READ_OUTSIDE = 2;

/** What a task's end is. */
export interface TaskEnd {
  status: "done" | "failed" | "cancelled";
  result: string;
  error: TaskError | null;
  tainted: boolean;
  at: number;
}

/** Tasks in the user's object. Every change of a status is one statement that looks at the status before. */
export class TaskStore {
  constructor(private readonly sql: SqlStorage) {}

  #one(where: string, ...values: SqlStorageValue[]): TaskRow | null {
    const row = this.sql.exec(`${TASK} WHERE ${where} LIMIT 1`, ...values).toArray()[0];
    return row ? TaskRow.parse(row) : null;
  }

  #changed(sql: string, ...values: SqlStorageValue[]): boolean {
    return this.sql.exec(`${sql} RETURNING id`, ...values).toArray().length > 0;
  }

  /** Writes one that waits for its turn. Gives its number. */
  insert(task: NewTaskRow): number {
    return Number(
      this.sql
        .exec(
          `INSERT INTO task (id, key, body_hash, parent_id, conversation_id, origin, profile, tier, title, input, content, word, tainted, suspicious, words, known, given, plan, limits, status, reply_to, tell, expects, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?) RETURNING number`,
          task.id,
          task.key,
          task.bodyHash,
          task.parentId,
          task.conversationId,
          task.origin,
          task.profile,
          task.tier,
          task.title,
          task.input,
          JSON.stringify(task.content),
          Number(task.word),
          Number(task.tainted),
          Number(task.suspicious),
          JSON.stringify(task.words),
          JSON.stringify(task.known),
          JSON.stringify(task.given),
          JSON.stringify(task.plan),
          JSON.stringify(task.limits),
          JSON.stringify(task.replyTo),
          Number(task.tell),
          task.expects === null ? null : JSON.stringify(task.expects),
          task.createdAt,
        )
        .one()["number"],
    );
  }

  get(id: string): TaskRow | null {
    return this.#one("id = ?", id);
  }

  byKey(key: string): TaskRow | null {
    return this.#one("key = ?", key);
  }

  numbered(number: number): TaskRow | null {
    return this.#one("number = ?", number);
  }

  /** The one that waits longest for its turn. */
  nextQueued(): TaskRow | null {
    return this.#one(`status = 'queued' AND ${OPEN} ORDER BY number`);
  }

  count(status: "queued" | "running"): number {
    return Number(this.sql.exec(`SELECT count(*) AS n FROM task WHERE status = ? AND ${OPEN}`, status).one()["n"]);
  }

  /** Whether an executor is at work, or will go on with what it has in mind. */
  underWay(): boolean {
    return this.sql.exec(`SELECT 1 FROM task WHERE ${OPEN} AND status != 'queued' LIMIT 1`).toArray().length > 0;
  }

  /** Queued, running and waiting ones, oldest first. */
  open(): TaskRow[] {
    return this.sql
      .exec(`${TASK} WHERE ${OPEN} ORDER BY number`)
      .toArray()
      .map((row) => TaskRow.parse(row));
  }

  /** Ended ones whose end was not told yet, though it is to be. */
  untold(): TaskRow[] {
    return this.sql
      .exec(`${TASK} WHERE told = 0 AND ended_at IS NOT NULL ORDER BY number`)
      .toArray()
      .map((row) => TaskRow.parse(row));
  }

  /** Newest first. */
  page(statuses: readonly TaskStatus[], before: number | null, limit: number): TaskRow[] {
    return this.sql
      .exec(
        `${TASK} WHERE status IN (${statuses.map(() => "?").join(", ")}) AND number < ? ORDER BY number DESC LIMIT ?`,
        ...statuses,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map((row) => TaskRow.parse(row));
  }

  begin(id: string, at: number): boolean {
    return this.#changed("UPDATE task SET status = 'running', started_at = ? WHERE id = ? AND status = 'queued'", at, id);
  }

  /** It waits for a person. */
  wait(id: string, at: number): boolean {
    return this.#changed("UPDATE task SET status = 'waiting_approval', waiting_since = ? WHERE id = ? AND status = 'running'", at, id);
  }

  goOn(id: string, at: number): boolean {
    return this.#changed(
      "UPDATE task SET status = 'running', waited_ms = waited_ms + max(0, ? - waiting_since), waiting_since = NULL WHERE id = ? AND status = 'waiting_approval'",
      at,
      id,
    );
  }

  progress(id: string, progress: string): void {
    this.sql.exec(`UPDATE task SET progress = ? WHERE id = ? AND ${OPEN}`, progress, id);
  }

  /** It read something that nobody vouches for: whatever it says from now on may be the words of that. */
  taint(id: string): void {
    this.sql.exec("UPDATE task SET tainted = ? WHERE id = ? AND tainted = 0", READ_OUTSIDE, id);
  }

  putReview(id: string, review: TaskReview): void {
    this.sql.exec(`UPDATE task SET review = ? WHERE id = ? AND ${OPEN}`, JSON.stringify(review), id);
  }

  countGiven(id: string, times: number): void {
    if (times > 0) this.sql.exec("UPDATE task SET used_given = used_given + ? WHERE id = ?", times, id);
  }

  /** Counts anew what it has used, from the records of calls. Gives what counts against its limits, where a price that is not known is estimated. */
  recount(id: string): { tokens: number; chargedMicroUsd: number } {
    const used = this.sql
      .exec(
        `SELECT coalesce(sum(input_tokens + output_tokens), 0) AS tokens, coalesce(sum(charged_micro_usd), 0) AS charged, sum(micro_usd) AS known, count(*) - count(micro_usd) AS unknown
         FROM model_call WHERE turn_id = ?`,
        id,
      )
      .one();
    // Every step asks several times: a row is written only where something is another number.
    this.sql.exec(
      `UPDATE task SET tokens = ?1, micro_usd = ?2, steps = now.steps, tool_calls = now.tool_calls
       FROM (SELECT (SELECT count(*) FROM task_step WHERE task_id = ?3) AS steps,
         (SELECT count(*) FROM tool_call WHERE ${below("id", "?3")}) AS tool_calls) AS now
       WHERE id = ?3 AND (tokens, micro_usd, task.steps, task.tool_calls) IS NOT (?1, ?2, now.steps, now.tool_calls)`,
      used["tokens"] ?? 0,
      Number(used["unknown"]) > 0 ? null : Number(used["known"] ?? 0),
      id,
    );
    return { tokens: Number(used["tokens"]), chargedMicroUsd: Number(used["charged"]) };
  }

  /** Ends one that has not ended. False: it had. What only a running one needs goes. */
  settle(id: string, { status, result, error, tainted, at }: TaskEnd): boolean {
    const settled = this.#changed(
      `UPDATE task SET status = ?, result = ?, error = ?, artifacts = ?, tainted = CASE WHEN tainted = 0 THEN ? ELSE tainted END, ended_at = ?, words = '[]', known = '[]', given = '[]',
         waited_ms = waited_ms + CASE WHEN waiting_since IS NULL THEN 0 ELSE max(0, ? - waiting_since) END, waiting_since = NULL WHERE id = ? AND ${OPEN}`,
      status,
      result,
      error === null ? null : JSON.stringify(error),
      JSON.stringify(this.written(id)),
      tainted ? READ_OUTSIDE : 0,
      at,
      at,
      id,
    );
    if (settled) this.sql.exec("UPDATE task_step SET reply = NULL WHERE task_id = ?", id);
    return settled;
  }

  /** Files that calls of a task wrote and that are there, by path. The plus signs keep it to the task's own calls: by tool, all that ever wrote a file were read. */
  written(id: string): TaskArtifact[] {
    return this.sql
      .exec(
        `SELECT path, size, mime FROM file WHERE deleted_at IS NULL AND id IN (
           SELECT json_extract(receipt, '$.written') FROM tool_call WHERE ${below("id", "?1")} AND receipt IS NOT NULL AND +tool IN ('write_file', 'edit_file')
           UNION
           SELECT json_extract(value, '$.written') FROM tool_call, json_each(receipt, '$.files')
             WHERE ${below("tool_call.id", "?1")} AND receipt IS NOT NULL AND +tool IN ('run_javascript', 'run_skill_script')
           UNION
           SELECT json_extract(value, '$.id') FROM tool_call, json_each(receipt, '$.written')
             WHERE ${below("tool_call.id", "?1")} AND receipt IS NOT NULL AND +tool IN ('run_shell', 'run_python')
           UNION
           SELECT id FROM file WHERE ${below("call_key", "?1")} AND call_key LIKE '%:saved:/uploads/%'
         ) ORDER BY path LIMIT ?2`,
        id,
        MAX_ARTIFACTS,
      )
      .toArray()
      .map((row) => {
        const path = String(row["path"]);
        return { path, name: nameOf(path), mime: String(row["mime"]), size: Number(row["size"]) };
      });
  }

  /** Whether one of the user's files is at a path. */
  hasFile(path: string): boolean {
    return this.sql.exec("SELECT 1 FROM file WHERE path = ? AND deleted_at IS NULL", path).toArray().length > 0;
  }

  told(id: string): void {
    this.sql.exec("UPDATE task SET told = 1 WHERE id = ?", id);
  }

  /** What the model answered at a step, as JSON; null: it was not asked yet. */
  reply(id: string, n: number): string | null {
    const row = this.sql.exec("SELECT reply FROM task_step WHERE task_id = ? AND n = ?", id, n).toArray()[0];
    return typeof row?.["reply"] === "string" ? row["reply"] : null;
  }

  putStep(step: { taskId: string; n: number; text: string; reply: string; at: number }): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO task_step (task_id, n, text, reply, at) VALUES (?, ?, ?, ?, ?)",
      step.taskId,
      step.n,
      step.text,
      step.reply,
      step.at,
    );
  }

  stepsOf(id: string): { n: number; text: string; at: number }[] {
    return this.sql
      .exec<{ n: number; text: string; at: number }>("SELECT n, text, at FROM task_step WHERE task_id = ? ORDER BY n", id)
      .toArray();
  }

  /** The tool calls of a task as they are recorded, in no order. */
  callsOf(id: string): TaskCallRow[] {
    return this.sql
      .exec(
        `SELECT id, tool, input, state, summary, approval_id, started_at, ended_at, undone_at FROM tool_call WHERE ${below("id", "?1")}`,
        id,
      )
      .toArray()
      .map((row) => TaskCallRow.parse(row));
  }

  /** The same with what each answered, for whoever looks at what a task ends with; also those that code made. In their order. */
  checkedCalls(id: string): CheckedCall[] {
    return this.sql
      .exec(`SELECT id, tool, input, state, output FROM tool_call WHERE ${below("id", "?1")} ORDER BY started_at, id`, id)
      .toArray()
      .map((row) => {
        const { step } = placeOf(String(row["id"]));
        const output = row["output"];
        return {
          step,
          tool: String(row["tool"]),
          input: JSON.parse(String(row["input"])) as unknown,
          state: CallState.parse(row["state"]),
          output: () => (typeof output === "string" && output !== "" ? (JSON.parse(output) as unknown) : null),
        };
      });
  }

  /** Where the results of a task's calls come from, and the addresses that they gave. */
  readBy(id: string): { id: string; step: number; untrusted: string | null; links: string[] }[] {
    return this.sql
      .exec(`SELECT id, untrusted, links FROM tool_call WHERE ${below("id", "?1")}`, id)
      .toArray()
      .map((row) => ({
        id: String(row["id"]),
        step: placeOf(String(row["id"])).step,
        untrusted: row["untrusted"] === null ? null : String(row["untrusted"]),
        links: Texts.parse(JSON.parse(String(row["links"]))),
      }));
  }

  /** Calls that a call made on its behalf and that a person was asked about: what became of each, in order. `waits`: nothing yet. */
  askedBy(callId: string): { tool: string; waits: boolean; state: string; output: unknown; untrusted: string | null; links: string[] }[] {
    return this.sql
      .exec(
        "SELECT tool, state, output, untrusted, links FROM tool_call WHERE id > ?1 || '.' AND id < ?1 || '/' AND approval_id IS NOT NULL ORDER BY started_at, id",
        callId,
      )
      .toArray()
      .map((row) => ({
        tool: String(row["tool"]),
        waits: row["state"] === "waiting" || row["state"] === "executing",
        state: String(row["state"]),
        output: row["output"] === null ? null : JSON.parse(String(row["output"])),
        untrusted: row["untrusted"] === null ? null : String(row["untrusted"]),
        links: Texts.parse(JSON.parse(String(row["links"]))),
      }));
  }

  /** What a call answered, as JSON; empty: nothing yet. */
  outputOf(callId: string): string {
    return String(this.sql.exec("SELECT output FROM tool_call WHERE id = ?", callId).toArray()[0]?.["output"] ?? "");
  }

  /** What a task was made of goes long after its end. That it was, how it ended and the beginning of what it found stay. */
  prune(now: number): void {
    const before = now - STEPS_KEPT_MS;
    this.sql.exec(
      `UPDATE task SET content = '[]', words = '[]', known = '[]', given = '[]', plan = json_set(plan, '$.prompt', ''), result = substr(result, 1, ?1)
       WHERE ended_at < ?2 AND (content != '[]' OR words != '[]' OR known != '[]' OR given != '[]' OR json_extract(plan, '$.prompt') != '' OR length(result) > ?1)`,
      RESULT_KEPT,
      before,
    );
    this.sql.exec(`DELETE FROM task_step WHERE at < ? AND task_id NOT IN (SELECT id FROM task WHERE ${OPEN})`, before);
  }
}
