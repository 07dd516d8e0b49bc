import { z } from "zod";
import { DocumentView } from "../knowledge/shapes.ts";
import { ExecutionPlan } from "../plans/shapes.ts";
import { FileView } from "../workspace/shapes.ts";
import { TaskView } from "../tasks/shapes.ts";
import { ApprovalAnswer, ApprovalView } from "./approval-view.ts";
import { FileRef, MAX_TEXT } from "./message.ts";
import { MessageView, TurnEvent } from "./events.ts";

/**
 * The WebSocket protocol of `GET /api/v1/chat/stream`. Every client frame is parsed by {@link ClientFrame}; anything else gets an
 * `error` frame and changes nothing. Frames are JSON text of at most 1 MiB.
 */
export const ClientFrame = z.discriminatedUnion("type", [
  /** Send a message. `id` is the idempotency key: sending the same frame again after a reconnect is safe. */
  z.object({
    type: z.literal("say"),
    id: z.string().min(1).max(255),
    text: z.string().max(MAX_TEXT),
    files: z.array(FileRef).max(10).optional(),
    time_zone: z.string().max(64).optional(),
  }),
  /** Stop the running turn (or the one named). */
  z.object({ type: z.literal("cancel"), turn_id: z.string().max(64).optional() }),
  /** Follow a turn from event number `from` (0: from its start). */
  z.object({ type: z.literal("resume"), turn_id: z.string().max(64), from: z.number().int().nonnegative() }),
  /** Send an edited text in place of an earlier message of the user; the messages after it leave the context. */
  z.object({
    type: z.literal("edit"),
    id: z.string().min(1).max(255),
    message_id: z.string().max(64),
    text: z.string().min(1).max(MAX_TEXT),
  }),
  /** Ask for another answer to the last message. */
  z.object({ type: z.literal("regenerate"), id: z.string().min(1).max(255), message_id: z.string().max(64) }),
  /** Answer an approval. */
  z.object({
    type: z.literal("answer"),
    id: z.string().min(1).max(255),
    approval_id: z.string().max(64),
    answer: ApprovalAnswer,
    note: z.string().max(2_000).optional(),
  }),
  z.object({ type: z.literal("ping") }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const ServerFrame = z.discriminatedUnion("type", [
  /** First frame on every connection. `running`: the turn in progress, to be resumed from event 0 if the client has not seen it. */
  z.object({ type: z.literal("ready"), conversation_id: z.string(), last_seq: z.number().int(), running: z.string().nullable() }),
  /** Answer to `say`, `edit`, `regenerate`: the message is stored. */
  z.object({
    type: z.literal("accepted"),
    id: z.string(),
    message: MessageView.nullable(),
    turn_id: z.string().nullable(),
    duplicate: z.boolean(),
  }),
  /** A turn began (from any channel of this user); its events follow. */
  z.object({ type: z.literal("turn"), turn_id: z.string() }),
  z.object({ type: z.literal("event"), turn_id: z.string(), seq: z.number().int(), event: TurnEvent }),
  /** A stored message is new or changed: show it, replacing one of the same id. Sent for every channel's messages. */
  z.object({ type: z.literal("message"), message: MessageView }),
  /** An approval is asked, or has changed. */
  z.object({ type: z.literal("approval"), approval: ApprovalView }),
  /** A document is new, was read further, or has changed. */
  z.object({ type: z.literal("document"), document: DocumentView }),
  /** A task in the background is new, went further, or ended. */
  z.object({ type: z.literal("task"), task: TaskView }),
  /** A plan is new, was decided about, went further, or ended. */
  z.object({ type: z.literal("plan"), plan: ExecutionPlan }),
  /** One of the user's files is new, has changed, was moved or deleted. */
  z.object({ type: z.literal("file"), file: FileView }),
  z.object({ type: z.literal("error"), id: z.string().nullable(), error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ type: z.literal("pong") }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
