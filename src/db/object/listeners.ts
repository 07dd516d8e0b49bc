import { ReplyTarget } from "../../channels/message.ts";
import type { StoredListener } from "../../events/listener.ts";
import { ListenerSource, ListenerStatus, ListenerAction, ListenerWhen } from "../../events/shapes.ts";
import { listenerEventSchema } from "./listener-events.ts";

/**
 * Standing instructions, in `listener`; columns as {@link StoredListener} has them. `call_key` is the tool call that made the row. `listener_hook` says which addresses D1 still has to be told of
 * (`op`: put, drop): written with the listener, taken away when D1 has it.
 */
export const listenerSchema: readonly string[] = [
  `CREATE TABLE listener (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    wanted TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'paused')),
    paused_because TEXT,
    batch_seconds INTEGER NOT NULL,
    per_hour INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('user', 'agent')),
    tainted INTEGER NOT NULL,
    reply_to TEXT,
    hook_id TEXT UNIQUE,
    secret_last_four TEXT,
    secret_set_at INTEGER,
    previous_until INTEGER,
    next_poll_at INTEGER,
    polled_at INTEGER,
    poll_ok_at INTEGER,
    poll_failures INTEGER NOT NULL,
    poll_error TEXT,
    etag TEXT,
    last_modified TEXT,
    snapshot TEXT,
    recent TEXT NOT NULL,
    throttle_told_at INTEGER,
    undecided_told_at INTEGER,
    rejected_at INTEGER,
    events INTEGER NOT NULL,
    firings INTEGER NOT NULL,
    last_event_at INTEGER,
    last_fired_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    call_key TEXT UNIQUE
  ) STRICT`,
  `CREATE INDEX listener_poll ON listener (next_poll_at) WHERE next_poll_at IS NOT NULL`,
  `CREATE TABLE listener_hook (hook_id TEXT PRIMARY KEY, op TEXT NOT NULL CHECK (op IN ('put', 'drop')), tries INTEGER NOT NULL, next_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  ...listenerEventSchema,
];

/** Which address told the marks that are asked with. */
export const listenerMarkSchema: readonly string[] = [`ALTER TABLE listener ADD COLUMN answered_by TEXT`];

type Row = Record<string, SqlStorageValue>;

/** An address that D1 is to be told of. */
export interface HookOp {
  hookId: string;
  op: "put" | "drop";
  tries: number;
  nextAt: number;
}

/** What is known of a row whose rest cannot be read. */
export type UnreadableListener = Pick<StoredListener, "id" | "number" | "title" | "tainted">;

/** The user's listeners, in their object's SQLite. A row that cannot be read, as one that a newer version wrote, is none for whoever asks for listeners: it must hold up no other. */
export class ListenerStore {
  constructor(private readonly sql: SqlStorage) {}

  /** By number. */
  all(): StoredListener[] {
    return readable(this.sql.exec<Row>("SELECT * FROM listener ORDER BY number").toArray());
  }

  /** Active ones that cannot be read. */
  unreadable(): UnreadableListener[] {
    return this.sql
      .exec<Row>("SELECT * FROM listener WHERE status = 'active' ORDER BY number")
      .toArray()
      .filter((row) => listenerOf(row) === null)
      .map((row) => ({ id: String(row["id"]), number: Number(row["number"]), title: String(row["title"]), tainted: row["tainted"] === 1 }));
  }

  count(): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM listener").one()["n"]);
  }

  get(id: string): StoredListener | null {
    return this.#one("SELECT * FROM listener WHERE id = ?", id);
  }

  byHook(hookId: string): StoredListener | null {
    return this.#one("SELECT * FROM listener WHERE hook_id = ?", hookId);
  }

  byCall(key: string): StoredListener | null {
    return this.#one("SELECT * FROM listener WHERE call_key = ?", key);
  }

  /** Gives its number. */
  insert(listener: Omit<StoredListener, "number">, callKey: string | null): number {
    const columns = { id: listener.id, ...columnsOf(listener), call_key: callKey };
    const names = Object.keys(columns);
    const row = this.sql
      .exec(
        `INSERT INTO listener (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")}) RETURNING number`,
        ...Object.values(columns),
      )
      .one();
    return Number(row["number"]);
  }

  /** Writes the fields that are given. */
  update(id: string, change: Partial<Omit<StoredListener, "id" | "number" | "createdAt">>): void {
    const columns = columnsOf(change);
    const names = Object.keys(columns);
    if (names.length === 0) return;
    this.sql.exec(`UPDATE listener SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`, ...Object.values(columns), id);
  }

  /** Its events go too. */
  delete(id: string): void {
    for (const table of ["listener_event", "listener_seen"]) this.sql.exec(`DELETE FROM ${table} WHERE listener_id = ?`, id);
    this.sql.exec("DELETE FROM listener WHERE id = ?", id);
  }

  /** Feeds and pages that are due, the longest waiting first. */
  duePolls(now: number): StoredListener[] {
    return readable(
      this.sql
        .exec<Row>("SELECT * FROM listener WHERE next_poll_at <= ? AND status = 'active' ORDER BY next_poll_at LIMIT 20", now)
        .toArray(),
    );
  }

  /** null: none is looked at. */
  nextPoll(): number | null {
    const at = this.sql.exec("SELECT min(next_poll_at) AS at FROM listener WHERE next_poll_at IS NOT NULL AND status = 'active'").one()[
      "at"
    ];
    return at === null || at === undefined ? null : Number(at);
  }

  putHook(hookId: string, op: HookOp["op"], now: number): void {
    this.sql.exec("INSERT OR REPLACE INTO listener_hook (hook_id, op, tries, next_at) VALUES (?, ?, 0, ?)", hookId, op, now);
  }

  hookOps(): HookOp[] {
    return this.sql
      .exec("SELECT hook_id, op, tries, next_at FROM listener_hook ORDER BY next_at LIMIT 50")
      .toArray()
      .map((row) => ({
        hookId: String(row["hook_id"]),
        op: row["op"] === "drop" ? "drop" : "put",
        tries: Number(row["tries"]),
        nextAt: Number(row["next_at"]),
      }));
  }

  /** D1 has it, if it is still what is wanted. */
  hookDone({ hookId, op }: Pick<HookOp, "hookId" | "op">): void {
    this.sql.exec("DELETE FROM listener_hook WHERE hook_id = ? AND op = ?", hookId, op);
  }

  hookFailed({ hookId, op }: Pick<HookOp, "hookId" | "op">, nextAt: number): void {
    this.sql.exec("UPDATE listener_hook SET tries = tries + 1, next_at = ? WHERE hook_id = ? AND op = ?", nextAt, hookId, op);
  }

  #one(query: string, value: string): StoredListener | null {
    return readable(this.sql.exec<Row>(query, value).toArray())[0] ?? null;
  }
}

/** Each field's column, in the order of the table. */
const COLUMNS = {
  title: "title",
  source: "source",
  when: "wanted",
  action: "action",
  status: "status",
  pausedBecause: "paused_because",
  batchSeconds: "batch_seconds",
  perHour: "per_hour",
  author: "author",
  tainted: "tainted",
  replyTo: "reply_to",
  hookId: "hook_id",
  secretLastFour: "secret_last_four",
  secretSetAt: "secret_set_at",
  previousUntil: "previous_until",
  nextPollAt: "next_poll_at",
  polledAt: "polled_at",
  pollOkAt: "poll_ok_at",
  pollFailures: "poll_failures",
  pollError: "poll_error",
  etag: "etag",
  lastModified: "last_modified",
  answeredBy: "answered_by",
  snapshot: "snapshot",
  recent: "recent",
  throttleToldAt: "throttle_told_at",
  undecidedToldAt: "undecided_told_at",
  rejectedAt: "rejected_at",
  events: "events",
  firings: "firings",
  lastEventAt: "last_event_at",
  lastFiredAt: "last_fired_at",
  createdAt: "created_at",
  updatedAt: "updated_at",
} as const satisfies Record<Exclude<keyof StoredListener, "id" | "number">, string>;

function columnsOf(listener: Partial<StoredListener>): Record<string, SqlStorageValue> {
  const columns: Record<string, SqlStorageValue> = {};
  for (const [field, column] of Object.entries(COLUMNS)) {
    const value: unknown = Reflect.get(listener, field);
    if (value === undefined) continue;
    columns[column] =
      typeof value === "boolean"
        ? Number(value)
        : value === null || typeof value === "string" || typeof value === "number"
          ? value
          : JSON.stringify(value);
  }
  return columns;
}

const text = (value: SqlStorageValue | undefined): string | null => (value === null || value === undefined ? null : String(value));
const number = (value: SqlStorageValue | undefined): number | null => (value === null || value === undefined ? null : Number(value));
const json = (value: SqlStorageValue | undefined): unknown => JSON.parse(String(value));

const readable = (rows: readonly Row[]): StoredListener[] => rows.map(listenerOf).filter((listener) => listener !== null);

/** null: it cannot be read. */
function listenerOf(row: Row): StoredListener | null {
  try {
    return parsed(row);
  } catch {
    return null;
  }
}

const parsed = (row: Row): StoredListener => ({
  id: String(row["id"]),
  number: Number(row["number"]),
  title: String(row["title"]),
  source: ListenerSource.parse(json(row["source"])),
  when: ListenerWhen.parse(json(row["wanted"])),
  action: ListenerAction.parse(json(row["action"])),
  status: ListenerStatus.parse(row["status"]),
  pausedBecause: text(row["paused_because"]),
  batchSeconds: Number(row["batch_seconds"]),
  perHour: Number(row["per_hour"]),
  author: row["author"] === "agent" ? "agent" : "user",
  tainted: row["tainted"] === 1,
  replyTo: row["reply_to"] === null ? null : ReplyTarget.parse(json(row["reply_to"])),
  hookId: text(row["hook_id"]),
  secretLastFour: text(row["secret_last_four"]),
  secretSetAt: number(row["secret_set_at"]),
  previousUntil: number(row["previous_until"]),
  nextPollAt: number(row["next_poll_at"]),
  polledAt: number(row["polled_at"]),
  pollOkAt: number(row["poll_ok_at"]),
  pollFailures: Number(row["poll_failures"]),
  pollError: text(row["poll_error"]),
  etag: text(row["etag"]),
  lastModified: text(row["last_modified"]),
  answeredBy: text(row["answered_by"]),
  snapshot: text(row["snapshot"]),
  recent: recentOf(json(row["recent"])),
  throttleToldAt: number(row["throttle_told_at"]),
  undecidedToldAt: number(row["undecided_told_at"]),
  rejectedAt: number(row["rejected_at"]),
  events: Number(row["events"]),
  firings: Number(row["firings"]),
  lastEventAt: number(row["last_event_at"]),
  lastFiredAt: number(row["last_fired_at"]),
  createdAt: Number(row["created_at"]),
  updatedAt: Number(row["updated_at"]),
});

const recentOf = (value: unknown): number[] => (Array.isArray(value) ? value.filter((one) => typeof one === "number") : []);
