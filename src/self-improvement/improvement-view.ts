import type { ImprovementRow } from "../db/object/improvements.ts";
import type { ApprovalState } from "../permission/approval.ts";
import type { TaskStatus } from "../tasks/shapes.ts";
import type { ImprovementOutcome, ImprovementView } from "./shapes.ts";

/** Tools that put a draft in place. */
const SAVING = new Set(["save_skill", "reword_skill"]);

/** A row as it is shown. `approvals`: those of its task, in order; `applied`: whether a call of it put a draft in place without one. */
export function improvementView(
  { id, finding, at }: ImprovementRow,
  task: { id: string; number: number; status: TaskStatus } | null,
  approvals: readonly { tool: string; state: ApprovalState }[],
  applied: boolean,
): ImprovementView {
  const { kind, title, skill, count, days } = finding;
  return { id, at, kind, title, skill, count, days, task, outcome: applied ? "applied" : outcomeOf(task?.status ?? null, approvals) };
}

function outcomeOf(status: TaskStatus | null, approvals: readonly { tool: string; state: ApprovalState }[]): ImprovementOutcome {
  const saving = approvals.filter(({ tool }) => SAVING.has(tool));
  if (saving.some(({ state }) => state === "done")) return "applied";
  if (saving.some(({ state }) => state === "pending" || state === "approved" || state === "executing")) return "asked";
  if (status === "queued" || status === "running" || status === "waiting_approval") return "working";
  if (saving.some(({ state }) => state === "denied" || state === "expired")) return "declined";
  return status === "failed" || status === "cancelled" ? "failed" : "nothing";
}
