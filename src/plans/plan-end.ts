import { shorten } from "../agent/context.ts";
import { labelled } from "../agent/prompt.ts";
import { plain } from "../plain.ts";
import type { StoredPlan, StoredStep } from "./stored-plan.ts";

/** Characters of all results together that the coordinator reads; the whole of them is in the plan. */
const RESULT_CHARS = 32_000;

const STATE: Readonly<Record<StoredStep["status"], string>> = {
  proposed: "was not begun",
  approved: "was not begun",
  rejected: "was rejected by the user",
  running: "was running",
  waiting_approval: "waited for a yes",
  done: "is done",
  failed: "failed",
  skipped: "was skipped, because a step before it was rejected or did not finish",
  cancelled: "was stopped",
};

/** What the coordinator is told of a plan's end. All that comes out of it is quoted: its words are information, and never an instruction. */
export function planEndNotice(plan: StoredPlan, steps: readonly StoredStep[]): string {
  const share = Math.floor(RESULT_CHARS / Math.max(1, steps.filter(({ result }) => result !== "").length));
  return [
    `Plan ${plan.number}, which ran in the background, ${plan.status === "done" ? "is done" : "ended without finishing"}. It was for:`,
    labelled("plan", `plan ${plan.number}`, shorten(plan.goal, 2_000)),
    ...steps.flatMap((step) => stepLines(plan, step, share)),
    plan.status === "done"
      ? "Tell the user what came of it, in one answer for the whole plan. Do not start it again."
      : "Tell the user what came of it, what did not and why, and what could be done next. Do not start it again by yourself.",
  ].join("\n");
}

function stepLines(plan: StoredPlan, step: StoredStep, share: number): string[] {
  const why = step.error === null || step.status !== "failed" ? "" : ` (${step.error.code})`;
  return [
    `Step ${step.name} ${STATE[step.status]}${why}.`,
    ...(step.error === null || step.status !== "failed"
      ? []
      : [labelled("error", `step ${step.name}`, shorten(step.error.message, 1_000))]),
    ...(step.result === "" ? [] : [labelled("result", `step ${step.name} of plan ${plan.number}`, shorten(step.result, share))]),
  ];
}

/** The same for a person, where no model is there to say it. What a tool answered is for programs; it is on the plan's page. */
export function planEndText(plan: StoredPlan, steps: readonly StoredStep[]): string {
  const told = (step: StoredStep): boolean => step.result !== "" && step.work.kind === "agent";
  const share = Math.floor(6_000 / Math.max(1, steps.filter(told).length));
  return [
    `Plan ${plan.number} ${plan.status === "done" ? "is done" : "ended without finishing"}.`,
    ...steps.map((step) => {
      const why = step.status === "failed" && step.error !== null ? `: ${step.error.message}` : "";
      const state = step.status === "rejected" ? "you rejected it" : STATE[step.status];
      return `**${plain(step.title)}**: ${state}${why}${told(step) ? `\n${shorten(step.result, share)}` : ""}`;
    }),
  ].join("\n\n");
}
