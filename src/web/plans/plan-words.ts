import type { ExecutionPlan, PlanStepView } from "../api/plans.ts";
import { counted } from "../lib/format.ts";
import { type Help, helpFor, type Tone } from "../tasks/task-words.ts";

export interface State {
  name: string;
  tone: Tone;
}

/** How a plan stands, in a word or two. */
export const PLAN_STATES: Readonly<Record<ExecutionPlan["status"], State>> = {
  proposed: { name: "waits for your decision", tone: "ask" },
  running: { name: "running", tone: "busy" },
  waiting_approval: { name: "waits for you", tone: "ask" },
  done: { name: "done", tone: "good" },
  failed: { name: "failed", tone: "bad" },
  cancelled: { name: "cancelled", tone: "quiet" },
};

const STEP_STATES: Readonly<Record<PlanStepView["status"], State>> = {
  proposed: { name: "to decide", tone: "ask" },
  approved: { name: "approved", tone: "good" },
  rejected: { name: "rejected", tone: "quiet" },
  running: { name: "running", tone: "busy" },
  waiting_approval: { name: "waits for you", tone: "ask" },
  done: { name: "done", tone: "good" },
  failed: { name: "failed", tone: "bad" },
  skipped: { name: "skipped", tone: "quiet" },
  cancelled: { name: "cancelled", tone: "quiet" },
};

/** How a step stands in its plan: once that runs, what was approved waits for its turn. */
export const stepState = (plan: Pick<ExecutionPlan, "status">, { status }: Pick<PlanStepView, "status">): State =>
  status === "approved" && plan.status !== "proposed" ? { name: "not begun", tone: "quiet" } : STEP_STATES[status];

/** The longest title of a plan, characters. */
const TITLE = 160;

/** What a plan is called: the first line of its goal. */
export function planTitle({ goal }: Pick<ExecutionPlan, "goal">): string {
  const [line = ""] = goal.trim().split("\n");
  return line.length > TITLE ? `${line.slice(0, TITLE - 1).trimEnd()}…` : line;
}

const count = (steps: readonly PlanStepView[], status: PlanStepView["status"]): number =>
  steps.filter((step) => step.status === status).length;

/** `2 of 5 steps done`; of a plan that was not begun, how many there are. */
export function doneWords({ status, steps }: Pick<ExecutionPlan, "status" | "steps">): string {
  if (status === "proposed") return counted(steps.length, "step");
  return `${count(steps, "done")} of ${counted(steps.length, "step")} done`;
}

/** The part of the steps that is over, 0 to 1. */
export const doneShare = ({ steps }: Pick<ExecutionPlan, "steps">): number =>
  steps.filter(({ status }) => status === "done" || status === "failed" || status === "skipped" || status === "rejected").length /
  Math.max(1, steps.length);

const ORIGINS: Readonly<Record<ExecutionPlan["origin"], string>> = {
  user: "made by you",
  agent: "made by Margay",
  schedule: "begun by a schedule",
  event: "begun by an event",
};

export const originWords = ({ origin }: Pick<ExecutionPlan, "origin">): string => ORIGINS[origin];

/** `A`, `A and B`, `A, B and C`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

type Named = Pick<PlanStepView, "name" | "title">;

const titleOf = (steps: readonly Named[], name: string): string => steps.find((step) => step.name === name)?.title ?? name;

/** Which steps one waits for: `after Find flights and Find a hotel`; null: for none. */
export const afterWords = (steps: readonly Named[], { needs }: Pick<PlanStepView, "needs">): string | null =>
  needs.length === 0 ? null : `after ${listed(needs.map((name) => titleOf(steps, name)))}`;

/** What is not run although nobody rejected it, by the name of the step: the titles of what it needs and will not have. */
export function willSkip(steps: readonly PlanStepView[]): ReadonlyMap<string, string> {
  const gone = new Set(steps.filter(({ status }) => status === "rejected").map(({ name }) => name));
  const skipped = new Map<string, string>();
  // They stand in an order in which they can run, so one pass reaches every one.
  for (const { name, needs } of steps) {
    const missing = needs.filter((need) => gone.has(need));
    if (missing.length === 0 || gone.has(name)) continue;
    gone.add(name);
    skipped.set(name, listed(missing.map((need) => titleOf(steps, need))));
  }
  return skipped;
}

/** Steps whose results are what a plan was for: tasks that no other task builds on; of a plan without tasks, the calls that nothing else needs. */
export function mainSteps(steps: readonly PlanStepView[]): ReadonlySet<string> {
  const tasks = steps.filter(({ work }) => work.kind === "agent");
  const from = tasks.length === 0 ? steps : tasks;
  const used = new Set(from.flatMap(({ needs }) => needs));
  return new Set(from.filter(({ name }) => !used.has(name)).map(({ name }) => name));
}

export interface Running {
  label: string;
  /** Whether what nobody decided about is approved with it. */
  approveRest: boolean;
}

/** What the button that begins a plan says and does; null: there is nothing to run. */
export function runChoice({ steps }: Pick<ExecutionPlan, "steps">): Running | null {
  const undecided = count(steps, "proposed");
  if (undecided === steps.length) return { label: "Approve all and run", approveRest: true };
  if (undecided > 0) return { label: "Approve the rest and run", approveRest: true };
  const approved = count(steps, "approved");
  if (approved === 0) return null;
  return { label: approved === steps.length ? "Run" : "Run approved", approveRest: false };
}

/** Steps that are rejected when only what is approved is to run; null: that is no choice of its own. */
export function leftOut({ steps }: Pick<ExecutionPlan, "steps">): string[] | null {
  const undecided = steps.filter(({ status }) => status === "proposed").map(({ name }) => name);
  return undecided.length > 0 && count(steps, "approved") > 0 ? undecided : null;
}

export type Part = { text: string } | { reference: string };

/** A text of a step with what it refers to: `{{find_flights}}` as the title of that step, or as the variable itself. */
export function textParts(text: string, steps: readonly Named[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/gu)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    const name = match[1] ?? "";
    const step = steps.find((item) => item.name === name);
    parts.push({ reference: step ? `result of “${step.title}”` : name.replaceAll("_", " ") });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** What can be done about an error of a step; null: nothing but trying again. */
export function stepHelp(code: string): Help | null {
  if (code === "denied" || code === "not_allowed" || code === "forbidden")
    return { text: "What Margay may do is kept under Permissions.", href: "/settings/permissions", link: "See permissions" };
  // What it did again and again is said by a task, which is linked already.
  return code === "loop" ? null : helpFor(code);
}

/** A result that is JSON, written so that a person can read it; null: it is Markdown. */
export function jsonOf(result: string): string | null {
  const text = result.trim();
  if (!/^[[{]/u.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
