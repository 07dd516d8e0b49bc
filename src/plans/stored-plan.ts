import { z } from "zod";
import { ReplyTarget } from "../channels/message.ts";
import { PlanStatus, StepStatus } from "./shapes.ts";

/** What a step does, as it is stored: texts of any length, since forgetting may have taken words out. */
export const StoredWork = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("agent"), profile: z.string(), input: z.string() }),
  z.object({ kind: z.literal("tool"), tool: z.string(), input: z.record(z.string(), z.unknown()) }),
]);
export type StoredWork = z.infer<typeof StoredWork>;

/** A text that a plan was begun with and that nobody vouches for, such as the event that set it off. */
export const PlanData = z.object({ origin: z.string(), text: z.string(), tainted: z.boolean() });
export type PlanData = z.infer<typeof PlanData>;

export const StepError = z.object({ code: z.string(), message: z.string() });
export type StepError = z.infer<typeof StepError>;

/** A plan as the user's object keeps it. Instants are UTC milliseconds. */
export const StoredPlan = z.object({
  number: z.number(),
  id: z.string(),
  key: z.string(),
  /** Of the request that made it; null: no program did. */
  bodyHash: z.string().nullable(),
  goal: z.string(),
  status: PlanStatus,
  origin: z.enum(["user", "agent", "schedule", "event"]),
  tainted: z.boolean(),
  playbook: z.string().nullable(),
  /** By the name that stands for it in the steps' texts. */
  data: z.record(z.string(), PlanData),
  replyTo: ReplyTarget,
  /** The turn that the user began; null: none. */
  taskId: z.string().nullable(),
  conversationId: z.string().nullable(),
  /** How often it was started. */
  runs: z.number(),
  /** Addresses that only pages gave and that its calls went to. */
  usedGiven: z.number(),
  /** Whether its end was told. */
  told: z.boolean(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

/** One step. Its `attempt` grows when the plan is tried again; each attempt has its effect once. */
export const StoredStep = z.object({
  planId: z.string(),
  position: z.number(),
  name: z.string(),
  title: z.string(),
  work: StoredWork,
  after: z.array(z.string()),
  author: z.enum(["user", "agent"]),
  status: StepStatus,
  attempt: z.number(),
  result: z.string(),
  tainted: z.boolean(),
  error: StepError.nullable(),
  taskId: z.string().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type StoredStep = z.infer<typeof StoredStep>;
