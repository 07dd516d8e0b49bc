import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { z } from "zod";
import type { ModelStep } from "../agent/model-step.ts";
import type { ToolOutcome } from "../tools/compiled-tool.ts";
import { TaskError } from "./shapes.ts";

/**
 * What an executor and its user's object say to each other. It crosses as JSON text and is parsed where it comes in: types do not cross, and neither side is asked to trust the other's.
 */

const Prompt = z.custom<LanguageModelV4Prompt>(
  (value) =>
    z.array(z.looseObject({ role: z.enum(["system", "user", "assistant", "tool"]), content: z.unknown() })).safeParse(value).success,
);

/** What an executor knows: its task and how to work. Nothing in it is a key, a grant or an address. */
export const Assignment = z.object({
  userId: z.string(),
  taskId: z.string(),
  prompt: Prompt,
  /** Descriptions of the tools that its profile offers; calling one means asking the user's object. */
  tools: z.array(
    z.object({ name: z.string(), description: z.string(), inputSchema: z.record(z.string(), z.unknown()), rare: z.boolean() }),
  ),
  maxSteps: z.number().int(),
  /** Whether its result is looked at before it ends. */
  checked: z.boolean().default(false),
});
export type Assignment = z.infer<typeof Assignment>;

/** What an executor asks for. */
export const ExecutorCall = z.discriminatedUnion("kind", [
  /** One call of a model. */
  z.object({
    kind: z.literal("ask"),
    taskId: z.string(),
    step: z.number().int().min(0).max(1_000),
    attempt: z.number().int().min(0),
    prompt: Prompt,
  }),
  /** One call of a tool. `settled`: it was asked before and a person was to be asked; now what became of it is asked. */
  z.object({
    kind: z.literal("call"),
    taskId: z.string(),
    callId: z.string().regex(/^\d{1,4}\.\d{1,4}$/),
    tool: z.string().max(200),
    input: z.unknown(),
    settled: z.boolean(),
  }),
  /** It would end with what it said at this step: is that as it should be? `again`: it was corrected once, and is not any more. */
  z.object({ kind: z.literal("review"), taskId: z.string(), step: z.number().int().min(0).max(1_000), again: z.boolean() }),
  /** It is finished. */
  z.object({ kind: z.literal("end"), taskId: z.string(), status: z.enum(["done", "failed"]), error: TaskError.nullable() }),
]);
export type ExecutorCall = z.infer<typeof ExecutorCall>;

const Step = z.custom<ModelStep>(
  (value) =>
    z
      .object({
        text: z.string(),
        calls: z.array(z.object({ callId: z.string(), tool: z.string(), input: z.unknown() })),
        content: z.array(z.looseObject({ type: z.string() })),
        finish: z.string(),
      })
      .safeParse(value).success,
);
export const AskedReply = z.union([
  z.object({ step: Step }),
  z.object({
    failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean(), retryAfterMs: z.number().nullable() }),
  }),
]);

const Outcome: z.ZodType<ToolOutcome> = z.object({
  status: z.enum(["done", "failed", "denied", "waiting"]),
  output: z.unknown(),
  summary: z.string(),
  untrusted: z.string().nullable(),
  links: z.array(z.string()),
  suspicious: z.boolean(),
  usedGiven: z.union([z.boolean(), z.number().int().min(0)]),
  approvalId: z.string().nullable(),
});

/** What it is answered. `gone`: the task does not run, or not any more; there is nothing left to do. */
export const ExecutorReply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("gone") }),
  z.object({ kind: z.literal("asked"), asked: AskedReply }),
  z.object({ kind: z.literal("outcome"), outcome: Outcome }),
  z.object({ kind: z.literal("reviewed"), correct: z.string().nullable() }),
  z.object({ kind: z.literal("ended") }),
]);
export type ExecutorReply = z.infer<typeof ExecutorReply>;
