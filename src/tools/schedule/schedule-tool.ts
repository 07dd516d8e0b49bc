import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { describeInstant, describeSpec } from "../../schedule/describe.ts";
import { StoredSchedule, wordsOf } from "../../schedule/stored-schedule.ts";
import type { Effect, Tool, ToolContext, ToolOutput } from "../tool.ts";
import { SCHEDULE_READ, SCHEDULE_WRITE, type Said, type ScheduleStores } from "./schedule-port.ts";

/** How a write is taken back: what was added goes, what was changed or deleted becomes what it was. `at`: when the call changed it; null: it deleted it. */
const Receipt = z.union([z.object({ added: z.string(), at: z.number() }), z.object({ before: StoredSchedule, at: z.number().nullable() })]);
export type Receipt = z.infer<typeof Receipt>;

interface ScheduleToolSpec<Input extends z.ZodType> {
  name: string;
  version: number;
  description: string;
  input: Input;
  effect: Extract<Effect, "read" | "write">;
  rare?: boolean;
  /** One line for a person: what the call would do. */
  describe(input: z.output<Input>): string;
  asksIfTainted?(input: z.output<Input>): string | null;
  asked?: Tool<Input, ScheduleStores>["asked"];
  execute(input: z.output<Input>, context: ToolContext<ScheduleStores>): ToolOutput;
}

/** A tool of the family: the same grants, limits and undo for each. */
export function scheduleTool<Input extends z.ZodType>(spec: ScheduleToolSpec<Input>): Tool<Input, ScheduleStores> {
  const { effect } = spec;
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    input: spec.input,
    ...(spec.rare ? { rare: true } : {}),
    capabilities: () => [effect === "read" ? SCHEDULE_READ : SCHEDULE_WRITE],
    effect: () => effect,
    destinations: () => [],
    untrusted: false,
    rateLimit: { calls: 60, perMs: 60_000 },
    timeoutMs: 10_000,
    // Each write sets a state, or is done once by its key, so running it again after a crash changes nothing.
    replay: effect === "read" ? "safe" : "keyed",
    describe: (input) => spec.describe(input),
    ...(spec.asksIfTainted === undefined ? {} : { asksIfTainted: (input) => spec.asksIfTainted?.(input) ?? null }),
    ...(spec.asked === undefined ? {} : { asked: spec.asked }),
    execute: async (input, context) => spec.execute(input, context),
    ...(effect === "write" ? { undo: async (receipt: unknown, context: ToolContext<ScheduleStores>) => takeBack(receipt, context) } : {}),
  };
}

function takeBack(receipt: unknown, context: ToolContext<ScheduleStores>): ToolOutput {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
  const { schedules } = context.stores;
  const { at } = parsed.data;
  const live = schedules.live("added" in parsed.data ? parsed.data.added : parsed.data.before.id);
  if ((live?.updated_at ?? null) !== at)
    throw new MargayError("conflict", "That schedule was changed or deleted since, so I left it as it is.");
  const said = saidBy(context);
  if ("added" in parsed.data) {
    const gone = schedules.delete(parsed.data.added, said);
    return { output: { removed: gone.number }, summary: `Took back schedule ${gone.number}`, ...marked(gone) };
  }
  const back = schedules.restore(parsed.data.before, said);
  return { output: { restored: view(back, context.timeZone) }, summary: `Put schedule ${back.number} back as it was`, ...marked(back) };
}

export const saidBy = ({ idempotencyKey, saidAt, tainted }: ToolContext<ScheduleStores>): Said => ({
  key: idempotencyKey,
  saidAt,
  tainted,
});

/** Where an answer comes from that holds such schedules: nothing to say for the user's own. */
export const marked = (...schedules: readonly StoredSchedule[]): Pick<ToolOutput, "untrusted"> =>
  schedules.some(({ tainted }) => tainted) ? { untrusted: "schedules, some written for content from outside" } : {};

/** What the model is told of one that was not left active. */
export const heldNote = ({ status }: StoredSchedule): { note?: string } =>
  status === "paused" ? { note: "It does nothing until the user switches it on; they were told." } : {};

/** A schedule as the model reads it: short, with the time as it was understood. */
export function view(schedule: StoredSchedule, timeZone: string): Record<string, unknown> {
  const { number, title, action, status, next_at, missed, last_error } = schedule;
  const zone = schedule.time_zone ?? timeZone;
  const words = wordsOf(action);
  return {
    n: number,
    title,
    kind: action.kind,
    ...(words === title ? {} : { what: words.length > 300 ? `${words.slice(0, 300).toWellFormed()}…` : words }),
    when: describeSpec(schedule.spec, zone),
    ...(next_at === null ? {} : { next: describeInstant(next_at, zone) }),
    ...(status === "active" ? {} : { status }),
    ...(missed === "once" ? {} : { missed }),
    ...(last_error === null ? {} : { failed: last_error }),
  };
}
