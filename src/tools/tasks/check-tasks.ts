import { z } from "zod";
import type { TaskView } from "../../tasks/shapes.ts";
import type { Tool } from "../tool.ts";
import { TASKS_READ, type TaskStores } from "./task-port.ts";

const Input = z.object({ task: z.number().int().positive().optional().describe("its number; without it, all of them") });

const LISTED = 15;

/** How far tasks in the background are, and what one found. */
export const checkTasks: Tool<typeof Input, TaskStores> = {
  name: "check_tasks",
  version: 1,
  description: "How far tasks in the background are, or the whole result of one",
  input: Input,
  capabilities: () => [TASKS_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "safe",
  rare: true,
  describe: () => "Look at tasks in the background",
  async execute({ task }, { stores }) {
    const shown = task === undefined ? stores.tasks.recent(LISTED) : [stores.tasks.numbered(task)];
    const outside = shown.filter(({ tainted }) => tainted);
    return {
      output: task === undefined ? { tasks: shown.map(listed) } : whole(shown),
      summary: shown.length === 1 ? "Looked at 1 task" : `Looked at ${shown.length} tasks`,
      // What a task did last, and what it found, are the words of what it read.
      ...(outside.length === 0
        ? {}
        : {
            untrusted: outside
              .map(({ number }) => `task ${number}`)
              .join(", ")
              .slice(0, 200),
          }),
    };
  },
};

const listed = ({ number, title, profile, status, progress, error }: TaskView): Record<string, unknown> => ({
  task: number,
  title,
  profile,
  status,
  ...(progress === "" ? {} : { progress }),
  ...(error === null ? {} : { error: error.message }),
});

const whole = ([task]: readonly TaskView[]): Record<string, unknown> | null =>
  task === undefined ? null : { ...listed(task), input: task.input, steps: task.counts.steps, result: task.result };
