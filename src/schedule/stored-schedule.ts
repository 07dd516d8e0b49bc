import { z } from "zod";
import { ReplyTarget } from "../channels/message.ts";
import { Tier } from "../models/provider.ts";
import { ScheduleView } from "./shapes.ts";

/** What it does, as it is stored: of any length, since forgetting may have taken words out. */
export const StoredAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("prompt"), prompt: z.string(), tier: Tier.nullable() }),
  z.object({ kind: z.literal("profile"), profile: z.string(), input: z.string() }),
]);
export type StoredAction = z.infer<typeof StoredAction>;

/** A schedule as the user's object keeps it: what the API shows, and what only the rules need. */
export const StoredSchedule = ScheduleView.omit({ described: true, channel: true }).extend({
  action: StoredAction,
  /** The zone that `next_at` was counted in. */
  planned_zone: z.string(),
  /** Where it is told; null: where the user reads what nobody asked for. */
  reply_to: ReplyTarget.nullable(),
});
export type StoredSchedule = z.infer<typeof StoredSchedule>;

/** The words of what it does. */
export const wordsOf = (action: StoredAction): string =>
  action.kind === "text" ? action.text : action.kind === "prompt" ? action.prompt : action.input;
