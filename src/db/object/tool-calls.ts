import type { ToolCallLog } from "../../tools/compile-tool.ts";

/** How far a call is. `executing` after a restart means: nobody knows whether it happened. */
export type ToolCallState = "executing" | "done" | "failed" | "denied" | "unknown";

export interface ToolCallRow {
  id: string;
  turnId: string | null;
  tool: string;
  version: number;
  input: string;
  decision: "allow" | "ask" | "deny";
  reason: string;
  state: ToolCallState;
  output: string | null;
  summary: string | null;
  receipt: string | null;
  startedAt: number;
  endedAt: number | null;
}

/** The record of every tool call: a row before it runs, its outcome after. */
export class ToolCallStore implements ToolCallLog {
  constructor(private readonly sql: SqlStorage) {}

  get(id: string): ToolCallRow | null {
    const row = this.sql.exec("SELECT * FROM tool_call WHERE id = ?", id).toArray()[0];
    return row ? toRow(row) : null;
  }

  begin(row: Parameters<ToolCallLog["begin"]>[0]): void {
    this.sql.exec(
      "INSERT INTO tool_call (id, turn_id, tool, version, input, decision, reason, state, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.id,
      row.turnId,
      row.tool,
      row.version,
      row.input,
      row.decision,
      row.reason,
      row.state,
      row.startedAt,
    );
  }

  end(id: string, state: ToolCallState, output: string, summary: string, receipt: string | null, now: number): void {
    this.sql.exec(
      "UPDATE tool_call SET state = ?, output = ?, summary = ?, receipt = ?, ended_at = ? WHERE id = ?",
      state,
      output,
      summary,
      receipt,
      now,
      id,
    );
  }

  /** Calls of one tool since an instant, for its rate limit. */
  countSince(tool: string, since: number): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM tool_call WHERE tool = ? AND started_at > ?", tool, since).one()["n"]);
  }
}

function toRow(row: Record<string, SqlStorageValue>): ToolCallRow {
  const decision = row["decision"];
  const state = row["state"];
  return {
    id: String(row["id"]),
    turnId: row["turn_id"] === null ? null : String(row["turn_id"]),
    tool: String(row["tool"]),
    version: Number(row["version"]),
    input: String(row["input"]),
    decision: decision === "allow" || decision === "ask" ? decision : "deny",
    reason: String(row["reason"]),
    state: state === "executing" || state === "done" || state === "failed" || state === "denied" ? state : "unknown",
    output: row["output"] === null ? null : String(row["output"]),
    summary: row["summary"] === null ? null : String(row["summary"]),
    receipt: row["receipt"] === null ? null : String(row["receipt"]),
    startedAt: Number(row["started_at"]),
    endedAt: row["ended_at"] === null ? null : Number(row["ended_at"]),
  };
}
