import { MessageMode, ReplyTarget } from "../../channels/message.ts";
import type { Tier } from "../../models/provider.ts";

/** How far an inbound message is: waiting, a command being run, in a turn, answered, or dropped by `/cancel`. */
export type InboxState = "queued" | "command" | "turn" | "answered" | "dropped";

export interface InboxRow {
  id: string;
  route: string;
  key: string;
  bodyHash: string;
  replyTo: ReplyTarget;
  /** Queued neighbours with the same key are answered together; null: always alone. */
  coalesceKey: string | null;
  tier: Tier | null;
  state: InboxState;
  turnId: string | null;
  /** More of the message may follow until then (the other pictures of an album): its turn waits; null: it does not. */
  holdUntil: number | null;
  /** The task that this goes on with; null: it begins one. */
  taskId: string | null;
  receivedAt: number;
  /** Absent or null: it is simply done. */
  mode?: MessageMode | null;
}

/** Idempotency keys live this long. */
export const KEY_LIFETIME_MS = 7 * 24 * 3_600_000;

/** Inbound messages by idempotency key. The row's id is the message's id. */
export class InboxStore {
  constructor(private readonly sql: SqlStorage) {}

  find(route: string, key: string): InboxRow | null {
    const row = this.sql.exec("SELECT * FROM inbox WHERE route = ? AND key = ?", route, key).toArray()[0];
    return row ? toRow(row) : null;
  }

  get(id: string): InboxRow | null {
    const row = this.sql.exec("SELECT * FROM inbox WHERE id = ?", id).toArray()[0];
    return row ? toRow(row) : null;
  }

  insert(row: InboxRow): void {
    this.sql.exec(
      "INSERT INTO inbox (id, route, key, body_hash, reply_to, coalesce_key, tier, state, turn_id, hold_until, task_id, received_at, mode) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.id,
      row.route,
      row.key,
      row.bodyHash,
      JSON.stringify(row.replyTo),
      row.coalesceKey,
      row.tier,
      row.state,
      row.turnId,
      row.holdUntil,
      row.taskId,
      row.receivedAt,
      row.mode ?? null,
    );
  }

  /** Another text may ask for it in another way. */
  setMode(id: string, mode: MessageMode | null): void {
    this.sql.exec("UPDATE inbox SET mode = ? WHERE id = ?", mode, id);
  }

  /** What waits, in the order it came. */
  queued(): InboxRow[] {
    return this.sql
      .exec("SELECT * FROM inbox WHERE state = 'queued' AND state IN ('queued', 'command') ORDER BY rowid LIMIT 400")
      .toArray()
      .map(toRow);
  }

  /** Commands whose answer is not stored. */
  commands(): InboxRow[] {
    return this.sql
      .exec("SELECT * FROM inbox WHERE state = 'command' AND state IN ('queued', 'command') ORDER BY rowid")
      .toArray()
      .map(toRow);
  }

  queuedCount(): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM inbox WHERE state = 'queued' AND state IN ('queued', 'command')").one()["n"]);
  }

  /** Of what waits, how much came by these routes. */
  queuedBy(routes: readonly string[]): number {
    const row = this.sql.exec(
      `SELECT count(*) AS n FROM inbox WHERE state = 'queued' AND state IN ('queued', 'command') AND route IN (${marks(routes)})`,
      ...routes,
    );
    return Number(row.one()["n"]);
  }

  /** How much came by these routes since an instant and began a turn, or is to; what was only told is not counted. */
  begunBy(routes: readonly string[], since: number): number {
    const row = this.sql.exec(
      `SELECT count(*) AS n FROM inbox WHERE route IN (${marks(routes)}) AND received_at > ? AND (turn_id IS NOT NULL OR state != 'answered')`,
      ...routes,
      since,
    );
    return Number(row.one()["n"]);
  }

  /** When the `nth` newest of those came; null: there are not so many. */
  begunAt(routes: readonly string[], nth: number): number | null {
    const row = this.sql
      .exec(
        `SELECT received_at AS at FROM inbox WHERE route IN (${marks(routes)}) AND (turn_id IS NOT NULL OR state != 'answered') ORDER BY received_at DESC LIMIT 1 OFFSET ?`,
        ...routes,
        nth - 1,
      )
      .toArray()[0];
    return row === undefined ? null : Number(row["at"]);
  }

  ofTurn(turnId: string): InboxRow[] {
    return this.sql.exec("SELECT * FROM inbox WHERE turn_id = ? ORDER BY rowid", turnId).toArray().map(toRow);
  }

  joinTurn(id: string, turnId: string): void {
    this.sql.exec("UPDATE inbox SET state = 'turn', turn_id = ? WHERE id = ?", turnId, id);
  }

  setState(id: string, state: InboxState): void {
    this.sql.exec("UPDATE inbox SET state = ? WHERE id = ?", state, id);
  }

  answered(turnId: string): void {
    this.sql.exec("UPDATE inbox SET state = 'answered' WHERE turn_id = ?", turnId);
  }

  /** Forgets keys older than their lifetime; unanswered messages stay, and what asked for a plan as long as a question of its turn may be open. */
  prune(now: number): void {
    this.sql.exec(
      "DELETE FROM inbox WHERE received_at < ? AND state IN ('answered', 'dropped') AND (mode IS NULL OR received_at < ?)",
      now - KEY_LIFETIME_MS,
      now - 2 * KEY_LIFETIME_MS,
    );
  }
}

const marks = (values: readonly unknown[]): string => values.map(() => "?").join(", ");

function toRow(row: Record<string, SqlStorageValue>): InboxRow {
  const tier = row["tier"];
  const state = String(row["state"]);
  return {
    id: String(row["id"]),
    route: String(row["route"]),
    key: String(row["key"]),
    bodyHash: String(row["body_hash"]),
    replyTo: ReplyTarget.parse(JSON.parse(String(row["reply_to"]))),
    coalesceKey: row["coalesce_key"] === null ? null : String(row["coalesce_key"]),
    tier: tier === "fast" || tier === "smart" || tier === "vision" ? tier : null,
    state: state === "queued" || state === "command" || state === "turn" || state === "dropped" ? state : "answered",
    turnId: row["turn_id"] === null ? null : String(row["turn_id"]),
    holdUntil: row["hold_until"] === null ? null : Number(row["hold_until"]),
    taskId: row["task_id"] === null ? null : String(row["task_id"]),
    receivedAt: Number(row["received_at"]),
    mode: MessageMode.nullable().parse(row["mode"]),
  };
}
