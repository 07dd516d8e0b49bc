import { z } from "zod";
import { ReplyTarget } from "../channels/message.ts";
import { Tier } from "../models/provider.ts";
import { playbookWords } from "../plans/playbook-words.ts";
import { ScheduleView } from "./shapes.ts";

/** What it does, as it is stored: of any length, since forgetting may have taken words out. */
export const StoredAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("prompt"), prompt: z.string(), tier: Tier.nullable() }),
  z.object({ kind: z.literal("profile"), profile: z.string(), input: z.string() }),
  z.object({ kind: z.literal("playbook"), playbook: z.string(), variables: z.record(z.string(), z.string()) }),
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
export function wordsOf(action: StoredAction): string {
  switch (action.kind) {
    case "text":
      return action.text;
    case "prompt":
      return action.prompt;
    case "profile":
      return action.input;
    case "playbook":
      return playbookWords({ name: action.playbook, variables: action.variables });
  }
}
