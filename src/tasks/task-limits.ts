import type { TaskRow } from "../db/object/task-row.ts";
import type { TaskError, TaskLimits } from "./shapes.ts";

/** What a task has used so far. */
export interface TaskUse {
  /** Steps that are done. */
  steps: number;
  tokens: number;
  /** Where a price is not known, an estimate on the high side. */
  microUsd: number;
  /** Of work, without the time in which it waited for a person. */
  activeMs: number;
}

/** Why no further step may begin; null: one may. */
export function overLimit({ steps, tokens, micro_usd, minutes }: TaskLimits, use: TaskUse): TaskError | null {
  if (use.steps >= steps) return { code: "too_many_steps", message: `It used all of its ${steps} steps.` };
  if (use.tokens >= tokens) return { code: "budget_exceeded", message: `It used all of its ${tokens.toLocaleString("en")} tokens.` };
  if (use.microUsd >= micro_usd)
    return { code: "budget_exceeded", message: `It used all of its budget of $${(micro_usd / 1e6).toFixed(2)}.` };
  if (use.activeMs >= minutes * 60_000)
    return { code: "timeout", message: `Its time is over: it may work for ${minutes === 1 ? "1 minute" : `${minutes} minutes`}.` };
  return null;
}

/** Milliseconds of work until now: the time in which it waited for a person does not count. */
export const activeMs = ({ startedAt, waitedMs }: Pick<TaskRow, "startedAt" | "waitedMs">, now: number): number =>
  startedAt === null ? 0 : now - startedAt - waitedMs;
