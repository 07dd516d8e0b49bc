import { z } from "zod";
import { ProfileName, TaskArtifact } from "../tasks/shapes.ts";

/** The shapes of plans and playbooks in the API; the page shares them. Instants are UTC milliseconds, money is millionths of a US dollar. */

export const MAX_PLAN_STEPS = 30;
/** The longest text of a step or a goal, characters. */
export const MAX_PLAN_TEXT = 8_000;
export const MAX_PLAYBOOKS = 100;

/** Any JSON, typed as not known: its own type is without end, which no call between Worker and object can carry. */
const Json: z.ZodType = z.json();

const Text = z.string().trim().min(1).max(MAX_PLAN_TEXT);

/** What a step is called by others: `{{find_flights}}` in a text stands for its result. */
export const StepName = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, "must be small letters, digits and underscores, such as `find_flights`");

/**
 * What a step does. `agent`: a task in the background, by an executor of a profile; `tool`: one call of a tool. In the texts of both, `{{name}}` stands for the result of the step of that name, or for the
 * variable of a playbook; a step waits for every step it names.
 */
export const StepWork = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("agent"), profile: ProfileName.default("research"), input: Text }),
  z.strictObject({ kind: z.literal("tool"), tool: z.string().min(1).max(100), input: z.record(z.string(), Json) }),
]);
export type StepWork = z.infer<typeof StepWork>;

export const StepDraft = z.strictObject({
  name: StepName,
  /** One line for a person. */
  title: z.string().trim().min(1).max(200),
  work: StepWork,
  /** Steps that must be done before, beside those that its texts name. */
  after: z.array(StepName).max(MAX_PLAN_STEPS).default([]),
});
export type StepDraft = z.infer<typeof StepDraft>;

/** A plan as it is written down. Names must differ, every name must be a step or a variable, and no step may wait for itself. */
export const PlanDraft = z.strictObject({
  /** What it is for, in the user's words. */
  goal: Text,
  steps: z.array(StepDraft).min(1).max(MAX_PLAN_STEPS),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

/** Before it runs a step is `proposed`, `approved` or `rejected`; `skipped`: a step that it needs was rejected or failed. */
export const StepStatus = z.enum([
  "proposed",
  "approved",
  "rejected",
  "running",
  "waiting_approval",
  "done",
  "failed",
  "skipped",
  "cancelled",
]);
export type StepStatus = z.infer<typeof StepStatus>;

/** `proposed`: it waits for the user's decision; `waiting_approval`: a call of a step waits for a person and nothing else runs; the last three are its end. */
export const PlanStatus = z.enum(["proposed", "running", "waiting_approval", "done", "failed", "cancelled"]);
export type PlanStatus = z.infer<typeof PlanStatus>;

export const PlanStepView = StepDraft.extend({
  /** Every step that must be done before: those in `after` and those that its texts name. */
  needs: z.array(StepName),
  status: StepStatus,
  /** Whether a call of it is expected to ask a person when it runs, whatever was approved before. */
  will_ask: z.boolean(),
  /** Who wrote it as it is now. */
  author: z.enum(["user", "agent"]),
  /** What it brought; Markdown or JSON. Empty before it is done. */
  result: z.string(),
  /** Whether its result rests on content that nobody vouches for. */
  tainted: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The task of an agent's step. */
  task_id: z.string().nullable(),
  task_number: z.number().int().nullable(),
  /** What waits for a person. */
  approval_id: z.string().nullable(),
  started_at: z.number().int().nullable(),
  ended_at: z.number().int().nullable(),
});
export type PlanStepView = z.infer<typeof PlanStepView>;

/** A plan: steps, which feeds which, and how far each is. */
export const ExecutionPlan = z.object({
  id: z.string(),
  /** What a person calls it by: `/plan run 3`. Never given to another. */
  number: z.number().int(),
  goal: z.string(),
  status: PlanStatus,
  /** What it is at this moment: another one when its goal or its steps, or what was decided about them, changed. */
  revision: z.string(),
  /** In an order in which they can run. */
  steps: z.array(PlanStepView),
  origin: z.enum(["user", "agent", "schedule", "event"]),
  /** Made where content from outside was read. */
  tainted: z.boolean(),
  /** The playbook that it was made from. */
  playbook: z.string().nullable(),
  cost_micro_usd: z.number().nullable(),
  artifacts: z.array(TaskArtifact),
  conversation_id: z.string().nullable(),
  created_at: z.number().int(),
  started_at: z.number().int().nullable(),
  ended_at: z.number().int().nullable(),
});
export type ExecutionPlan = z.infer<typeof ExecutionPlan>;

export const PlanQuery = z.object({
  status: z.enum(["all", "open", "ended"]).default("all").describe("`open`: proposed, running and waiting; `ended`: the others."),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  before: z.coerce.number().int().positive().optional().describe("Of `next_before`."),
});
export type PlanQuery = z.infer<typeof PlanQuery>;

export const PlanPage = z.object({
  /** Newest first. */
  plans: z.array(ExecutionPlan),
  next_before: z.number().int().nullable(),
});
export type PlanPage = z.infer<typeof PlanPage>;

/** One change of a step that has not begun. `decision`: `proposed` takes an answer back. An edit of what it does makes it the user's. */
export const StepPatch = z.strictObject({
  decision: z.enum(["approved", "rejected", "proposed"]).optional(),
  title: StepDraft.shape.title.optional(),
  work: StepWork.optional(),
  // Absent changes nothing: a default would.
  after: StepDraft.shape.after.removeDefault().optional(),
});
export type StepPatch = z.infer<typeof StepPatch>;

export const PlanRun = z.strictObject({
  approve_rest: z
    .boolean()
    .default(false)
    .describe("Whether steps that nobody decided about are approved; else the plan does not start while there are any."),
  revision: z
    .string()
    .max(64)
    .optional()
    .describe("The plan as it was looked at: it does not start when it is another by now. Absent: it starts as it is."),
});
export type PlanRun = z.infer<typeof PlanRun>;

export const PlaybookName = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, "must be small letters, digits and dashes, such as `research-brief`");

export const PlaybookVariable = z.strictObject({
  name: StepName,
  /** What to fill in, for a person. */
  description: z.string().trim().max(300).default(""),
  /** null: it has to be given. */
  default: z.string().max(2_000).nullable().default(null),
});
export type PlaybookVariable = z.infer<typeof PlaybookVariable>;

export const PlaybookInput = z.strictObject({
  name: PlaybookName,
  title: z.string().trim().min(1).max(120),
  description: z.string().trim().max(500).default(""),
  goal: Text,
  variables: z.array(PlaybookVariable).max(20).default([]),
  steps: PlanDraft.shape.steps,
});
export type PlaybookInput = z.infer<typeof PlaybookInput>;

export const PlaybookPatch = PlaybookInput.omit({ name: true })
  .extend({
    description: PlaybookInput.shape.description.removeDefault(),
    variables: PlaybookInput.shape.variables.removeDefault(),
  })
  .partial();
export type PlaybookPatch = z.infer<typeof PlaybookPatch>;

export const PlaybookView = PlaybookInput.extend({
  /** One of Margay's own cannot be changed, but copied. */
  built_in: z.boolean(),
  tainted: z.boolean(),
  runs: z.number().int(),
  last_run_at: z.number().int().nullable(),
  created_at: z.number().int().nullable(),
  updated_at: z.number().int().nullable(),
});
export type PlaybookView = z.infer<typeof PlaybookView>;

/** `{ plan_id, name, title?, variables? }`: a plan that was made before becomes a playbook; the texts given in `variables` are replaced by their names wherever they stand. */
export const PlaybookFromPlan = z.strictObject({
  plan_id: z.string().min(1).max(64),
  name: PlaybookName,
  title: z.string().trim().min(1).max(120).optional(),
  description: z.string().trim().max(500).default(""),
  variables: z
    .array(PlaybookVariable.extend({ text: z.string().trim().min(1).max(2_000) }))
    .max(20)
    .default([]),
});
export type PlaybookFromPlan = z.infer<typeof PlaybookFromPlan>;

export const PlaybookRun = z.strictObject({ variables: z.record(StepName, z.string().max(2_000)).default({}) });
export type PlaybookRun = z.infer<typeof PlaybookRun>;

/** What the route hands to the object. */
export interface ApiPlan {
  draft: PlanDraft;
  /** Of the request. */
  key: string;
  bodyHash: string;
}

export interface ApiPlanMade {
  plan: ExecutionPlan;
  /** Whether the key was known. */
  duplicate: boolean;
}

export const PlaybookList = z.object({
  /** Margay's own first. */
  playbooks: z.array(PlaybookView),
});
export type PlaybookList = z.infer<typeof PlaybookList>;
