import { namesOf, needsOf } from "./order.ts";
import type { StoredStep } from "./stored-plan.ts";

/** What comes next in a plan that was started. */
export interface Progress {
  /** Steps that can begin now. */
  start: StoredStep[];
  /** Steps that can never begin: something that they need was rejected or did not finish. */
  skip: StoredStep[];
  /** `null`: it goes on; the others are its end. */
  end: "done" | "failed" | null;
  /** Whether nothing is at work and a person is waited for. */
  waits: boolean;
}

const LOST: ReadonlySet<string> = new Set(["rejected", "failed", "skipped", "cancelled"]);
const OVER: ReadonlySet<string> = new Set(["done", ...LOST]);

/** Looks at the steps of a plan that was started. Pure: the same steps give the same. */
export function progressOf(steps: readonly StoredStep[]): Progress {
  const names = namesOf(steps);
  const by = new Map(steps.map((step) => [step.name, step]));
  const states = (step: StoredStep): string[] => needsOf(step, names).map((name) => by.get(name)?.status ?? "failed");
  const open = steps.filter(({ status }) => status === "approved" || status === "proposed");
  const skip = open.filter((step) => states(step).some((status) => LOST.has(status)));
  const start = open.filter((step) => step.status === "approved" && states(step).every((status) => status === "done"));
  const over = steps.every(({ status }) => OVER.has(status));
  const failed = steps.some(({ status }) => status === "failed" || status === "cancelled");
  return {
    start,
    skip,
    end: over ? (failed ? "failed" : "done") : null,
    waits:
      steps.some(({ status }) => status === "waiting_approval") && !steps.some(({ status }) => status === "running") && start.length === 0,
  };
}

/** Whether a step has not begun. */
export const isUnbegun = ({ status }: Pick<StoredStep, "status">): boolean =>
  status === "proposed" || status === "approved" || status === "rejected";
