import type { ScheduleQuery, ScheduleRun } from "../../schedule/shapes.ts";
import { ScheduleOutcome } from "../../schedule/shapes.ts";
import { StoredSchedule, wordsOf } from "../../schedule/stored-schedule.ts";

/** How long a deleted schedule can be taken back. */
export const DELETED_KEPT_MS = 30 * 86_400_000;
/** How long runs, and schedules that have ended, are kept. */
export const RUNS_KEPT_MS = 90 * 86_400_000;

/**
 * Schedules, reminders among them. `seq` is the number a person sees; `text` is what is told, asked or handed on; `call_key` is the tool call that made the row. `schedule_run` has one row
 * for each time that one was due, which is what makes each firing happen once.
 */
export const scheduleSchema: readonly string[] = [
  `CREATE TABLE schedule (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    spec TEXT NOT NULL,
    said TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'prompt', 'profile')),
    text TEXT NOT NULL,
    tier TEXT,
    profile TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'ended')),
    missed TEXT NOT NULL CHECK (missed IN ('once', 'skip')),
    time_zone TEXT,
    next_at INTEGER,
    planned_zone TEXT NOT NULL,
    last_at INTEGER,
    last_outcome TEXT,
    last_error TEXT,
    runs INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('user', 'agent')),
    tainted INTEGER NOT NULL,
    built_in TEXT,
    reply_to TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    call_key TEXT UNIQUE
  ) STRICT`,
  `CREATE INDEX schedule_due ON schedule (next_at) WHERE next_at IS NOT NULL AND deleted_at IS NULL`,
  `CREATE INDEX schedule_deleted ON schedule (deleted_at) WHERE deleted_at IS NOT NULL`,
  `CREATE TABLE schedule_run (
    schedule_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    late INTEGER NOT NULL,
    manual INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (schedule_id, due_at)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX schedule_run_at ON schedule_run (at)`,
];

type Row = Record<string, SqlStorageValue>;

const LIVE = "deleted_at IS NULL AND status <> 'ended'";

/** Schedules and their runs, in the user's object's SQLite. */
export class ScheduleStore {
  constructor(private readonly sql: SqlStorage) {}

  get(id: string): StoredSchedule | null {
    return this.#all("id = ? AND deleted_at IS NULL", id)[0] ?? null;
  }

  numbered(number: number): StoredSchedule | null {
    return this.#all("seq = ? AND deleted_at IS NULL", number)[0] ?? null;
  }

  /** By the first characters of its id. */
  prefixed(start: string, limit: number): StoredSchedule[] {
    return this.#all("id >= ? AND id < ? AND deleted_at IS NULL LIMIT ?", start, `${start}~`, limit);
  }

  /** What a tool call made, deleted since or not. */
  ofCall(key: string): StoredSchedule | null {
    return this.#all("call_key = ?", key)[0] ?? null;
  }

  /** The one that a built-in was switched on as; null: it is off. */
  builtIn(name: string): StoredSchedule | null {
    return this.#all(`built_in = ? AND ${LIVE}`, name)[0] ?? null;
  }

  /** Current ones by when they are due next, paused ones after them, then what has ended, the latest first. */
  list({ state, limit }: ScheduleQuery): StoredSchedule[] {
    const current = "ORDER BY next_at IS NULL, next_at, seq LIMIT ?";
    const ended = "deleted_at IS NULL AND status = 'ended' ORDER BY coalesce(last_at, updated_at) DESC, seq DESC LIMIT ?";
    const live = state === "ended" ? [] : this.#all(`${LIVE} ${current}`, limit);
    return state === "current" ? live : [...live, ...this.#all(ended, limit - live.length)];
  }

  /** How many have not ended. */
  count(): number {
    return Number(this.sql.exec(`SELECT count(*) AS n FROM schedule WHERE ${LIVE}`).one()["n"]);
  }

  /** The ids of those whose time has come, the earliest first. */
  due(now: number): string[] {
    return this.sql
      .exec("SELECT id FROM schedule WHERE next_at <= ? AND deleted_at IS NULL ORDER BY next_at, seq", now)
      .toArray()
      .map(({ id }) => String(id));
  }

  /** When the next is due after an instant; null: none ever. */
  nextDue(after: number): number | null {
    const at = this.sql.exec("SELECT min(next_at) AS at FROM schedule WHERE next_at > ? AND deleted_at IS NULL", after).one()["at"];
    return at === null || at === undefined ? null : Number(at);
  }

  /** The ids of those that wait for a time which was counted in another zone than theirs. */
  plannedElsewhere(userZone: string): string[] {
    return this.sql
      .exec("SELECT id FROM schedule WHERE next_at IS NOT NULL AND deleted_at IS NULL AND planned_zone <> coalesce(time_zone, ?)", userZone)
      .toArray()
      .map(({ id }) => String(id));
  }

  insert(schedule: Omit<StoredSchedule, "number">, key: string | null): StoredSchedule {
    this.#write({ ...schedule, number: 0 }, key);
    const stored = this.get(schedule.id);
    if (stored === null) throw new Error("a schedule that was written is not there");
    return stored;
  }

  /** Writes all of it, live; it keeps its number and the key it was made with. */
  write(schedule: StoredSchedule): void {
    this.#write(schedule, null);
  }

  /** It is kept for a while, out of every list, so that it can be taken back. */
  delete(id: string, now: number): void {
    this.sql.exec("UPDATE schedule SET deleted_at = ? WHERE id = ?", now, id);
  }

  hasRun(id: string, dueAt: number): boolean {
    return this.sql.exec("SELECT 1 FROM schedule_run WHERE schedule_id = ? AND due_at = ?", id, dueAt).toArray().length > 0;
  }

  /** The last time of its own at which it was due and looked at; null: there was none. */
  lastDue(id: string): number | null {
    const at = this.sql.exec("SELECT max(due_at) AS at FROM schedule_run WHERE schedule_id = ? AND manual = 0", id).one()["at"];
    return at === null || at === undefined ? null : Number(at);
  }

  /** How many runs by hand began since an instant, of all schedules. */
  manualSince(at: number): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM schedule_run WHERE manual = 1 AND at >= ?", at).one()["n"]);
  }

  addRun(id: string, run: ScheduleRun): void {
    this.sql.exec(
      "INSERT INTO schedule_run (schedule_id, due_at, at, outcome, late, manual, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
      id,
      run.due_at,
      run.at,
      run.outcome,
      run.late ? 1 : 0,
      run.manual ? 1 : 0,
      run.error,
    );
  }

  /** Newest first. */
  runs(id: string, limit: number): ScheduleRun[] {
    return this.sql
      .exec<Row>("SELECT * FROM schedule_run WHERE schedule_id = ? ORDER BY due_at DESC LIMIT ?", id, limit)
      .toArray()
      .map((row) => ({
        due_at: Number(row["due_at"]),
        at: Number(row["at"]),
        outcome: ScheduleOutcome.parse(row["outcome"]),
        late: row["late"] === 1,
        manual: row["manual"] === 1,
        error: row["error"] === null ? null : String(row["error"]),
      }));
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM schedule_run WHERE at < ?", now - RUNS_KEPT_MS);
    this.sql.exec("DELETE FROM schedule WHERE deleted_at < ?", now - DELETED_KEPT_MS);
    this.sql.exec("DELETE FROM schedule WHERE status = 'ended' AND max(coalesce(last_at, 0), updated_at) < ?", now - RUNS_KEPT_MS);
    this.sql.exec("DELETE FROM schedule_run WHERE schedule_id NOT IN (SELECT id FROM schedule)");
  }

  #all(where: string, ...values: SqlStorageValue[]): StoredSchedule[] {
    return this.sql
      .exec<Row>(`SELECT * FROM schedule WHERE ${where}`, ...values)
      .toArray()
      .map(scheduleOf);
  }

  #write(schedule: StoredSchedule, key: string | null): void {
    const { action } = schedule;
    this.sql.exec(
      // With its own number: AUTOINCREMENT would use up one more for every change of a row that is there.
      `INSERT INTO schedule (seq, id, title, spec, said, kind, text, tier, profile, status, missed, time_zone, next_at, planned_zone, last_at, last_outcome, last_error,
         runs, failures, author, tainted, built_in, reply_to, created_at, updated_at, call_key, variables)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET title = excluded.title, spec = excluded.spec, said = excluded.said, kind = excluded.kind, text = excluded.text,
         tier = excluded.tier, profile = excluded.profile, variables = excluded.variables, status = excluded.status, missed = excluded.missed, time_zone = excluded.time_zone,
         next_at = excluded.next_at, planned_zone = excluded.planned_zone, last_at = excluded.last_at, last_outcome = excluded.last_outcome,
         last_error = excluded.last_error, runs = excluded.runs, failures = excluded.failures, author = excluded.author, tainted = excluded.tainted,
         built_in = excluded.built_in, reply_to = excluded.reply_to, updated_at = excluded.updated_at, deleted_at = NULL`,
      schedule.number === 0 ? null : schedule.number,
      schedule.id,
      schedule.title,
      JSON.stringify(schedule.spec),
      schedule.said,
      // The first schema knows three words; `variables` says that it is a playbook.
      action.kind === "playbook" ? "profile" : action.kind,
      wordsOf(action),
      action.kind === "prompt" ? action.tier : null,
      action.kind === "profile" ? action.profile : action.kind === "playbook" ? action.playbook : null,
      schedule.status,
      schedule.missed,
      schedule.time_zone,
      schedule.next_at,
      schedule.planned_zone,
      schedule.last_at,
      schedule.last_outcome,
      schedule.last_error,
      schedule.runs,
      schedule.failures,
      schedule.author,
      schedule.tainted ? 1 : 0,
      schedule.built_in,
      schedule.reply_to === null ? null : JSON.stringify(schedule.reply_to),
      schedule.created_at,
      schedule.updated_at,
      key,
      action.kind === "playbook" ? JSON.stringify(action.variables) : null,
    );
  }
}

function scheduleOf(row: Row): StoredSchedule {
  const { kind, text, tier, profile } = row;
  const { variables } = row;
  const action =
    typeof variables === "string"
      ? { kind: "playbook", playbook: profile, variables: JSON.parse(variables) as unknown }
      : kind === "text"
        ? { kind, text }
        : kind === "prompt"
          ? { kind, prompt: text, tier }
          : { kind, profile: profile ?? "", input: text };
  return StoredSchedule.parse({
    ...row,
    number: row["seq"],
    spec: JSON.parse(String(row["spec"])),
    action,
    tainted: row["tainted"] === 1,
    reply_to: row["reply_to"] === null ? null : JSON.parse(String(row["reply_to"])),
  });
}
