import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { MAX_TASK_INPUT } from "../../tasks/shapes.ts";
import type { Tool } from "../tool.ts";
import { TASKS_WRITE, type TaskStores } from "./task-port.ts";

/** Limits are told when they are passed: in every prompt they would cost more than they are worth. */
const text = (most: number) =>
  z.string().refine((value) => value.trim() !== "" && value.length <= most, `must have 1 to ${most} characters`);

const Input = z.object({
  task: text(MAX_TASK_INPUT),
  profile: text(40).optional().describe("research, files, code, browser or the user's own"),
  title: text(120).optional(),
});
const Receipt = z.object({ id: z.string() });

/** Gives work to an executor. */
export const delegate: Tool<typeof Input, TaskStores> = {
  name: "delegate",
  version: 1,
  description: "Do long work in the background while the user keeps talking",
  input: Input,
  capabilities: () => [TASKS_WRITE],
  effect: () => "write",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 600_000 },
  timeoutMs: 10_000,
  replay: "keyed",
  describe: ({ profile }) => `Start a task in the background (${profile ?? "research"})`,
  async execute({ task, profile, title }, { stores, idempotencyKey, tainted, conversationId = null }) {
    const { id, number } = stores.tasks.delegate({
      key: idempotencyKey,
      task,
      profile: profile ?? null,
      title: title ?? null,
      tainted,
      conversationId,
    });
    return {
      output: {
        started: `task ${number}`,
        note: "Its result comes by itself. Say that it is started and end your answer; do not wait for it.",
      },
      summary: `Started task ${number}`,
      receipt: { id },
    };
  },
  async undo(receipt, { stores }) {
    try {
      const { number } = stores.tasks.cancel(Receipt.parse(receipt).id);
      return { output: { stopped: `task ${number}` }, summary: `Stopped task ${number}` };
    } catch (error) {
      // What it found is there, and changes nothing.
      if (!(error instanceof MargayError)) throw error;
      return { output: { note: error.message }, summary: error.message };
    }
  },
};
