import type { ExecutionPlan } from "../api/plans.ts";
import { doneShare, planTitle } from "./plan-words.ts";

/** How far a plan is. */
export function PlanMeter({ plan }: { plan: ExecutionPlan }) {
  const share = Math.round(doneShare(plan) * 100);
  return (
    <div
      className="meter task-meter"
      role="meter"
      aria-label={`Steps over of ${planTitle(plan)}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
    >
      <i style={{ width: `${share}%` }} />
    </div>
  );
}
