import { z } from "zod";
import type { Tool } from "../tool.ts";
import { TASKS_WRITE, type TaskStores } from "./task-port.ts";

const Input = z.object({ task: z.number().int().positive().describe("its number") });

const Receipt = z.object({ id: z.string() });

/** Stops a task in the background. What it found until then stays. */
export const cancelTask: Tool<typeof Input, TaskStores> = {
  name: "cancel_task",
  version: 1,
  description: "Stop a task in the background",
  input: Input,
  capabilities: () => [TASKS_WRITE],
  effect: () => "write",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "keyed",
  rare: true,
  describe: ({ task }) => `Stop task ${task}`,
  async execute({ task }, { stores }) {
    const known = stores.tasks.numbered(task);
    // Run again after a crash it finds its own doing.
    if (known.status !== "cancelled") stores.tasks.cancel(known.id);
    return { output: { stopped: `task ${task}` }, summary: `Stopped task ${task}`, receipt: { id: known.id } };
  },
  async undo(receipt, { stores }) {
    const { number } = stores.tasks.again(Receipt.parse(receipt).id);
    return { output: { started: `task ${number}` }, summary: `Started it anew, as task ${number}` };
  },
};
