import type { ExecutionPlan, PlanStepView } from "../../plans/shapes.ts";
import type { ToolContext, ToolOutput } from "../tool.ts";
import type { PlanStores, SaidPlan } from "./plan-port.ts";

export const saidBy = ({ idempotencyKey, tainted, conversationId }: ToolContext<PlanStores>): SaidPlan => ({
  key: idempotencyKey,
  tainted,
  conversationId: conversationId ?? null,
});

/** Where an answer comes from that holds such plans: nothing to say for the user's own. */
export const marked = (...plans: readonly ExecutionPlan[]): Pick<ToolOutput, "untrusted"> => {
  const outside = plans.filter(({ tainted, steps }) => tainted || steps.some((step) => step.tainted));
  return outside.length === 0
    ? {}
    : {
        untrusted: outside
          .map(({ number }) => `plan ${number}`)
          .join(", ")
          .slice(0, 200),
      };
};

const SHOWN = 600;
const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`);

/** A plan as the model reads it: short. `whole`: with what each step does, and brought. */
export function view(plan: ExecutionPlan, whole = false): Record<string, unknown> {
  return {
    plan: plan.number,
    goal: short(plan.goal, whole ? 4_000 : 200),
    status: plan.status,
    ...(plan.playbook === null ? {} : { playbook: plan.playbook }),
    steps: plan.steps.map((step) => (whole ? wholeStep(step) : `${step.name}: ${step.status}`)),
  };
}

const wholeStep = ({ name, title, work, needs, status, will_ask, result, error }: PlanStepView): Record<string, unknown> => ({
  name,
  title,
  work,
  ...(needs.length === 0 ? {} : { needs }),
  status,
  ...(will_ask ? { will_ask } : {}),
  ...(error === null ? {} : { error: error.message }),
  ...(result === "" ? {} : { result: short(result, SHOWN * 4) }),
});
