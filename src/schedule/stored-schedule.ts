import { z } from "zod";
import { ReplyTarget } from "../channels/message.ts";
import { Tier } from "../models/provider.ts";
import { Missed, ScheduleOutcome, ScheduleStatus } from "./shapes.ts";
import { ScheduleSpec } from "./spec.ts";

/** What it does, as it is stored: of any length, since forgetting may have taken words out. */
export const StoredAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("prompt"), prompt: z.string(), tier: Tier.nullable() }),
  z.object({ kind: z.literal("profile"), profile: z.string(), input: z.string() }),
]);
export type StoredAction = z.infer<typeof StoredAction>;

/** A schedule as the user's object keeps it. Instants are UTC milliseconds. */
export const StoredSchedule = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  spec: ScheduleSpec,
  /** The words that it was made from. */
  said: z.string(),
  action: StoredAction,
  status: ScheduleStatus,
  missed: Missed,
  /** Its own zone; null: the user's. */
  time_zone: z.string().nullable(),
  /** When it is due next; null: it is paused or has ended. */
  next_at: z.number().int().nullable(),
  /** The zone that `next_at` was counted in. */
  planned_zone: z.string(),
  last_at: z.number().int().nullable(),
  last_outcome: ScheduleOutcome.nullable(),
  last_error: z.string().nullable(),
  runs: z.number().int(),
  failures: z.number().int(),
  author: z.enum(["user", "agent"]),
  tainted: z.boolean(),
  built_in: z.string().nullable(),
  /** Where it is told; null: where the user reads what nobody asked for. */
  reply_to: ReplyTarget.nullable(),
  created_at: z.number().int(),
  /** When somebody changed it last; running does not. */
  updated_at: z.number().int(),
});
export type StoredSchedule = z.infer<typeof StoredSchedule>;

/** The words of what it does. */
export const wordsOf = (action: StoredAction): string =>
  action.kind === "text" ? action.text : action.kind === "prompt" ? action.prompt : action.input;
