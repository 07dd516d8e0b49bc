import { z } from "zod";
import { StoredStep } from "../../agent/stored-step.ts";
import { MessageView, type TurnError, Usage } from "../../channels/events.ts";
import { ChannelId, ContentItem } from "../../channels/message.ts";
import type { ArchivedMessage } from "../../memory/archive.ts";
import { below } from "./below.ts";

export type MessageKind = "chat" | "command";

/** A message as history shows it, and whether it takes part in the conversation with the model. */
export interface StoredMessage {
  view: MessageView;
  kind: MessageKind;
}

export interface NewMessage {
  id: string;
  conversationId: string;
  role: MessageView["role"];
  kind: MessageKind;
  channel: ChannelId;
  text: string;
  content: ContentItem[];
  steps: StoredStep[];
  tainted: boolean;
  turnId: string | null;
  externalId: string | null;
  status: MessageView["status"];
  error: z.infer<typeof TurnError> | null;
  model: string | null;
  usage: Usage | null;
  createdAt: number;
}

/** A message as the context is made of it. */
export interface ContextMessage {
  id: string;
  seq: number;
  role: MessageView["role"];
  text: string;
  content: ContentItem[];
  steps: StoredStep[];
  tainted: boolean;
  /** Whether it began something by itself, at a moment of its own. */
  begins: boolean;
  /** Why an answer ended before it was finished, where it did. */
  ending: string | null;
  createdAt: number;
}

export type Row = Record<string, SqlStorageValue>;
/** Our own JSON, written by the message store: an empty list is by far the most common, and needs no parser. */
const contentOf = (text: string): ContentItem[] => (text === "[]" ? [] : z.array(ContentItem).parse(JSON.parse(text)));
export const stepsOf = (text: string): StoredStep[] => (text === "[]" ? [] : z.array(StoredStep).parse(JSON.parse(text)));

const Role = MessageView.shape.role;
const STOPPED = "(The user stopped this answer.)";

const errorOf = (row: Row): z.infer<typeof TurnError> | null =>
  row["error"] === null ? null : z.object({ code: z.string(), message: z.string() }).parse(JSON.parse(String(row["error"])));

export const toArchived = (row: Row): ArchivedMessage => ({
  id: String(row["id"]),
  seq: Number(row["seq"]),
  conversationId: String(row["conversation_id"]),
  role: Role.parse(row["role"]),
  text: String(row["text"]),
  tainted: row["tainted"] === 1,
  turnId: row["turn_id"] === null ? null : String(row["turn_id"]),
  createdAt: Number(row["created_at"]),
  queued: row["status"] === "queued",
});

export const toContext = (row: Row): ContextMessage => ({
  id: String(row["id"]),
  seq: Number(row["seq"]),
  role: Role.parse(row["role"]),
  text: String(row["text"]),
  content: contentOf(String(row["content"])),
  steps: stepsOf(String(row["steps"])),
  tainted: row["tainted"] === 1,
  begins: row["role"] === "notice" && row["channel"] === "agent",
  ending: row["status"] === "cancelled" ? STOPPED : (errorOf(row)?.message ?? null),
  createdAt: Number(row["created_at"]),
});

/** `sql`: of the same object, whose record of calls knows what was taken back since. */
export function toView(row: Row, sql: SqlStorage): MessageView {
  const steps = stepsOf(String(row["steps"]));
  const undone: ReadonlySet<string> = steps.length === 0 ? new Set() : undoneOf(String(row["turn_id"]), sql);
  const usage = row["usage"] === null ? null : Usage.parse(JSON.parse(String(row["usage"])));
  return {
    id: String(row["id"]),
    conversation_id: String(row["conversation_id"]),
    seq: Number(row["seq"]),
    role: Role.parse(row["role"]),
    channel: ChannelId.parse(row["channel"]),
    text: String(row["text"]),
    content: contentOf(String(row["content"])),
    tool_calls: callsOf(steps, undone),
    turn_id: row["turn_id"] === null ? null : String(row["turn_id"]),
    status: z.enum(["queued", "done", "failed", "cancelled"]).parse(row["status"]),
    error: errorOf(row),
    model: row["model"] === null ? null : String(row["model"]),
    usage,
    plan_id: planIn(steps),
    created_at: Number(row["created_at"]),
    superseded_at: row["superseded_at"] === null ? null : Number(row["superseded_at"]),
  };
}

/** The calls of a turn that were taken back, by their own ids. */
const undoneOf = (turnId: string, sql: SqlStorage): ReadonlySet<string> =>
  new Set(
    sql
      .exec<{ id: string }>(`SELECT id FROM tool_call WHERE ${below("id", "?1")} AND undone_at IS NOT NULL`, turnId)
      .toArray()
      .map(({ id }) => id.slice(turnId.length + 1)),
  );

/** The plan that a tool call of these steps made, as it answered. */
function planIn(steps: readonly StoredStep[]): string | null {
  const outputs = steps.flatMap(({ calls }) =>
    calls.flatMap(({ tool, status, output }) => (PLANNING.has(tool) && status === "done" ? [output] : [])),
  );
  const made = PlanMade.safeParse(outputs.at(-1));
  return made.success ? made.data.plan_id : null;
}

const PLANNING: ReadonlySet<string> = new Set(["propose_plan", "change_plan"]);
const PlanMade = z.object({ plan_id: z.string() });

const callsOf = (steps: StoredStep[], undone: ReadonlySet<string> = new Set()): MessageView["tool_calls"] =>
  steps.flatMap((step) =>
    step.calls.map(({ callId, tool, input, status, summary, approvalId }) => ({
      call_id: callId,
      tool,
      input,
      status,
      summary,
      approval_id: approvalId,
      ...(undone.has(callId) ? { undone: true as const } : {}),
    })),
  );

export function viewOf(message: NewMessage, seq: number, supersededAt: number | null): MessageView {
  const { id, role, channel, text, content, status, error, model, usage } = message;
  return {
    id,
    conversation_id: message.conversationId,
    seq,
    role,
    channel,
    text,
    content,
    tool_calls: callsOf(message.steps),
    turn_id: message.turnId,
    status,
    error,
    model,
    usage,
    plan_id: planIn(message.steps),
    created_at: message.createdAt,
    superseded_at: supersededAt,
  };
}
