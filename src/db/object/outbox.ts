import { ReplyTarget } from "../../channels/message.ts";

/**
 * How far a reply is. `live`: its turn still runs and the channel shows progress. `pending`: to be delivered at `nextAt`.
 * `sending`: an attempt is under way; found at start, the attempt was interrupted. `told` and `refused` are final.
 */
export type OutboxState = "live" | "pending" | "sending" | "told" | "refused";

export interface OutboxRow {
  id: string;
  turnId: string | null;
  messageId: string | null;
  /** The approval whose card this is; null: it is a reply. */
  approvalId: string | null;
  target: ReplyTarget;
  state: OutboxState;
  attempt: number;
  nextAt: number;
  /** What the channel's driver saved: message ids already sent and the like. */
  driverState: unknown;
  reason: string | null;
  /** Whether its last attempt had no end. */
  interrupted: boolean;
  createdAt: number;
}

/** Why a reply waits whose last attempt had no end. */
const INTERRUPTED = "interrupted";
/** Attempts from which on one that was interrupted waits, and how long. */
const MANY_ATTEMPTS = 4;
const LONG_WAIT_MS = 600_000;

/** Replies on their way out of push channels. */
export class OutboxStore {
  /** False once it is known that nothing waits; every write that may make something wait sets it again. */
  #pending = true;
  constructor(private readonly sql: SqlStorage) {}

  /** Cheap: whether anything may wait. */
  mayHavePending(): boolean {
    return this.#pending;
  }

  insert(row: Pick<OutboxRow, "id" | "turnId" | "messageId" | "target" | "state" | "createdAt"> & { approvalId?: string }): void {
    this.#pending = true;
    this.sql.exec(
      "INSERT INTO outbox (id, turn_id, message_id, approval_id, target, state, attempt, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
      row.id,
      row.turnId,
      row.messageId,
      row.approvalId ?? null,
      JSON.stringify(row.target),
      row.state,
      row.createdAt,
      row.createdAt,
    );
  }

  get(id: string): OutboxRow | null {
    const row = this.sql.exec("SELECT * FROM outbox WHERE id = ?", id).toArray()[0];
    return row ? toRow(row) : null;
  }

  ofTurn(turnId: string): OutboxRow[] {
    return this.sql.exec("SELECT * FROM outbox WHERE turn_id = ?", turnId).toArray().map(toRow);
  }

  /** The cards of an approval. */
  cardsOf(approvalId: string): OutboxRow[] {
    return this.sql.exec("SELECT * FROM outbox WHERE approval_id = ?", approvalId).toArray().map(toRow);
  }

  /** What a card shows has changed: it is shown anew, by what its driver saved. */
  again(id: string, now: number): void {
    this.#pending = true;
    this.sql.exec("UPDATE outbox SET state = 'pending', next_at = ?, attempt = 0 WHERE id = ? AND state != 'sending'", now, id);
  }

  /** The turn has ended: its live replies are to be delivered now. */
  finishTurn(turnId: string, messageId: string, now: number): void {
    this.sql.exec(
      "UPDATE outbox SET state = 'pending', message_id = ?, next_at = ? WHERE turn_id = ? AND state = 'live'",
      messageId,
      now,
      turnId,
    );
  }

  /** Replies that are to be delivered and are not being delivered, in the order they were made. */
  waiting(): OutboxRow[] {
    if (!this.#pending) return [];
    const rows = this.sql.exec("SELECT * FROM outbox WHERE state = 'pending' ORDER BY rowid").toArray().map(toRow);
    // A live row becomes pending at the end of its turn.
    if (rows.length === 0 && this.sql.exec("SELECT 1 FROM outbox WHERE state IN ('live', 'sending') LIMIT 1").toArray().length === 0)
      this.#pending = false;
    return rows;
  }

  saveDriverState(id: string, state: unknown): void {
    this.sql.exec("UPDATE outbox SET driver_state = ? WHERE id = ?", JSON.stringify(state ?? null), id);
  }

  startAttempt(id: string): number {
    return Number(
      this.sql.exec("UPDATE outbox SET attempt = attempt + 1, state = 'sending' WHERE id = ? RETURNING attempt", id).one()["attempt"],
    );
  }

  /** At start: whatever was being sent was interrupted, and is due now; what was again and again may be what ends the object, which has to be there for everything else. */
  recover(now: number): void {
    this.sql.exec(
      "UPDATE outbox SET state = 'pending', reason = ?4, next_at = ?1 + CASE WHEN attempt < ?2 THEN 0 ELSE ?3 END WHERE state = 'sending'",
      now,
      MANY_ATTEMPTS,
      LONG_WAIT_MS,
      INTERRUPTED,
    );
  }

  finish(id: string, state: "told" | "refused", reason: string | null): void {
    this.sql.exec("UPDATE outbox SET state = ?, reason = ? WHERE id = ?", state, reason, id);
  }

  retryAt(id: string, nextAt: number, reason: string): void {
    this.sql.exec("UPDATE outbox SET state = 'pending', next_at = ?, reason = ? WHERE id = ?", nextAt, reason, id);
  }

  /** Forgets finished deliveries older than a week. */
  prune(now: number): void {
    this.sql.exec("DELETE FROM outbox WHERE state IN ('told', 'refused') AND created_at < ?", now - 7 * 24 * 3_600_000);
  }
}

function toRow(row: Record<string, SqlStorageValue>): OutboxRow {
  const state = row["state"];
  return {
    id: String(row["id"]),
    turnId: row["turn_id"] === null ? null : String(row["turn_id"]),
    messageId: row["message_id"] === null ? null : String(row["message_id"]),
    approvalId: row["approval_id"] === null ? null : String(row["approval_id"]),
    target: ReplyTarget.parse(JSON.parse(String(row["target"]))),
    state: state === "live" || state === "pending" || state === "sending" || state === "told" ? state : "refused",
    attempt: Number(row["attempt"]),
    nextAt: Number(row["next_at"]),
    driverState: row["driver_state"] === null ? null : JSON.parse(String(row["driver_state"])),
    reason: row["reason"] === null ? null : String(row["reason"]),
    interrupted: row["reason"] === INTERRUPTED,
    createdAt: Number(row["created_at"]),
  };
}
