import { z } from "zod";
import { TaskStatus } from "../tasks/shapes.ts";
import { Finding } from "./finding.ts";

/** The shapes of self-improvement in the API; the page shares them. Instants are UTC milliseconds. */

/**
 * `off`: nothing is looked at. `propose`: what stands out becomes a proposal. `wording`: as well, and a change of nothing but the words of a skill, which needs nothing new, is applied by itself; it can be taken back.
 */
export const SelfImprovement = z.enum(["off", "propose", "wording"]);
export type SelfImprovement = z.infer<typeof SelfImprovement>;

/** `working`: a task drafts; `asked`: the user decides; `applied`; `declined`; `nothing`: it found that a skill would not help; `failed`: the task broke off or was cancelled. */
export const ImprovementOutcome = z.enum(["working", "asked", "applied", "declined", "nothing", "failed"]);
export type ImprovementOutcome = z.infer<typeof ImprovementOutcome>;

/** Something that stood out and was worked on. */
export const ImprovementView = Finding.pick({ kind: true, title: true, skill: true, count: true, days: true }).extend({
  id: z.string(),
  at: z.number().int(),
  outcome: ImprovementOutcome,
  /** null: it is not kept any more. */
  task: z.object({ id: z.string(), number: z.number().int(), status: TaskStatus }).nullable(),
});
export type ImprovementView = z.infer<typeof ImprovementView>;

export const ImprovementStatus = z.object({
  setting: SelfImprovement,
  last_look_at: z.number().int().nullable(),
  /** null: it does not look. */
  next_look_at: z.number().int().nullable(),
  /** What stands out now and was not worked on. */
  found: z.array(Finding.omit({ terms: true, turn_ids: true })),
  /** Of the last 90 days, the newest first. */
  improvements: z.array(ImprovementView),
});
export type ImprovementStatus = z.infer<typeof ImprovementStatus>;
