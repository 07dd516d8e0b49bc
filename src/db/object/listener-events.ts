import type { FiringView } from "../../events/shapes.ts";
import { FiringOutcome, MAX_EXCERPT } from "../../events/shapes.ts";

/**
 * What came to listeners. `content` is kept until it was acted on, `excerpt` as long as the row; `due_at` says when a waiting one is acted on, `verdict` what a model said of it, `told` whether the user heard that it was held
 * back. `listener_seen` keeps, as hashes, what has come, so that nothing counts twice.
 */
export const listenerEventSchema: readonly string[] = [
  `CREATE TABLE listener_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    listener_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    content TEXT,
    verdict TEXT,
    batch TEXT,
    due_at INTEGER,
    told INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX listener_event_of ON listener_event (listener_id, seq)`,
  `CREATE INDEX listener_event_due ON listener_event (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX listener_event_untold ON listener_event (listener_id) WHERE told = 0`,
  `CREATE TABLE listener_seen (listener_id TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (listener_id, key)) STRICT, WITHOUT ROWID`,
];

const DAY_MS = 86_400_000;
const EVENTS_KEPT_MS = 30 * DAY_MS;
/** Longer than anything is delivered again; and a request that was seen on its way cannot be sent once more. What a feed held is known as long as there is room, since it may hold it for years. */
const SEEN_KEPT_MS = 400 * DAY_MS;
/** Rows of one listener: a service that runs wild must not fill the object. */
const MAX_EVENTS = 2_000;
/** Remembered deliveries of one listener. */
const MAX_SEEN = 50_000;

/** An event that waits. */
export interface WaitingEvent {
  seq: number;
  at: number;
  title: string;
  /** What the agent reads. */
  content: string;
  verdict: "yes" | null;
  dueAt: number;
}

export interface NewEvent {
  at: number;
  outcome: FiringOutcome;
  why: string | null;
  title: string;
  content: string;
  /** When a waiting one is acted on; null: it is not. */
  dueAt: number | null;
  /** Whether all of its content is kept until then: beyond some, one line each is enough. */
  whole?: boolean;
}

/** The events of a user's listeners. */
export class ListenerEventStore {
  constructor(private readonly sql: SqlStorage) {}

  /** Notes that something has come. False: it had come before, or (`withinMs`) within so many milliseconds. */
  see(listenerId: string, key: string, at: number, withinMs: number | null = null): boolean {
    const row = this.sql.exec("SELECT at FROM listener_seen WHERE listener_id = ? AND key = ?", listenerId, key).toArray()[0];
    const known = row !== undefined && (withinMs === null || at - Number(row["at"]) < withinMs);
    // The time counts from the first: what is sent again all the time must not be a repeat for ever.
    if (known && withinMs !== null) return false;
    this.sql.exec("INSERT OR REPLACE INTO listener_seen (listener_id, key, at) VALUES (?, ?, ?)", listenerId, key, at);
    return !known;
  }

  /** Gives its number. */
  add(listenerId: string, { at, outcome, why, title, content, dueAt, whole = true }: NewEvent): number {
    const row = this.sql
      .exec(
        "INSERT INTO listener_event (listener_id, at, outcome, why, title, excerpt, content, due_at, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING seq",
        listenerId,
        at,
        outcome,
        why,
        title,
        content.slice(0, MAX_EXCERPT).toWellFormed(),
        dueAt !== null && whole ? content : null,
        dueAt,
      )
      .one();
    const seq = Number(row["seq"]);
    // One goes for each that comes; what waits is acted on first.
    this.sql.exec(
      `DELETE FROM listener_event WHERE listener_id = ? AND due_at IS NULL AND seq <= (
        SELECT seq FROM listener_event WHERE listener_id = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      listenerId,
      listenerId,
      MAX_EVENTS,
    );
    return seq;
  }

  /** Those of a listener that wait, oldest first. */
  waiting(listenerId: string): WaitingEvent[] {
    return this.sql
      .exec(
        "SELECT seq, at, title, content, verdict, due_at FROM listener_event WHERE listener_id = ? AND due_at IS NOT NULL ORDER BY seq",
        listenerId,
      )
      .toArray()
      .map((row) => ({
        seq: Number(row["seq"]),
        at: Number(row["at"]),
        title: String(row["title"]),
        content: row["content"] === null ? "" : String(row["content"]),
        verdict: row["verdict"] === "yes" ? "yes" : null,
        dueAt: Number(row["due_at"]),
      }));
  }

  waitingCount(listenerId: string): number {
    return Number(
      this.sql.exec("SELECT count(*) AS n FROM listener_event WHERE listener_id = ? AND due_at IS NOT NULL", listenerId).one()["n"],
    );
  }

  /** How the newest of a listener ended, and when it came; null: none did. */
  newest(listenerId: string): { outcome: string; at: number } | null {
    const row = this.sql
      .exec("SELECT outcome, at FROM listener_event WHERE listener_id = ? ORDER BY seq DESC LIMIT 1", listenerId)
      .toArray()[0];
    return row ? { outcome: String(row["outcome"]), at: Number(row["at"]) } : null;
  }

  /** When the first of a listener's waiting ones is due; null: none waits. */
  firstDue(listenerId: string): number | null {
    return instant(
      this.sql.exec("SELECT min(due_at) AS at FROM listener_event WHERE listener_id = ? AND due_at IS NOT NULL", listenerId).one()["at"],
    );
  }

  /** When the next of all is due; null: none waits. */
  nextDue(): number | null {
    return instant(this.sql.exec("SELECT min(due_at) AS at FROM listener_event WHERE due_at IS NOT NULL").one()["at"]);
  }

  /** Listeners with something that is due. */
  dueListeners(now: number): string[] {
    return (
      this.sql
        // The plus sign has it begin with what is due, which is little, and not with all events in the order of their listeners.
        .exec("SELECT DISTINCT +listener_id AS listener_id FROM listener_event WHERE due_at <= ?", now)
        .toArray()
        .map((row) => String(row["listener_id"]))
    );
  }

  /** What a model said of one. */
  agreed(seq: number): void {
    this.sql.exec("UPDATE listener_event SET verdict = 'yes' WHERE seq = ?", seq);
  }

  /** They wait no more. `untold`: the user is still to hear of it. */
  settle(
    seqs: readonly number[],
    { outcome, why, batch = null, untold = false }: { outcome: FiringOutcome; why: string | null; batch?: string | null; untold?: boolean },
  ): void {
    for (const seq of seqs)
      this.sql.exec(
        "UPDATE listener_event SET outcome = ?, why = ?, batch = ?, told = ?, content = NULL, due_at = NULL WHERE seq = ?",
        outcome,
        why,
        batch,
        untold ? 0 : 1,
        seq,
      );
  }

  /** There is no room now: again later. */
  postpone(listenerId: string, dueAt: number, why: string): void {
    this.sql.exec("UPDATE listener_event SET due_at = ?, why = ? WHERE listener_id = ? AND due_at IS NOT NULL", dueAt, why, listenerId);
  }

  /** How many were held back and not told, by listener. */
  untold(): { listenerId: string; count: number }[] {
    return this.sql
      .exec("SELECT listener_id, count(*) AS n FROM listener_event WHERE told = 0 GROUP BY listener_id")
      .toArray()
      .map((row) => ({ listenerId: String(row["listener_id"]), count: Number(row["n"]) }));
  }

  told(listenerId: string): void {
    this.sql.exec("UPDATE listener_event SET told = 1 WHERE listener_id = ? AND told = 0", listenerId);
  }

  /** Newest first. */
  page(listenerId: string, limit: number, before: number | undefined): FiringView[] {
    return this.sql
      .exec(
        "SELECT seq, at, outcome, why, title, excerpt, batch FROM listener_event WHERE listener_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
        listenerId,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map((row) => ({
        id: Number(row["seq"]),
        at: Number(row["at"]),
        outcome: FiringOutcome.parse(row["outcome"]),
        why: row["why"] === null ? null : String(row["why"]),
        title: String(row["title"]),
        excerpt: String(row["excerpt"]),
        batch: row["batch"] === null ? null : String(row["batch"]),
      }));
  }

  prune(now: number): void {
    this.sql.exec("DELETE FROM listener_event WHERE at < ? AND due_at IS NULL", now - EVENTS_KEPT_MS);
    this.sql.exec(
      "DELETE FROM listener_seen WHERE at < ? AND listener_id IN (SELECT id FROM listener WHERE hook_id IS NOT NULL)",
      now - SEEN_KEPT_MS,
    );
    for (const { listener_id: id, n } of this.sql
      .exec<{ listener_id: string; n: number }>(
        "SELECT listener_id, count(*) AS n FROM listener_seen GROUP BY listener_id HAVING n > ?",
        MAX_SEEN,
      )
      .toArray())
      this.sql.exec(
        "DELETE FROM listener_seen WHERE listener_id = ? AND key IN (SELECT key FROM listener_seen WHERE listener_id = ? ORDER BY at LIMIT ?)",
        id,
        id,
        n - MAX_SEEN,
      );
  }
}

const instant = (value: SqlStorageValue | undefined): number | null => (value === null || value === undefined ? null : Number(value));
