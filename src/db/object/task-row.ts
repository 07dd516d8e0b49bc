import { z } from "zod";
import { ContentItem, ReplyTarget } from "../../channels/message.ts";
import { Tier } from "../../models/provider.ts";
import { TaskArtifact, TaskError, TaskLimits, TaskStatus } from "../../tasks/shapes.ts";

/** What its profile was when it began. A profile that is changed or deleted changes nothing about a task that runs. */
export const TaskPlan = z.object({ prompt: z.string(), tools: z.array(z.string()), capabilities: z.array(z.string()) });
export type TaskPlan = z.infer<typeof TaskPlan>;

/** What was found when its result was looked at, and at which step that result was given. */
export const TaskReview = z.object({ step: z.number().int(), notes: z.array(z.string()) });
export type TaskReview = z.infer<typeof TaskReview>;

export const Texts = z.array(z.string());
const flag = z.number().transform((value) => value === 1);
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

/** A task as it is stored. Instants are UTC milliseconds, money millionths of a US dollar. */
export const TaskRow = z
  .object({
    number: z.number(),
    id: z.string(),
    key: z.string(),
    body_hash: z.string().nullable(),
    parent_id: z.string().nullable(),
    conversation_id: z.string().nullable(),
    origin: z.enum(["user", "agent", "schedule", "event"]),
    profile: z.string(),
    tier: Tier,
    title: z.string(),
    input: z.string(),
    content: json(z.array(ContentItem)),
    word: flag,
    /** 1: from its beginning; 2: since it read something. */
    tainted: z.number(),
    suspicious: flag,
    words: json(Texts),
    known: json(Texts),
    given: json(Texts),
    plan: json(TaskPlan),
    limits: json(TaskLimits),
    status: TaskStatus,
    progress: z.string(),
    result: z.string(),
    error: json(TaskError).nullable(),
    steps: z.number(),
    tool_calls: z.number(),
    tokens: z.number(),
    micro_usd: z.number().nullable(),
    used_given: z.number(),
    reply_to: json(ReplyTarget),
    tell: flag,
    told: flag,
    artifacts: json(z.array(TaskArtifact)),
    expects: json(z.record(z.string(), z.unknown())).nullable(),
    review: json(TaskReview).nullable(),
    created_at: z.number(),
    started_at: z.number().nullable(),
    waiting_since: z.number().nullable(),
    waited_ms: z.number(),
    ended_at: z.number().nullable(),
    approved_runs: flag,
  })
  .transform(
    ({
      body_hash,
      parent_id,
      conversation_id,
      tool_calls,
      micro_usd,
      used_given,
      reply_to,
      created_at,
      started_at,
      waiting_since,
      waited_ms,
      ended_at,
      approved_runs,
      tainted,
      ...row
    }) => ({
      ...row,
      /** Whether what comes out of it may be the words of what nobody vouches for. */
      tainted: tainted !== 0,
      /** Whether it was begun where such a thing had been read. */
      begunTainted: tainted === 1,
      bodyHash: body_hash,
      parentId: parent_id,
      conversationId: conversation_id,
      toolCalls: tool_calls,
      /** null: the price of a model is not known. */
      microUsd: micro_usd,
      usedGiven: used_given,
      replyTo: reply_to,
      createdAt: created_at,
      startedAt: started_at,
      waitingSince: waiting_since,
      waitedMs: waited_ms,
      /** It waits for what a person said yes to, and for no answer. */
      approvedRuns: approved_runs,
      endedAt: ended_at,
    }),
  );
export type TaskRow = z.infer<typeof TaskRow>;

export type NewTaskRow = Omit<
  TaskRow,
  | "number"
  | "begunTainted"
  | "status"
  | "progress"
  | "result"
  | "error"
  | "steps"
  | "toolCalls"
  | "tokens"
  | "microUsd"
  | "usedGiven"
  | "told"
  | "artifacts"
  | "review"
  | "startedAt"
  | "waitingSince"
  | "waitedMs"
  | "approvedRuns"
  | "endedAt"
>;

export const CallState = z.enum(["executing", "waiting", "done", "failed", "denied", "unknown"]);

/** A tool call of a task, as the record of calls has it. */
export const TaskCallRow = z
  .object({
    id: z.string(),
    tool: z.string(),
    input: z.string(),
    state: CallState,
    summary: z.string().nullable(),
    approval_id: z.string().nullable(),
    started_at: z.number(),
    ended_at: z.number().nullable(),
    undone_at: z.number().nullable(),
  })
  .transform(({ id, approval_id, started_at, ended_at, undone_at, ...row }) => {
    const { step, index } = placeOf(id);
    return {
      ...row,
      callId: id.slice(id.lastIndexOf(":") + 1),
      step,
      index,
      approvalId: approval_id,
      startedAt: started_at,
      endedAt: ended_at,
      isUndone: undone_at !== null,
    };
  });
export type TaskCallRow = z.infer<typeof TaskCallRow>;

/** Of a call's id, `<task>:<step>.<index>`; what code calls has one number more. */
export function placeOf(id: string): { step: number; index: number } {
  const [step = "0", index = "0"] = id.slice(id.lastIndexOf(":") + 1).split(".");
  return { step: Number(step), index: Number(index) };
}

/** The key of a file that a call was given by a page: by it the task knows what it brought. */
export const savedKey = (callId: string, path: string): string => `${callId}:saved:${path}`;
