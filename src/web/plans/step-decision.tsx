import { ActionIcon } from "@mantine/core";
import type { ExecutionPlan, PlanStepView } from "../api/plans.ts";
import { Icon } from "../ui/icons.tsx";
import { useDecide } from "./use-decide.ts";

/** Yes or no to one step, and back, in two small buttons. */
export function StepDecision({ plan, step }: { plan: ExecutionPlan; step: PlanStepView }) {
  const { busy, decide } = useDecide(plan);
  const button = (wanted: "approved" | "rejected") => {
    const on = step.status === wanted;
    const yes = wanted === "approved";
    return (
      <ActionIcon
        className={yes ? undefined : "reject"}
        variant={on ? "filled" : "default"}
        size={34}
        aria-label={`${yes ? "Approve" : "Reject"}: ${step.title}`}
        aria-pressed={on}
        disabled={busy}
        onClick={() => decide(step, wanted)}
      >
        <Icon name={yes ? "check" : "close"} size={17} />
      </ActionIcon>
    );
  };
  return (
    <span className="step-decision" role="group" aria-label={`Your decision: ${step.title}`}>
      {button("approved")}
      {button("rejected")}
    </span>
  );
}
