import { z } from "zod";
import type { CallEnd, CallRecord, RecordedCall, ToolCallLog } from "../../tools/gate-deps.ts";

/** A change that can be taken back. */
export interface UndoableCall {
  id: string;
  tool: string;
  summary: string;
  /** As JSON. */
  receipt: string;
  endedAt: number;
}

/** The record of every tool call: a row before it runs, its outcome after. `executing` found after a restart means: nobody knows whether it happened. */
export class ToolCallStore implements ToolCallLog {
  constructor(private readonly sql: SqlStorage) {}

  get(id: string): RecordedCall | null {
    const row = this.sql.exec("SELECT state, output, summary, untrusted, links, approval_id FROM tool_call WHERE id = ?", id).toArray()[0];
    if (!row) return null;
    const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
    return {
      state: State.parse(row["state"]),
      output: text("output"),
      summary: text("summary"),
      untrusted: text("untrusted"),
      links: z.array(z.string()).parse(JSON.parse(String(row["links"]))),
      approvalId: text("approval_id"),
    };
  }

  begin(row: CallRecord): void {
    this.sql.exec(
      "INSERT INTO tool_call (id, turn_id, tool, version, effect, input, decision, reason, state, approval_id, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.id,
      row.turnId,
      row.tool,
      // A column of whole numbers from the first schema; what is no number is in the approval and in the audit.
      Number.isSafeInteger(Number(row.version)) ? Number(row.version) : 0,
      row.effect,
      row.input,
      row.decision,
      row.reason,
      row.state,
      row.approvalId,
      row.startedAt,
    );
  }

  keep(id: string, receipt: string | null, at: number): void {
    // What it did after it was taken back can be taken back too.
    this.sql.exec(
      "UPDATE tool_call SET receipt = ?1, ended_at = ?2, undone_at = iif(receipt IS ?1, undone_at, NULL) WHERE id = ?3",
      receipt,
      at,
      id,
    );
  }

  resume(id: string): void {
    this.sql.exec("UPDATE tool_call SET state = 'executing' WHERE id = ? AND state = 'waiting'", id);
  }

  end(id: string, { state, output, summary, receipt, untrusted, links, endedAt }: CallEnd): void {
    this.sql.exec(
      "UPDATE tool_call SET state = ?, output = ?, summary = ?, receipt = coalesce(?, receipt), untrusted = ?, links = ?, ended_at = ? WHERE id = ?",
      state,
      output,
      summary,
      receipt,
      untrusted,
      JSON.stringify(links),
      endedAt,
      id,
    );
  }

  madeBy(id: string): number {
    // "/" follows "." in the order of characters.
    const rows = this.sql.exec(
      "SELECT count(*) AS n FROM tool_call WHERE id > ? AND id < ? AND state IN ('done', 'failed')",
      `${id}.`,
      `${id}/`,
    );
    return Number(rows.one()["n"]);
  }

  countSince(tool: string | null, since: number): number {
    const [where, ...values] = tool === null ? ["started_at > ?", since] : ["tool = ? AND started_at > ?", tool, since];
    return Number(this.sql.exec(`SELECT count(*) AS n FROM tool_call WHERE ${where}`, ...values).one()["n"]);
  }

  /** Calls of a tool that were let run, from this moment on, however they ended. */
  ranSince(tool: string, since: number): number {
    return Number(
      this.sql
        .exec("SELECT count(*) AS n FROM tool_call WHERE tool = ? AND started_at >= ? AND state NOT IN ('waiting', 'denied')", tool, since)
        .one()["n"],
    );
  }

  undone(id: string, at: number): void {
    this.sql.exec("UPDATE tool_call SET undone_at = ? WHERE id = ?", at, id);
  }

  /** Changes that can still be taken back, newest first. */
  undoable(limit: number): UndoableCall[] {
    return this.sql
      .exec(
        "SELECT id, tool, summary, receipt, ended_at FROM tool_call WHERE receipt IS NOT NULL AND undone_at IS NULL ORDER BY ended_at DESC, id DESC LIMIT ?",
        limit,
      )
      .toArray()
      .map(undoableOf);
  }

  /** Of one turn, newest first. */
  undoableOf(turnId: string): UndoableCall[] {
    return this.sql
      .exec(
        "SELECT id, tool, summary, receipt, ended_at FROM tool_call WHERE turn_id = ? AND receipt IS NOT NULL AND undone_at IS NULL ORDER BY ended_at DESC, id DESC",
        turnId,
      )
      .toArray()
      .map(undoableOf);
  }

  /** null: it cannot be taken back, or was already. */
  undoableCall(id: string): UndoableCall | null {
    const row = this.sql
      .exec("SELECT id, tool, summary, receipt, ended_at FROM tool_call WHERE id = ? AND receipt IS NOT NULL AND undone_at IS NULL", id)
      .toArray()[0];
    return row ? undoableOf(row) : null;
  }
}

const State = z.enum(["executing", "waiting", "done", "failed", "denied", "unknown"]);

const undoableOf = (row: Record<string, SqlStorageValue>): UndoableCall => ({
  id: String(row["id"]),
  tool: String(row["tool"]),
  summary: String(row["summary"]),
  receipt: String(row["receipt"]),
  endedAt: Number(row["ended_at"]),
});
