import { z } from "zod";
import { parseCron } from "./cron-expression.ts";

/** Only every `count`-th day, week (from Monday), month or year of the user's calendar, counted from the one that `anchor` lies in. */
export const EveryNth = z.object({
  count: z.number().int().min(2).max(1_000),
  unit: z.enum(["day", "week", "month", "year"]),
  /** UTC ms. Any instant in a period that counts. */
  anchor: z.number().int(),
});
export type EveryNth = z.infer<typeof EveryNth>;

const Expression = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const parsed = parseCron(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.message });
  });

/** The last instant at which it may be due, itself included; null: it has no end. */
const Until = z.number().int().nullable();

/**
 * When something recurs, as it is stored. Instants are UTC milliseconds. A cron expression is in the user's zone, with five fields or a nickname; besides the classic it knows
 * `L`, `LW`, `15W` (day of the month), `5L`, `FRI#2` and `+` (day of the week), see `cron-expression.ts`. What cron cannot say ("every other Monday") is in `nth`. `every` is
 * counted in time that passes, whatever clocks do, from `anchor`, which is due itself.
 */
export const ScheduleSpec = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("once"), at: z.number().int() }),
  z.object({
    kind: z.literal("cron"),
    expression: Expression,
    /** Further lines that count too: "at 9:00 and 17:30" is two. */
    also: z.array(Expression).max(20).optional(),
    until: Until,
    /** The first instant at which it may be due. */
    from: z.number().int().optional(),
    nth: EveryNth.optional(),
  }),
  z.object({ kind: z.literal("every"), ms: z.number().int().min(60_000), anchor: z.number().int(), until: Until }),
]);
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;
export type CronSpec = Extract<ScheduleSpec, { kind: "cron" }>;
