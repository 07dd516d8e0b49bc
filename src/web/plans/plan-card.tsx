import { Button, Skeleton } from "@mantine/core";
import { Link } from "wouter";
import { ApiError, sayError } from "../api/api-error.ts";
import { type ExecutionPlan, goesOn, usePlan } from "../api/plans.ts";
import { CancelPlan } from "./cancel-plan.tsx";
import { PlanMeter } from "./plan-meter.tsx";
import { afterWords, doneWords, PLAN_STATES, planTitle, stepState, willSkip } from "./plan-words.ts";
import { RunPlan } from "./run-plan.tsx";
import { StateMark } from "./state-mark.tsx";
import { StepDecision } from "./step-decision.tsx";

/** The plan of a reply, in the conversation: its steps, what is decided about each, and how far it is. */
export function PlanCard({ id }: { id: string }) {
  const query = usePlan(id);
  // What was known of one that was deleted meanwhile is still there.
  if (query.error instanceof ApiError && query.error.status === 404) return <p className="aside">The plan was deleted.</p>;
  if (query.data) return <Card plan={query.data} />;
  if (query.isError) return <p className="aside">The plan could not be loaded. {sayError(query.error)}</p>;
  return <Skeleton height={240} radius="lg" aria-label="Loading the plan" />;
}

function Card({ plan }: { plan: ExecutionPlan }) {
  const proposed = plan.status === "proposed";
  const skipped = proposed ? willSkip(plan.steps) : new Map<string, string>();
  return (
    <section className="plan-card" aria-label={`Plan ${plan.number}: ${planTitle(plan)}`} data-status={plan.status}>
      <header className="plan-card-head">
        <b>Plan {plan.number}</b>
        <StateMark state={PLAN_STATES[plan.status]} />
        <span className="dim">{doneWords(plan)}</span>
      </header>
      {goesOn(plan) && <PlanMeter plan={plan} />}
      <ol className="plan-card-steps">
        {plan.steps.map((step, index) => {
          const after = afterWords(plan.steps, step);
          return (
            <li key={step.name} data-status={step.status}>
              <span className="plan-card-place" aria-hidden="true">
                {index + 1}
              </span>
              <div className="plan-card-step">
                <span className="plan-card-title">{step.title}</span>
                <span className="auto-facts">
                  {!proposed && <StateMark state={stepState(plan, step)} />}
                  {after !== null && <span>{after}</span>}
                  {proposed && skipped.has(step.name) && <span>will be skipped</span>}
                  {proposed && step.will_ask && step.status !== "rejected" && !skipped.has(step.name) && (
                    <span>will ask before it runs</span>
                  )}
                </span>
              </div>
              {proposed && <StepDecision plan={plan} step={step} />}
            </li>
          );
        })}
      </ol>
      <div className="row">
        {proposed && <RunPlan plan={plan} size="xs" />}
        <Button component={Link} href={`/plans/${encodeURIComponent(plan.id)}`} size="xs" variant="default">
          Open<span className="sr"> plan {plan.number}</span>
        </Button>
        {goesOn(plan) && <CancelPlan plan={plan} />}
      </div>
    </section>
  );
}
