import { z } from "zod";
import { Tier } from "../models/provider.ts";
import { PlaybookName, PlaybookRun } from "../plans/shapes.ts";
import { Condition } from "./condition.ts";
import { HookScheme } from "./hook-scheme.ts";

/** The shapes of listeners in the API; the page shares them. Instants are UTC milliseconds. */

export const MAX_LISTENERS = 100;
export const MAX_LISTENER_TITLE = 200;
/** The longest prompt, text or input, characters. */
export const MAX_LISTENER_TEXT = 4_000;
export const MAX_CONDITIONS = 20;
/** Characters of an event that the log keeps. */
export const MAX_EXCERPT = 2_000;

const Words = z.string().trim().min(1).max(MAX_LISTENER_TEXT);
const Title = z.string().trim().min(1).max(MAX_LISTENER_TITLE);
const Address = z.string().trim().min(1).max(2_000);
/** How often it is looked at, minutes; each time a little later, so that not all ask at once. */
const Minutes = z.number().int().min(15).max(10_080);

/** Where events come from. The union grows: who reads it meets kinds it does not know with a name and no more. */
export const ListenerSource = z.discriminatedUnion("kind", [
  /** A service posts to an address of its own, and signs what it posts. */
  z.object({ kind: z.literal("hook"), scheme: HookScheme }),
  /** RSS, Atom or JSON Feed: each new item is an event. */
  z.object({ kind: z.literal("feed"), url: Address, minutes: Minutes.default(60) }),
  /** A page whose text changed. `contains`: only lines that hold this text count, without regard to case; null: all of it. */
  z.object({
    kind: z.literal("page"),
    url: Address,
    minutes: Minutes.default(60),
    contains: z.string().trim().min(1).max(300).nullable().default(null),
  }),
  /** Mail to the user's Margay address that is no message to their agent: from strangers, from programs, not proven. */
  z.object({ kind: z.literal("mail") }),
  /** A file of the user's below a folder is new or has new content, by anybody but the agent itself. */
  z.object({ kind: z.literal("file"), folder: z.string().trim().min(1).max(1_024).default("/") }),
]);
export type ListenerSource = z.infer<typeof ListenerSource>;

/** What is looked at now and then. */
export type PolledSource = Extract<ListenerSource, { url: string }>;
export const isPolled = (source: ListenerSource): source is PolledSource => source.kind === "feed" || source.kind === "page";

/** Which events count (a field that is misspelt is refused: without it every event would): the fields first, without a model, then, if one is asked, a question that a model answers with yes or no. */
export const ListenerWhen = z.strictObject({
  match: z.enum(["all", "any"]).default("all"),
  /** Empty: every event. */
  fields: z.array(Condition).max(MAX_CONDITIONS).default([]),
  /** Asked of the fast model about each event that the fields let through. null: none is asked. */
  question: z.string().trim().min(1).max(500).nullable().default(null),
});
export type ListenerWhen = z.infer<typeof ListenerWhen>;

/** What is done. `text`: told as it is, without a model; `prompt`: the agent answers it, with the events as content; `profile`: a task in the background; `playbook`: a plan made of it, in which `{{event}}` stands for the events. */
export const ListenerAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prompt"), prompt: Words, tier: Tier.nullable().default(null) }),
  z.object({ kind: z.literal("profile"), profile: z.string().trim().min(1).max(64), input: Words }),
  z.object({ kind: z.literal("text"), text: Words }),
  z.object({ kind: z.literal("playbook"), playbook: PlaybookName, variables: PlaybookRun.shape.variables }),
]);
export type ListenerAction = z.infer<typeof ListenerAction>;

export const ListenerStatus = z.enum(["active", "paused"]);
export type ListenerStatus = z.infer<typeof ListenerStatus>;

/**
 * What became of an event. `waiting`: it is collected with others, or waits for room; `fired`: acted on; `filtered`: the conditions do not hold; `undecided`: the model could not be asked; `throttled`: too many
 * in an hour; `paused`: the listener was; `duplicate`: it had come before; `failed`: it was due and could not be done.
 */
export const FiringOutcome = z.enum(["waiting", "fired", "filtered", "undecided", "throttled", "paused", "duplicate", "failed"]);
export type FiringOutcome = z.infer<typeof FiringOutcome>;

/** The secret of a hook as it is shown: never its value. */
const SecretState = z.object({
  /** Its last four characters; empty for a short one. */
  last_four: z.string(),
  set_at: z.number().int(),
  /** Until when the one before is still taken; null: there is none. */
  previous_until: z.number().int().nullable(),
});

/** How a feed or page is doing. */
const PollState = z.object({
  next_at: z.number().int(),
  /** null: not looked at yet. */
  last_at: z.number().int().nullable(),
  /** The last time it could be read. */
  last_ok_at: z.number().int().nullable(),
  /** In a row. At ten the listener is paused. */
  failures: z.number().int(),
  /** A sentence; null: it could be read. */
  error: z.string().nullable(),
});

export const ListenerView = z.object({
  id: z.string(),
  /** What a person calls it by: "pause listener 2". Never given to another. */
  number: z.number().int(),
  title: z.string(),
  source: ListenerSource,
  when: ListenerWhen,
  action: ListenerAction,
  status: ListenerStatus,
  /** Why it was paused by itself, as a sentence; null: it was not. */
  paused_because: z.string().nullable(),
  /** Events within so many seconds of the first are one occasion. */
  batch_seconds: z.number().int(),
  /** How often it acts in an hour at most; what comes beyond it is recorded and not acted on. */
  per_hour: z.number().int(),
  author: z.enum(["user", "agent"]),
  /** Made where content from outside was read: never the user's word. */
  tainted: z.boolean(),
  /** Where it is told. */
  channel: z.string(),
  /** The path that a service posts to, below the address of this Margay: `/hooks/…`; null: it is no hook. */
  hook_path: z.string().nullable(),
  /** null: it is no hook, or its secret is still to be entered. */
  secret: SecretState.nullable(),
  poll: PollState.nullable(),
  /** Events that came, each once. */
  events: z.number().int(),
  /** How often it acted. */
  firings: z.number().int(),
  last_event_at: z.number().int().nullable(),
  last_fired_at: z.number().int().nullable(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
});
export type ListenerView = z.infer<typeof ListenerView>;

const Batch = z.number().int().min(0).max(3_600);
const PerHour = z.number().int().min(1).max(1_000);
/** A secret that the service made. */
export const HookSecret = z.string().trim().min(8).max(500);

export const ListenerInput = z.strictObject({
  /** Absent: made from the source. */
  title: Title.optional(),
  source: ListenerSource,
  when: ListenerWhen.default({ match: "all", fields: [], question: null }),
  action: ListenerAction,
  batch_seconds: Batch.default(30),
  per_hour: PerHour.default(20),
  /** For a hook: the secret that the service made. Absent: Margay makes one, but for Stripe and Slack, which make their own. */
  secret: HookSecret.optional(),
});
export type ListenerInput = z.infer<typeof ListenerInput>;

export const ListenerPatch = z.strictObject({
  title: Title.optional(),
  /** The kind stays. */
  source: ListenerSource.optional(),
  when: ListenerWhen.optional(),
  action: ListenerAction.optional(),
  batch_seconds: Batch.optional(),
  per_hour: PerHour.optional(),
  status: ListenerStatus.optional(),
});
export type ListenerPatch = z.infer<typeof ListenerPatch>;

/** `secret`: the only time that it is shown; null: nothing was made. */
export const ListenerMade = z.object({ listener: ListenerView, secret: z.string().nullable() });
export type ListenerMade = z.infer<typeof ListenerMade>;

/** One event and what became of it. */
export const FiringView = z.object({
  id: z.number().int(),
  /** When it came. */
  at: z.number().int(),
  outcome: FiringOutcome,
  /** Why, for a person; null: nothing to say. */
  why: z.string().nullable(),
  /** One line: what it is. Somebody else wrote it. */
  title: z.string(),
  /** At most 2,000 characters of it. Somebody else wrote it. */
  excerpt: z.string(),
  /** What was acted on together has the same; null: nothing was done. */
  batch: z.string().nullable(),
});
export type FiringView = z.infer<typeof FiringView>;

export const FiringQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().optional(),
});
export type FiringQuery = z.infer<typeof FiringQuery>;

export const FiringPage = z.object({
  firings: z.array(FiringView),
  /** Where older ones begin; null: there are none. */
  next_before: z.number().int().nullable(),
});
export type FiringPage = z.infer<typeof FiringPage>;

export const TestInput = z.object({
  /** What the service would send. Absent: a sample of its scheme. */
  payload: z.json().optional(),
  headers: z.record(z.string().max(100), z.string().max(2_000)).default({}),
  /** false: it is really done. */
  dry_run: z.boolean().default(true),
});
export type TestInput = z.infer<typeof TestInput>;

export const TestResult = z.object({
  /** Each condition, and what it found. */
  conditions: z.array(
    z.object({
      condition: Condition,
      holds: z.boolean(),
      /** At most 200 characters; null: there is nothing at that path. */
      found: z.string().nullable(),
    }),
  ),
  /** Whether the fields let it through. */
  matches: z.boolean(),
  /** What the model said; null: it was not asked. */
  answer: z.enum(["yes", "no", "undecided"]).nullable(),
  would: z.enum(["fire", "filter", "undecided", "pause"]),
  /** A sentence: what would be done, or was. */
  sentence: z.string(),
  title: z.string(),
  /** As the agent would read it. */
  content: z.string(),
  /** Whether it was really done. */
  done: z.boolean(),
});
export type TestResult = z.infer<typeof TestResult>;
