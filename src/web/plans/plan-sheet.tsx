import { useState } from "react";
import { Link } from "wouter";
import { type ExecutionPlan, goesOn, isOpen, type PlanStepView } from "../api/plans.ts";
import { ArtifactList } from "../tasks/artifact-list.tsx";
import { dollars } from "../lib/format.ts";
import { clock, fullTime, onDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { lengthWords } from "../tasks/task-words.ts";
import { Icon } from "../ui/icons.tsx";
import { CancelPlan } from "./cancel-plan.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { PlanMeter } from "./plan-meter.tsx";
import { doneWords, mainSteps, originWords, PLAN_STATES, planTitle, willSkip } from "./plan-words.ts";
import { StateMark } from "./state-mark.tsx";
import { StepDialog } from "./step-dialog.tsx";
import { StepItem } from "./step-item.tsx";

/** What is known of one plan, and what can be done with it. */
export function PlanSheet({ plan }: { plan: ExecutionPlan }) {
  const [edited, setEdited] = useState<PlanStepView | null>(null);
  const proposed = plan.status === "proposed";
  const skipped = proposed ? willSkip(plan.steps) : new Map<string, string>();
  const main = mainSteps(plan.steps);
  return (
    <div className="task-sheet">
      <div className="task-head">
        <p role="status">
          <StateMark state={PLAN_STATES[plan.status]} />
          <span className="task-now">{doneWords(plan)}</span>
        </p>
        {goesOn(plan) && <CancelPlan plan={plan} />}
      </div>
      {goesOn(plan) && <PlanMeter plan={plan} />}
      {!goesOn(plan) && <PlanActions plan={plan} />}
      {plan.tainted && (
        <p className="note">
          <Icon name="warn" size={18} />
          <span>
            It was written where text from elsewhere was read, so it does not count as your word.
            {proposed && " Look at each step before you approve it."}
          </span>
        </p>
      )}
      {plan.goal.trim() !== planTitle(plan) && (
        <section aria-labelledby="plan-goal">
          <h2 className="group" id="plan-goal">
            What it is for
          </h2>
          <p className="plain task-input">{plan.goal}</p>
        </section>
      )}
      <section aria-labelledby="plan-steps">
        <h2 className="group" id="plan-steps">
          Steps <span>{plan.steps.length}</span>
        </h2>
        <ol className="step-list">
          {plan.steps.map((step, index) => (
            <StepItem
              key={step.name}
              plan={plan}
              step={step}
              place={index + 1}
              missing={skipped.get(step.name) ?? null}
              open={!isOpen(plan) && main.has(step.name)}
              onEdit={() => setEdited(step)}
            />
          ))}
        </ol>
      </section>
      <ArtifactList files={plan.artifacts} />
      <Took plan={plan} />
      {edited && <StepDialog plan={plan} step={edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function Took({ plan }: { plan: ExecutionPlan }) {
  const now = useNow();
  const { started_at: from, ended_at: to, cost_micro_usd: cost } = plan;
  return (
    <p className="dim plan-took">
      Plan {plan.number}, {originWords(plan)}{" "}
      <time dateTime={new Date(plan.created_at).toISOString()} title={fullTime(plan.created_at)}>
        {onDay(now, plan.created_at)} at {clock(plan.created_at)}
      </time>
      {plan.playbook !== null && (
        <>
          {" "}
          from the playbook <Link href="/plans/playbooks">{plan.playbook}</Link>
        </>
      )}
      .{from !== null && ` ${to === null ? "It has been running for" : "It took"} ${lengthWords(Math.max(0, (to ?? now) - from))}`}
      {from !== null && (cost === null ? "." : `, ${dollars(cost)}.`)}
    </p>
  );
}
