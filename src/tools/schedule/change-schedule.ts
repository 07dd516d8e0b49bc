import { z } from "zod";
import { MargayError, unlessRefused, withNext } from "../../errors.ts";
import { MAX_SCHEDULE_TEXT, Missed, type SchedulePatch } from "../../schedule/shapes.ts";
import { type StoredAction, type StoredSchedule, wordsOf } from "../../schedule/stored-schedule.ts";
import { playbookAction } from "./scheduled.ts";
import type { ToolContext, ToolOutput } from "../tool.ts";
import type { SchedulePort, ScheduleStores } from "./schedule-port.ts";
import { heldNote, marked, type Receipt, saidBy, scheduleTool, view } from "./schedule-tool.ts";

const Input = z.object({
  schedule: z.string().trim().min(1).max(300).describe("number or title words"),
  do: z
    .enum(["change", "pause", "resume", "run", "delete", "on", "off"])
    .optional()
    .describe("run: now; on, off: morning briefing, weekly summary"),
  when: z.string().trim().min(1).max(300).optional(),
  what: z.string().trim().min(1).max(MAX_SCHEDULE_TEXT).optional(),
  missed: Missed.optional(),
  /** What the user said yes to, put there when they are asked: when it was last changed, UTC milliseconds. */
  changed_at: z.number().int().optional().describe("leave out"),
});
type Input = z.infer<typeof Input>;

export const changeSchedule = scheduleTool({
  name: "change_schedule",
  version: 3,
  description: "Change, pause, resume, run or delete a reminder or schedule",
  input: Input,
  effect: "write",
  rare: true,
  describe,
  asksIfTainted: ({ do: verb }) => (verb === "run" ? "Content from outside was read before, and to run this now could be its wish." : null),
  asked(input, { schedules }) {
    if (input.do !== "run") return { input, description: describe(input) };
    const meant = found(input.schedule, schedules);
    if (meant === null) return { refused: `There is no schedule ${input.schedule}.`, next: "list_schedules tells which there are." };
    const words = wordsOf(meant.action);
    return {
      input: { ...input, changed_at: meant.updated_at },
      description: `Run schedule ${meant.number} (${meant.action.kind}): ${words.length > 300 ? `${words.slice(0, 300).toWellFormed()}…` : words}`,
    };
  },
  execute(input, context) {
    const { schedules } = context.stores;
    if (input.do === "on" || input.do === "off") return switchBuiltIn(input, input.do === "on", context);
    const before = schedules.find(input.schedule);
    if (input.changed_at !== undefined && input.changed_at !== before.updated_at)
      throw new MargayError("conflict", `Schedule ${before.number} was changed since it was asked about.`, withNext("Ask again."));
    if (input.do === "delete") {
      schedules.delete(before.id, saidBy(context));
      const receipt: Receipt = { before, at: null };
      return {
        output: { deleted: view(before, context.timeZone) },
        summary: `Deleted schedule ${before.number}`,
        receipt,
        ...marked(before),
      };
    }
    return input.do === "run" ? run(before, context) : change(before, input, context);
  },
});

const VERBS = { change: "Change", pause: "Pause", resume: "Resume", run: "Run", delete: "Delete", on: "Switch on", off: "Switch off" };

function describe({ schedule, do: verb = "change", when, what }: Input): string {
  return `${VERBS[verb]} the schedule “${schedule}”${[when, what].map((part) => (part === undefined ? "" : `: ${part}`)).join("")}`;
}

/** null: none is meant, or more than one. */
const found = (reference: string, schedules: SchedulePort): StoredSchedule | null => unlessRefused(() => schedules.find(reference));

function run(schedule: StoredSchedule, context: ToolContext<ScheduleStores>): ToolOutput {
  const { error } = context.stores.schedules.run(schedule.id, saidBy(context));
  if (error !== null)
    throw new MargayError(
      "conflict",
      `Schedule ${schedule.number} could not run: ${error}`,
      schedule.tainted ? { untrusted: "schedules" } : undefined,
    );
  return { output: { ran: view(schedule, context.timeZone) }, summary: `Ran schedule ${schedule.number}`, ...marked(schedule) };
}

/** One of those that come with Margay. */
function switchBuiltIn({ schedule, when }: Input, on: boolean, context: ToolContext<ScheduleStores>): ToolOutput {
  const { schedules } = context.stores;
  const { name, title, schedule: before } = schedules.builtIn(schedule);
  const { schedule: after } = schedules.setBuiltIn(name, { on, ...(when === undefined ? {} : { when }) }, saidBy(context));
  const left = after ?? before;
  if (left === null) throw new MargayError("conflict", `${title} is off already.`);
  const receipt: Receipt =
    after === null
      ? { before: left, at: null }
      : before === null
        ? { added: after.id, at: after.updated_at }
        : { before, at: after.updated_at };
  return {
    output: on ? { scheduled: view(left, context.timeZone), ...heldNote(left) } : { deleted: view(left, context.timeZone) },
    summary: `Switched ${on ? "on" : "off"} ${title}`,
    receipt,
    ...marked(left),
  };
}

function change(before: StoredSchedule, input: Input, context: ToolContext<ScheduleStores>): ToolOutput {
  const { when, what, missed } = input;
  const patch: SchedulePatch = {
    ...(when === undefined ? {} : { when }),
    ...(what === undefined ? {} : { action: worded(before.action, what) }),
    ...(missed === undefined ? {} : { missed }),
    ...(input.do === "pause" ? { status: "paused" } : input.do === "resume" ? { status: "active" } : {}),
  };
  if (Object.keys(patch).length === 0) throw new MargayError("invalid_request", "Say what to change: when, what or missed.");
  const after = context.stores.schedules.change(before.id, patch, saidBy(context));
  const receipt: Receipt = { before, at: after.updated_at };
  const key = input.do === "pause" ? "paused" : input.do === "resume" ? "resumed" : "changed";
  return {
    output: { [key]: view(after, context.timeZone), ...(input.do === "pause" || before.status === "paused" ? {} : heldNote(after)) },
    summary: `${key.slice(0, 1).toUpperCase()}${key.slice(1)} schedule ${after.number}`,
    receipt,
    ...marked(before, after),
  };
}

/** The same, with other words. */
const worded = (action: StoredAction, words: string): StoredAction =>
  action.kind === "text"
    ? { ...action, text: words }
    : action.kind === "prompt"
      ? { ...action, prompt: words }
      : action.kind === "profile"
        ? { ...action, input: words }
        : playbookAction(words);
