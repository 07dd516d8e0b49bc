import { z } from "zod";
import { Tier } from "../models/provider.ts";
import { PlaybookName, PlaybookRun } from "../plans/shapes.ts";
import { ScheduleSpec } from "./spec.ts";

/** The shapes of schedules in the API; the page shares them. Instants are UTC milliseconds. */

export const MAX_SCHEDULE_TITLE = 200;
/** The longest text, prompt or input, characters. */
export const MAX_SCHEDULE_TEXT = 4_000;
/** How many a user may have that have not ended. */
export const MAX_SCHEDULES = 200;

const Words = z.string().trim().min(1).max(MAX_SCHEDULE_TEXT);
const TimeZone = z.string().min(1).max(64);
/** When, in plain words ("every weekday at 9"), as cron ("0 9 * * 1-5"), or an ISO instant. */
const When = z.string().trim().min(1).max(300);

/**
 * What it does when it is due. `text`: the text is told as it is, without a model; a reminder. `prompt`: the agent answers it, as if it were asked then. `profile`: a task in the background; `playbook`: a plan of
 * steps in the background, made from a playbook with these variables.
 */
export const ScheduleAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: Words }),
  z.object({ kind: z.literal("prompt"), prompt: Words, tier: Tier.nullable().default(null) }),
  z.object({ kind: z.literal("profile"), profile: z.string().trim().min(1).max(64), input: Words }),
  z.object({ kind: z.literal("playbook"), playbook: PlaybookName, variables: PlaybookRun.shape.variables }),
]);
export type ScheduleAction = z.infer<typeof ScheduleAction>;

/** `ended`: it is due never again. One that was `paused` keeps its place. */
export const ScheduleStatus = z.enum(["active", "paused", "ended"]);
export type ScheduleStatus = z.infer<typeof ScheduleStatus>;

/** What happens with times that were missed: `once`: one run, late, that says so; `skip`: the next time is waited for. What is due a single time is always run late. */
export const Missed = z.enum(["once", "skip"]);
export type Missed = z.infer<typeof Missed>;

/** `told`: the text was said; `begun`: the agent was asked; `started`: a task or a plan runs; `skipped`: missed, and not made up for; `failed`: the user was told why. */
export const ScheduleOutcome = z.enum(["told", "begun", "started", "skipped", "failed"]);
export type ScheduleOutcome = z.infer<typeof ScheduleOutcome>;

export const ScheduleView = z.object({
  id: z.string(),
  /** What a person calls it by: "delete reminder 2". Never given to another. */
  number: z.number().int(),
  title: z.string(),
  spec: ScheduleSpec,
  /** As a person reads it: "every weekday at 09:00 (Europe/Oslo)". */
  described: z.string(),
  /** The words that it was made from. */
  said: z.string(),
  action: ScheduleAction,
  status: ScheduleStatus,
  missed: Missed,
  /** Its own IANA zone; null: it follows the user's. */
  time_zone: z.string().nullable(),
  /** null: it is paused or has ended. */
  next_at: z.number().int().nullable(),
  last_at: z.number().int().nullable(),
  last_outcome: ScheduleOutcome.nullable(),
  last_error: z.string().nullable(),
  /** How often it ran. */
  runs: z.number().int(),
  /** Failures in a row. At five it is paused. */
  failures: z.number().int(),
  author: z.enum(["user", "agent"]),
  /** Made where content from outside was read: never the user's word. */
  tainted: z.boolean(),
  /** Which of the built-in ones it is. */
  built_in: z.string().nullable(),
  /** Where it is told. */
  channel: z.string(),
  created_at: z.number().int(),
  /** When somebody changed it last; running does not. */
  updated_at: z.number().int(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

export const ScheduleQuery = z.object({
  /** `current`: active and paused, the next first; `ended`: the latest first. */
  state: z.enum(["current", "ended", "all"]).default("current"),
  limit: z.coerce.number().int().min(1).max(400).default(200),
});
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;

export const ScheduleInput = z.strictObject({
  when: When,
  action: ScheduleAction,
  /** Absent: the beginning of what it does. */
  title: z.string().trim().min(1).max(MAX_SCHEDULE_TITLE).optional(),
  missed: Missed.default("once"),
  /** Absent or null: the user's, wherever they go. */
  time_zone: TimeZone.nullable().default(null),
});
export type ScheduleInput = z.infer<typeof ScheduleInput>;

export const SchedulePatch = z.strictObject({
  when: When.optional(),
  action: ScheduleAction.optional(),
  title: z.string().trim().min(1).max(MAX_SCHEDULE_TITLE).optional(),
  missed: Missed.optional(),
  time_zone: TimeZone.nullable().optional(),
  /** `active`: resumes one that is paused; what it missed meanwhile stays missed. */
  status: z.enum(["active", "paused"]).optional(),
});
export type SchedulePatch = z.infer<typeof SchedulePatch>;

export const PreviewInput = z.object({ when: When, time_zone: TimeZone.nullable().default(null) });
export type PreviewInput = z.infer<typeof PreviewInput>;

/** What would be made of the words: what was understood, or the question that asks back. */
export const SchedulePreview = z.union([
  z.object({
    /** A sentence: "every weekday at 09:00 (Europe/Oslo)". */
    understood: z.string(),
    spec: ScheduleSpec,
    /** The next five instants, fewer where it ends before. */
    next: z.array(z.number().int()),
    /** Words that are not about time, which may be what it is to do. */
    rest: z.string(),
  }),
  z.object({ ask: z.string() }),
]);
export type SchedulePreview = z.infer<typeof SchedulePreview>;

export const ScheduleRun = z.object({
  /** When it was due. */
  due_at: z.number().int(),
  /** When it ran. */
  at: z.number().int(),
  outcome: ScheduleOutcome,
  /** It ran later than it was due: the time was missed. */
  late: z.boolean(),
  /** It was run by hand. */
  manual: z.boolean(),
  /** Why it failed, for a person. */
  error: z.string().nullable(),
});
export type ScheduleRun = z.infer<typeof ScheduleRun>;

/** A schedule that comes with Margay, off until it is switched on. */
export const BuiltInView = z.object({
  name: z.string(),
  title: z.string(),
  prompt: z.string(),
  /** When, if nothing else is said: "every day at 7:30". */
  default_when: z.string(),
  on: z.boolean(),
  /** Its schedule while it is on. */
  schedule: ScheduleView.nullable(),
});
export type BuiltInView = z.infer<typeof BuiltInView>;

export const BuiltInChange = z.object({
  on: z.boolean(),
  /** Absent: as it is, else its default. */
  when: When.optional(),
});
export type BuiltInChange = z.infer<typeof BuiltInChange>;
