import { plain } from "../plain.ts";
import type { ExecutionPlan, PlanStepView, PlaybookView } from "./shapes.ts";

/** Text shown as it is, wherever it stands in Markdown. */
const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);

const STATUS: Readonly<Record<ExecutionPlan["status"], string>> = {
  proposed: "waits for your decision",
  running: "runs",
  waiting_approval: "waits for your yes or no, see /approvals",
  done: "is done",
  failed: "ended without finishing",
  cancelled: "was cancelled",
};

const STEP: Readonly<Record<PlanStepView["status"], string>> = {
  proposed: "",
  approved: "approved",
  rejected: "rejected",
  running: "runs",
  waiting_approval: "waits for your yes",
  done: "done",
  failed: "failed",
  skipped: "skipped",
  cancelled: "stopped",
};

/** One line: `**Plan 3** “A trip to Oslo”: runs, 2 of 5 steps done.` */
export function planLine({ number, goal, status, steps }: ExecutionPlan): string {
  const done = steps.filter((step) => step.status === "done").length;
  const counted =
    status === "proposed" ? (steps.length === 1 ? "1 step" : `${steps.length} steps`) : `${done} of ${steps.length} steps done`;
  return `**Plan ${number}** “${plain(short(goal, 80))}”: ${STATUS[status]}, ${counted}.`;
}

/** A plan as Markdown, for who has no page before them: its steps, what each waits for, and what to say next. */
export function planText(plan: ExecutionPlan): string {
  const { number, status } = plan;
  const lines = plan.steps.map((step, index) => stepLine(step, index + 1));
  const next =
    status === "proposed"
      ? `\`/plan run ${number}\` approves and runs it, \`/plan reject ${number} ${plan.steps[0]?.name ?? "step"}\` leaves a step out, \`/plan cancel ${number}\` drops it.`
      : status === "running" || status === "waiting_approval"
        ? `\`/plan cancel ${number}\` stops it.`
        : status === "done"
          ? ""
          : `\`/plan retry ${number}\` tries again what did not finish.`;
  return [planLine(plan), lines.join("\n"), next].filter((part) => part !== "").join("\n\n");
}

/** Empty: there is none. */
export const textOf = (plan: ExecutionPlan | null): string => (plan === null ? "" : planText(plan));

function stepLine(step: PlanStepView, index: number): string {
  const { name, title, work, needs, status, will_ask, error } = step;
  const notes = [
    work.kind === "agent" ? work.profile : work.tool,
    ...(needs.length === 0 ? [] : [`after ${needs.join(", ")}`]),
    ...(will_ask ? ["asks you first"] : []),
    ...(STEP[status] === "" ? [] : [STEP[status]]),
  ].map(plain);
  return `${index}. ${plain(title)} (\`${name}\`): ${notes.join(" · ")}${error === null ? "" : `. ${plain(short(error.message, 200))}`}`;
}

/** Playbooks as Markdown, each with how it is run. */
export function playbooksText(playbooks: readonly PlaybookView[]): string {
  if (playbooks.length === 0) return "There are no playbooks.";
  return playbooks
    .map(({ name, title, description, variables }) => {
      const asked = variables.filter((variable) => variable.default === null).map((variable) => ` ${variable.name}="…"`);
      const more = variables.filter((variable) => variable.default !== null).map((variable) => variable.name);
      return `- **${plain(title)}**: ${plain(description)} \`/playbook run ${name}${asked.join("")}\`${more.length === 0 ? "" : ` (also ${more.join(", ")})`}`;
    })
    .join("\n");
}
