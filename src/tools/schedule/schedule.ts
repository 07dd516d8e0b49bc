import { z } from "zod";
import { describeSpec } from "../../schedule/describe.ts";
import { heldNote, marked, type Receipt, saidBy, scheduleTool, view } from "./schedule-tool.ts";

export const schedule = scheduleTool({
  name: "schedule",
  version: 1,
  description: "Remind the user, or do something later or regularly",
  input: z.object({
    // Lengths are checked where it is made: each word here is paid for on every turn.
    when: z.string().describe("words or cron"),
    what: z.string().optional(),
    kind: z.enum(["text", "prompt", "playbook"]).optional().describe("prompt: you do it then"),
  }),
  effect: "write",
  describe: ({ when, what }) => (what === undefined ? `Schedule “${when}”` : `Schedule “${what}”: ${when}`),
  execute({ when, what, kind = "text" }, context) {
    const made = context.stores.schedules.add({ when: when.trim(), what: what?.trim() ?? null, kind }, saidBy(context));
    const receipt: Receipt = { added: made.id, at: made.updated_at };
    return {
      output: { scheduled: view(made, context.timeZone), ...heldNote(made) },
      // Without its words, which the trail would keep for ever.
      summary: `Scheduled number ${made.number}${made.status === "paused" ? ", switched off" : ""}: ${describeSpec(made.spec, made.time_zone ?? context.timeZone)}`,
      receipt,
      ...marked(made),
    };
  },
});
