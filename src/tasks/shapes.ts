import { z } from "zod";
import { MAX_TEXT } from "../channels/message.ts";
import { Tier } from "../models/provider.ts";

/** The shapes of tasks and profiles in the API; the page shares them. Instants are UTC milliseconds, money is millionths of a US dollar. */

/** The longest text that a task is begun with, characters. */
export const MAX_TASK_INPUT = 20_000;

/** `waiting_approval`: a call of it waits for a person, and it goes on by itself when that is settled. The last three are its end. */
export const TaskStatus = z.enum(["queued", "running", "waiting_approval", "done", "failed", "cancelled"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** What one task may use at most. Each is looked at before every step. */
export const TaskLimits = z.object({
  /** Model calls. */
  steps: z.number().int().min(1).max(100),
  /** Input and output tokens together. */
  tokens: z.number().int().min(1_000).max(5_000_000),
  micro_usd: z.number().int().min(1_000).max(50_000_000),
  /** Of work; the time in which it waits for an approval does not count. */
  minutes: z.number().int().min(1).max(240),
});
export type TaskLimits = z.infer<typeof TaskLimits>;

/** Why a task ended without finishing: `budget_exceeded`, `too_many_steps`, `timeout`, `loop`, `model_unavailable` and others. */
export const TaskError = z.object({ code: z.string(), message: z.string() });
export type TaskError = z.infer<typeof TaskError>;

/** A file of the user's that a task wrote, as it was at the task's end. */
export const TaskArtifact = z.object({ path: z.string(), name: z.string(), mime: z.string(), size: z.number().int() });
export type TaskArtifact = z.infer<typeof TaskArtifact>;

export const TaskView = z.object({
  id: z.string(),
  /** What a person calls it by: `/cancel 3`. Never given to another. */
  number: z.number().int(),
  title: z.string(),
  /** What it was told to do. */
  input: z.string(),
  profile: z.string(),
  tier: Tier,
  status: TaskStatus,
  /** Who began it. */
  origin: z.enum(["user", "agent", "schedule", "event"]),
  /** One line: what it did last. */
  progress: z.string(),
  /** Markdown; of one that failed or was cancelled, what it had found until then. Empty while it runs. */
  result: z.string(),
  error: TaskError.nullable(),
  /** What was found when its result was looked at and stayed so, a sentence each: `[3] was not read.` Absent: nothing. */
  notes: z.array(z.string()).optional(),
  /** Of one that was begun with `expects`: what it answered, where that fits. */
  answer: z.unknown().optional(),
  /** Whether it read, or was begun with, content that nobody vouches for. */
  tainted: z.boolean(),
  counts: z.object({
    steps: z.number().int(),
    tool_calls: z.number().int(),
    tokens: z.number().int(),
    /** null: the price of a model is not known. */
    cost_micro_usd: z.number().nullable(),
  }),
  limits: TaskLimits,
  /** Files that it wrote, by path. */
  artifacts: z.array(TaskArtifact),
  conversation_id: z.string().nullable(),
  /** The turn or task that began it. */
  parent_id: z.string().nullable(),
  created_at: z.number().int(),
  started_at: z.number().int().nullable(),
  ended_at: z.number().int().nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

/** One tool call of a task's step. */
export const TaskCallView = z.object({
  call_id: z.string(),
  tool: z.string(),
  input: z.unknown(),
  status: z.enum(["running", "waiting", "done", "failed", "denied", "unknown"]),
  /** One line for a person. */
  summary: z.string(),
  approval_id: z.string().nullable(),
  started_at: z.number().int(),
  ended_at: z.number().int().nullable(),
  /** What it changed was taken back since; absent: it was not. */
  undone: z.literal(true).optional(),
});
export type TaskCallView = z.infer<typeof TaskCallView>;

/** One model call of a task with the tool calls that it asked for. Kept for 90 days. */
export const TaskStepView = z.object({ step: z.number().int(), text: z.string(), at: z.number().int(), calls: z.array(TaskCallView) });
export type TaskStepView = z.infer<typeof TaskStepView>;

export const TaskDetail = TaskView.extend({ steps: z.array(TaskStepView) });
export type TaskDetail = z.infer<typeof TaskDetail>;

export const TaskQuery = z.object({
  status: z
    .enum(["all", "open", "ended", ...TaskStatus.options])
    .default("all")
    .describe("`open`: queued, running and waiting; `ended`: the others."),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  before: z.coerce.number().int().positive().optional().describe("Of `next_before`."),
});
export type TaskQuery = z.infer<typeof TaskQuery>;

export const TaskPage = z.object({
  /** Newest first. */
  tasks: z.array(TaskView),
  /** Pass as `before` for the next page; null: this is the last. */
  next_before: z.number().int().nullable(),
});
export type TaskPage = z.infer<typeof TaskPage>;

/** Longest that a request waits for the end of a task, milliseconds. */
export const MAX_TASK_WAIT_MS = 100_000;

export const ProfileName = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, "must be a name of small letters, digits and dashes, such as `travel`");

export const TaskInput = z.object({
  input: z.string().trim().min(1).max(MAX_TASK_INPUT).describe("What to do: your word."),
  profile: ProfileName.default("research"),
  tier: Tier.optional().describe("Absent: the profile's."),
  context: z.string().max(MAX_TEXT).optional().describe("What came along and is not your word: shown to the agent as data."),
  title: z.string().trim().min(1).max(120).optional(),
  expects: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("JSON Schema that its answer is to fit, 8,000 characters at most; the answer is then in `answer`."),
  tell: z.boolean().default(false).describe("Whether the conversation is told of its end too."),
  wait_ms: z
    .number()
    .int()
    .min(0)
    .max(MAX_TASK_WAIT_MS)
    .default(MAX_TASK_WAIT_MS)
    .describe("Milliseconds to wait for its end before the answer is 202."),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** What the route hands to the object. */
export interface ApiTask {
  input: TaskInput;
  /** Of the request. */
  key: string;
  bodyHash: string;
}

export interface ApiTaskBegun {
  task: TaskView;
  /** Whether the key was known. */
  duplicate: boolean;
}

const Lines = z.string().trim();

export const ProfileView = z.object({
  name: z.string(),
  /** One line. */
  purpose: z.string(),
  /** What an executor of it is told about how to work. */
  prompt: z.string(),
  tier: Tier,
  /** Names of tools. */
  tools: z.array(z.string()),
  /** What its tools may use, such as `net.fetch:*.example.com`: at most what you have granted. */
  capabilities: z.array(z.string()),
  limits: TaskLimits,
  /** One of Margay's own cannot be changed. */
  built_in: z.boolean(),
  created_at: z.number().int().nullable(),
  updated_at: z.number().int().nullable(),
});
export type ProfileView = z.infer<typeof ProfileView>;

export const ProfileInput = z.object({
  name: ProfileName,
  purpose: Lines.min(1).max(200),
  prompt: Lines.min(1).max(8_000),
  tier: Tier.default("smart"),
  tools: z.array(z.string().min(1).max(100)).max(60),
  capabilities: z
    .array(z.string().trim().min(1).max(300))
    .max(60)
    .optional()
    .describe(
      "Absent: all that the agent is granted. One that signs in with stored secrets needs `secrets.use`, or `secrets.use:<name>` for one of them",
    ),
  limits: TaskLimits.partial().default({}),
});
export type ProfileInput = z.infer<typeof ProfileInput>;

// What is left out stays: a default would be set instead.
export const ProfilePatch = ProfileInput.omit({ name: true })
  .partial()
  .extend({ tier: Tier.optional(), limits: TaskLimits.partial().optional() });
export type ProfilePatch = z.infer<typeof ProfilePatch>;

/** What may be chosen from for a profile. */
export const ProfileChoices = z.object({
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  capabilities: z.array(z.string()),
});
export type ProfileChoices = z.infer<typeof ProfileChoices>;

export const ProfileList = z.object({ profiles: z.array(ProfileView), choices: ProfileChoices });
export type ProfileList = z.infer<typeof ProfileList>;
