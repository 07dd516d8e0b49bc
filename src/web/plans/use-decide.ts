import { useCallback } from "react";
import { sayError } from "../api/api-error.ts";
import { type Decision, type ExecutionPlan, type PlanStepView, usePlanActions } from "../api/plans.ts";
import { useToast } from "../ui/toast.tsx";

/** Answers for a step; the answer that it has already is taken back. */
export function useDecide(plan: Pick<ExecutionPlan, "id">) {
  const { change } = usePlanActions();
  const toast = useToast();
  const { mutate, isPending: busy } = change;
  const decide = useCallback(
    ({ name, status }: PlanStepView, wanted: "approved" | "rejected") => {
      const decision: Decision = status === wanted ? "proposed" : wanted;
      mutate({ id: plan.id, step: name, fields: { decision } }, { onError: (error) => toast(sayError(error), { tone: "error" }) });
    },
    [mutate, plan.id, toast],
  );
  return { busy, decide };
}
