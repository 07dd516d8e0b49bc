import { z } from "zod";

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "is not written HH:MM");

/** What the agent looks at by itself when nobody asked it to: `HEARTBEAT.md`, and how often and when it may speak. */
export const HeartbeatSettings = z.object({
  on: z.boolean().default(true),
  /** `HEARTBEAT.md`: what to look at and what is worth interrupting for, in the user's words. */
  text: z
    .string()
    .max(4_000)
    .default("Tell me before a to-do falls due, and before something that waits for my yes runs out. Stay quiet otherwise."),
  /** Minutes between two looks, at least: 5 to a day. */
  minutes: z.number().int().min(5).max(1_440).default(30),
  /** Wall-clock times of the user's zone between which it says nothing; the same twice: there are none. */
  quiet: z.object({ from: TimeOfDay, to: TimeOfDay }).default({ from: "22:00", to: "07:00" }),
  /** Unprompted messages a day, at most. */
  daily: z.number().int().min(0).max(50).default(5),
});
export type HeartbeatSettings = z.infer<typeof HeartbeatSettings>;

/** What is left out stays as it is. */
export const HeartbeatPatch = z
  .object({
    on: z.boolean(),
    text: z.string().max(4_000),
    minutes: HeartbeatSettings.shape.minutes.removeDefault(),
    quiet: HeartbeatSettings.shape.quiet.removeDefault(),
    daily: HeartbeatSettings.shape.daily.removeDefault(),
  })
  .partial();

export const DEFAULT_HEARTBEAT: HeartbeatSettings = HeartbeatSettings.parse({});

/** Something that is other than it was, and may be worth a word. */
export interface Change {
  /** The same change has the same id always: it is told once. */
  id: string;
  /** One line for a person. */
  text: string;
  /** Whether its words are from content that nobody vouches for. */
  tainted: boolean;
}

/** What came of a look. `none`: nothing had changed, and no model was asked. */
export const HeartbeatOutcome = z.enum(["none", "spoke", "acted", "quiet", "held"]);
export type HeartbeatOutcome = z.infer<typeof HeartbeatOutcome>;

/** One look that found something. */
export const HeartbeatLook = z.object({
  /** UTC milliseconds. */
  at: z.number().int(),
  outcome: HeartbeatOutcome,
  /** How many changes there were. */
  changes: z.number().int(),
  why: z.string(),
});
export type HeartbeatLook = z.infer<typeof HeartbeatLook>;

export const HeartbeatStatus = z.object({
  on: z.boolean(),
  /** When it looks next, UTC milliseconds; null: when something changes. */
  next_at: z.number().int().nullable(),
  spoken_today: z.number().int(),
  /** Newest first, at most 50. */
  looks: z.array(HeartbeatLook),
});
export type HeartbeatStatus = z.infer<typeof HeartbeatStatus>;
