import { z } from "zod";
import { ChannelId, ContentItem } from "./message.ts";

/** Tokens and cost of one model call or of a turn. `costMicroUsd` is millionths of a US dollar; null: the price is not known. */
export const Usage = z.object({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  /** The part of `inputTokens` that the provider read from its prompt cache. */
  cached_input_tokens: z.number().int().nonnegative(),
  cost_micro_usd: z.number().nonnegative().nullable(),
  model_calls: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

export const TurnStatus = z.enum(["queued", "running", "done", "failed", "cancelled"]);
export type TurnStatus = z.infer<typeof TurnStatus>;

export const TurnError = z.object({ code: z.string(), message: z.string() });

/**
 * What happens in a turn, in order. Kept in the turn's durable stream; a client resumes from the sequence number it saw last.
 * Text arrives per step. A `step` event for a step number seen before means that the attempt was interrupted and starts
 * over: drop the text of that step.
 */
export const TurnEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step"), step: z.number().int(), model: z.string() }),
  z.object({ type: z.literal("text"), step: z.number().int(), delta: z.string() }),
  z.object({ type: z.literal("tool_call"), step: z.number().int(), call_id: z.string(), tool: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal("tool_result"),
    call_id: z.string(),
    tool: z.string(),
    status: z.enum(["done", "failed", "denied", "waiting"]),
    /** One line for a person, such as `Added "Film the video"`. */
    summary: z.string(),
  }),
  /** The last line that a call printed, while it runs: the text of a program, from wherever it has it. Each takes the place of the one before. */
  z.object({ type: z.literal("tool_progress"), call_id: z.string(), text: z.string().max(200) }),
  /** Something the user should know while they wait: a retry, a fallback. */
  z.object({ type: z.literal("notice"), message: z.string() }),
  z.object({
    type: z.literal("end"),
    status: z.enum(["done", "failed", "cancelled"]),
    /** The stored assistant message, null when nothing was said. */
    message_id: z.string().nullable(),
    /** The whole reply, Markdown. */
    text: z.string(),
    error: TurnError.nullable(),
    usage: Usage,
  }),
]);
export type TurnEvent = z.infer<typeof TurnEvent>;
export type TurnEnd = Extract<TurnEvent, { type: "end" }>;

/** One tool call as history shows it. */
export const ToolCallView = z.object({
  call_id: z.string(),
  tool: z.string(),
  input: z.unknown(),
  /** `waiting`: a person is asked first. */
  status: z.enum(["done", "failed", "denied", "running", "waiting"]),
  summary: z.string(),
  /** The approval that it waits or waited for. */
  approval_id: z.string().nullable(),
  /** What it changed was taken back since; absent: it was not. */
  undone: z.literal(true).optional(),
});
export type ToolCallView = z.infer<typeof ToolCallView>;

/** What came of one tool call, as it was recorded: without the secrets that are stored here. */
export const CallOutput = z.object({
  /** `<turn or task>:<call>`; of a call that code made, its own behind a dot. */
  id: z.string(),
  status: z.enum(["done", "failed", "denied", "running", "waiting", "unknown"]),
  /** As the agent read it: a text, or JSON; null: nothing came of it yet. */
  output: z.unknown(),
  /** Where it is from, when nobody vouches for it. */
  untrusted: z.string().nullable(),
});
export type CallOutput = z.infer<typeof CallOutput>;

/** A stored message as history and pages show it. */
export const MessageView = z.object({
  id: z.string(),
  conversation_id: z.string(),
  /** Grows within the user; the cursor of paging. */
  seq: z.number().int(),
  role: z.enum(["user", "assistant", "notice"]),
  channel: ChannelId,
  text: z.string(),
  content: z.array(ContentItem),
  tool_calls: z.array(ToolCallView),
  turn_id: z.string().nullable(),
  status: z.enum(["queued", "done", "failed", "cancelled"]),
  error: TurnError.nullable(),
  model: z.string().nullable(),
  usage: Usage.nullable(),
  /** The plan that was made in this answer. */
  plan_id: z.string().nullable(),
  /** UTC milliseconds. */
  created_at: z.number().int(),
  /** Set when the user edited the message and sent it again, or asked for another answer: this row is kept, out of the context. */
  superseded_at: z.number().int().nullable(),
});
export type MessageView = z.infer<typeof MessageView>;
