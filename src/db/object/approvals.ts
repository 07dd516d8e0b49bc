import { z } from "zod";
import { ChannelId, ReplyTarget } from "../../channels/message.ts";
import { afterEvent, type ApprovalEvent, ApprovalState } from "../../permission/approval.ts";
import { Effect } from "../../permission/effect.ts";

export const approvalSchema: readonly string[] = [
  // Calls that a person is asked about: the only authority over whether they may run.
  `CREATE TABLE approval (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    call_id TEXT NOT NULL UNIQUE,
    turn_id TEXT,
    task_id TEXT,
    conversation_id TEXT,
    channel TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    tool TEXT NOT NULL,
    version TEXT NOT NULL,
    effect TEXT NOT NULL,
    input TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    destinations TEXT NOT NULL,
    description TEXT NOT NULL,
    reason TEXT NOT NULL,
    suspicious INTEGER NOT NULL,
    tainted INTEGER NOT NULL,
    unattended INTEGER NOT NULL,
    said_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answered_at INTEGER,
    answered_on TEXT,
    scope TEXT,
    note TEXT,
    grant_id TEXT,
    outcome TEXT,
    ended_at INTEGER,
    told INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  `CREATE INDEX approval_untold ON approval (turn_id) WHERE told = 0`,
  `CREATE INDEX approval_open ON approval (seq) WHERE state IN ('pending', 'approved', 'executing')`,
  `CREATE INDEX approval_by_turn ON approval (turn_id)`,
];

/** What the kind of task, or the skill, that asked may do. What waits already is held to what its task may. */
export const approvalProfileSchema: readonly string[] = [
  `ALTER TABLE approval ADD COLUMN profile TEXT`,
  `UPDATE approval SET profile = (SELECT json_extract(plan, '$.capabilities') FROM task WHERE task.id = approval.turn_id) WHERE state IN ('pending', 'approved')`,
];

/** What a person answered. `once`: this call; `task`: calls like it for this task; `always`: calls like it. */
export const ApprovalScope = z.enum(["once", "task", "always"]);
export type ApprovalScope = z.infer<typeof ApprovalScope>;

export const ApprovalRow = z.object({
  seq: z.number(),
  id: z.string(),
  callId: z.string(),
  turnId: z.string().nullable(),
  taskId: z.string().nullable(),
  conversationId: z.string().nullable(),
  /** The channel of the turn that asked. */
  channel: ChannelId,
  replyTo: ReplyTarget,
  tool: z.string(),
  version: z.string(),
  effect: Effect,
  /** The complete arguments, as JSON. */
  input: z.string(),
  inputHash: z.string(),
  destinations: z.array(z.object({ text: z.string(), source: z.enum(["user", "given", "model"]) })),
  description: z.string(),
  reason: z.string(),
  suspicious: z.boolean(),
  tainted: z.boolean(),
  /** Nobody waited for the turn that asked. */
  unattended: z.boolean(),
  /** Capabilities that the kind of task, or the skill, that asked has; null: it was the user's agent itself. */
  profile: z.array(z.string()).nullable(),
  saidAt: z.number(),
  state: ApprovalState,
  createdAt: z.number(),
  expiresAt: z.number(),
  answeredAt: z.number().nullable(),
  /** The channel that the answer came by; null: nobody answered. */
  answeredOn: z.string().nullable(),
  scope: ApprovalScope.nullable(),
  note: z.string().nullable(),
  grantId: z.string().nullable(),
  /** One line for a person: how it ended. */
  outcome: z.string().nullable(),
  endedAt: z.number().nullable(),
});
export type ApprovalRow = z.infer<typeof ApprovalRow>;

export type NewApproval = Omit<
  ApprovalRow,
  "seq" | "state" | "answeredAt" | "answeredOn" | "scope" | "note" | "grantId" | "outcome" | "endedAt"
>;

/** Approvals in the user's object. Every change of state goes through the kernel's transitions, in one statement each. */
export class ApprovalStore {
  /** False once it is known that none waits or runs. */
  #open = true;
  constructor(private readonly sql: SqlStorage) {}

  insert(approval: NewApproval): void {
    this.#open = true;
    this.sql.exec(
      `INSERT INTO approval (id, call_id, turn_id, task_id, conversation_id, channel, reply_to, tool, version, effect, input, input_hash, destinations, description, reason, suspicious,
         tainted, unattended, profile, said_at, state, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
      approval.id,
      approval.callId,
      approval.turnId,
      approval.taskId,
      approval.conversationId,
      approval.channel,
      JSON.stringify(approval.replyTo),
      approval.tool,
      approval.version,
      approval.effect,
      approval.input,
      approval.inputHash,
      JSON.stringify(approval.destinations),
      approval.description,
      approval.reason,
      approval.suspicious ? 1 : 0,
      approval.tainted ? 1 : 0,
      approval.unattended ? 1 : 0,
      approval.profile === null ? null : JSON.stringify(approval.profile),
      approval.saidAt,
      approval.createdAt,
      approval.expiresAt,
    );
  }

  get(id: string): ApprovalRow | null {
    const row = this.sql.exec("SELECT * FROM approval WHERE id = ?", id).toArray()[0];
    return row ? toRow(row) : null;
  }

  bySeq(seq: number): ApprovalRow | null {
    const row = this.sql.exec("SELECT * FROM approval WHERE seq = ?", seq).toArray()[0];
    return row ? toRow(row) : null;
  }

  ofTurn(turnId: string): ApprovalRow[] {
    return this.sql.exec("SELECT * FROM approval WHERE turn_id = ? ORDER BY seq", turnId).toArray().map(toRow);
  }

  /** Whether a turn has asked anything that it was not told the end of. */
  asked(turnId: string): boolean {
    return this.sql.exec("SELECT 1 FROM approval WHERE turn_id = ? AND told = 0 LIMIT 1", turnId).toArray().length === 1;
  }

  /** Turns that were not told how their approvals ended. */
  untold(): string[] {
    return this.sql
      .exec("SELECT DISTINCT turn_id FROM approval WHERE told = 0 AND turn_id IS NOT NULL")
      .toArray()
      .map((row) => String(row["turn_id"]));
  }

  /** The turn is told now. Gives the ids of what it had not been told of before. */
  told(turnId: string): string[] {
    return this.sql
      .exec("UPDATE approval SET told = 1 WHERE turn_id = ? AND told = 0 RETURNING id", turnId)
      .toArray()
      .map((row) => String(row["id"]));
  }

  /** Those that wait for an answer, oldest first. */
  pending(): ApprovalRow[] {
    return this.#list("state = 'pending' AND state IN ('pending', 'approved', 'executing')");
  }

  /** Those that wait for an answer or run. */
  open(): ApprovalRow[] {
    if (!this.#open) return [];
    const rows = this.#list("state IN ('pending', 'approved', 'executing')");
    this.#open = rows.length > 0;
    return rows;
  }

  #list(where: string): ApprovalRow[] {
    return this.sql.exec(`SELECT * FROM approval WHERE ${where} ORDER BY seq`).toArray().map(toRow);
  }

  /** Answered and ended ones, newest first; `before` is a `seq`. */
  page(limit: number, before: number | null): ApprovalRow[] {
    return this.sql
      .exec("SELECT * FROM approval WHERE seq < ? ORDER BY seq DESC LIMIT ?", before ?? Number.MAX_SAFE_INTEGER, limit)
      .toArray()
      .map(toRow);
  }

  /**
   * Lets an event happen. False: it cannot happen now, because another answer, on this channel or another, came first. The statement itself checks the state, so of two that come
   * together only one gets true.
   */
  happens(
    id: string,
    event: ApprovalEvent,
    change: Partial<Pick<ApprovalRow, "answeredAt" | "answeredOn" | "scope" | "note" | "grantId" | "outcome" | "endedAt">> = {},
  ): boolean {
    const from = ApprovalState.options.filter((state) => afterEvent(state, event) !== null);
    const to = from[0] === undefined ? null : afterEvent(from[0], event);
    if (to === null) return false;
    return (
      this.sql
        .exec(
          `UPDATE approval SET state = ?, answered_at = coalesce(?, answered_at), answered_on = coalesce(?, answered_on), scope = coalesce(?, scope), note = coalesce(?, note),
           grant_id = coalesce(?, grant_id), outcome = coalesce(?, outcome), ended_at = coalesce(?, ended_at)
         WHERE id = ? AND state IN (${from.map((state) => `'${state}'`).join(", ")}) RETURNING id`,
          to,
          change.answeredAt ?? null,
          change.answeredOn ?? null,
          change.scope ?? null,
          change.note ?? null,
          change.grantId ?? null,
          change.outcome ?? null,
          change.endedAt ?? null,
          id,
        )
        .toArray().length === 1
    );
  }
}

function toRow(row: Record<string, SqlStorageValue>): ApprovalRow {
  return ApprovalRow.parse({
    seq: row["seq"],
    id: row["id"],
    callId: row["call_id"],
    turnId: row["turn_id"],
    taskId: row["task_id"],
    conversationId: row["conversation_id"],
    channel: row["channel"],
    replyTo: JSON.parse(String(row["reply_to"])),
    tool: row["tool"],
    version: row["version"],
    effect: row["effect"],
    input: row["input"],
    inputHash: row["input_hash"],
    destinations: JSON.parse(String(row["destinations"])),
    description: row["description"],
    reason: row["reason"],
    suspicious: row["suspicious"] === 1,
    tainted: row["tainted"] === 1,
    unattended: row["unattended"] === 1,
    profile: row["profile"] === null ? null : JSON.parse(String(row["profile"])),
    saidAt: row["said_at"],
    state: row["state"],
    createdAt: row["created_at"],
    expiresAt: row["expires_at"],
    answeredAt: row["answered_at"],
    answeredOn: row["answered_on"],
    scope: row["scope"],
    note: row["note"],
    grantId: row["grant_id"],
    outcome: row["outcome"],
    endedAt: row["ended_at"],
  });
}
