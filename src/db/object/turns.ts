import type { TurnStatus } from "../../channels/events.ts";
import type { Tier } from "../../models/provider.ts";

/** A turn: one answer of the coordinator. `stateless` runs have their input in the row and leave nothing in the conversation. */
export interface TurnRow {
  id: string;
  /** The turn that the user began and that this one goes on with; its own id where it is that one. */
  taskId: string;
  kind: "chat" | "stateless";
  conversationId: string;
  tier: Tier;
  status: TurnStatus;
  /** How often its handler was started; grows when a crash or a wait made it start again. */
  attempt: number;
  input: string | null;
  replyMessageId: string | null;
  startedAt: number;
  endedAt: number | null;
}

/** Turns of the user, in their object's SQLite. */
export class TurnStore {
  constructor(private readonly sql: SqlStorage) {}

  insert(turn: Pick<TurnRow, "id" | "taskId" | "kind" | "conversationId" | "tier" | "input" | "startedAt">): void {
    this.sql.exec(
      "INSERT INTO turn (id, task_id, kind, conversation_id, tier, status, attempt, input, started_at) VALUES (?, ?, ?, ?, ?, 'running', 0, ?, ?)",
      turn.id,
      turn.taskId,
      turn.kind,
      turn.conversationId,
      turn.tier,
      turn.input,
      turn.startedAt,
    );
  }

  get(id: string): TurnRow | null {
    const row = this.sql.exec("SELECT * FROM turn WHERE id = ?", id).toArray()[0];
    return row ? toRow(row) : null;
  }

  running(): TurnRow[] {
    return this.sql.exec("SELECT * FROM turn WHERE status = 'running' ORDER BY started_at").toArray().map(toRow);
  }

  /** Counts one more start of the handler: its number, from 1, and how many starts in a row have finished no step. */
  startAttempt(id: string): { attempt: number; fruitless: number } {
    const { attempt, fruitless } = this.sql
      .exec<{ attempt: number; fruitless: number }>(
        `UPDATE turn SET attempt = attempt + 1, fruitless = CASE WHEN steps = done.n THEN fruitless + 1 ELSE 1 END, steps = done.n
         FROM (SELECT count(*) AS n FROM step WHERE turn_id = ?1) AS done WHERE id = ?1 RETURNING attempt, fruitless`,
        id,
      )
      .one();
    return { attempt, fruitless };
  }

  /** Ends a running turn. False when it was not running any more: somebody else ended it, and nothing may be added to it. */
  end(id: string, status: "done" | "failed" | "cancelled", replyMessageId: string | null, now: number): boolean {
    return (
      this.sql
        .exec(
          "UPDATE turn SET status = ?, reply_message_id = ?, ended_at = ?, input = NULL WHERE id = ? AND status = 'running' RETURNING id",
          status,
          replyMessageId,
          now,
          id,
        )
        .toArray().length === 1
    );
  }
}

function toRow(row: Record<string, SqlStorageValue>): TurnRow {
  const status = String(row["status"]);
  const tier = String(row["tier"]);
  return {
    id: String(row["id"]),
    taskId: String(row["task_id"] ?? row["id"]),
    kind: row["kind"] === "stateless" ? "stateless" : "chat",
    conversationId: String(row["conversation_id"]),
    tier: tier === "fast" || tier === "vision" ? tier : "smart",
    status: status === "running" || status === "failed" || status === "cancelled" ? status : "done",
    attempt: Number(row["attempt"]),
    input: row["input"] === null ? null : String(row["input"]),
    replyMessageId: row["reply_message_id"] === null ? null : String(row["reply_message_id"]),
    startedAt: Number(row["started_at"]),
    endedAt: row["ended_at"] === null ? null : Number(row["ended_at"]),
  };
}
