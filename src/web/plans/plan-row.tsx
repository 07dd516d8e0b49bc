import { Link } from "wouter";
import { type ExecutionPlan, goesOn, isOpen } from "../api/plans.ts";
import { dollars } from "../lib/format.ts";
import { clock, dayName, fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { CancelPlan } from "./cancel-plan.tsx";
import { doneWords, originWords, PLAN_STATES, planTitle } from "./plan-words.ts";
import { PlanMeter } from "./plan-meter.tsx";
import { StateMark } from "./state-mark.tsx";

/** One plan in the list: what it is for, how it stands, what it took. */
export function PlanRow({ plan }: { plan: ExecutionPlan }) {
  const now = useNow();
  const { number, status, cost_micro_usd: cost } = plan;
  const href = `/plans/${encodeURIComponent(plan.id)}`;
  const why = plan.steps.find((step) => step.error !== null)?.error ?? null;
  return (
    <li className="auto" data-quiet={!isOpen(plan) || undefined}>
      <span className="auto-number" title={`Plan ${number}`}>
        <span className="sr">Number </span>
        {number}
      </span>
      <div className="auto-body">
        <Link href={href} className="auto-title">
          {planTitle(plan)}
        </Link>
        {goesOn(plan) && <PlanMeter plan={plan} />}
        <div className="auto-facts">
          <StateMark state={PLAN_STATES[status]} />
          <span>{doneWords(plan)}</span>
          {plan.playbook !== null && <span>playbook {plan.playbook}</span>}
          {plan.origin !== "user" && <span>{originWords(plan)}</span>}
          <time dateTime={new Date(plan.created_at).toISOString()} title={fullTime(plan.created_at)}>
            {dayName(now, plan.created_at)}, {clock(plan.created_at)}
          </time>
          {cost !== null && status !== "proposed" && <span>{dollars(cost)}</span>}
          {plan.tainted && (
            <span className="auto-outside">
              <Icon name="warn" size={14} />
              from outside content
            </span>
          )}
        </div>
        {status === "failed" && why !== null && <p className="task-why">{why.message}</p>}
        {status === "waiting_approval" && (
          <p className="task-waits">
            <Link href={href}>Answer what it asks</Link>
          </p>
        )}
      </div>
      {goesOn(plan) && <CancelPlan plan={plan} />}
    </li>
  );
}
