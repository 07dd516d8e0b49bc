import { ActionIcon } from "@mantine/core";
import { useId } from "react";
import { Link } from "wouter";
import type { ExecutionPlan, PlanStepView } from "../api/plans.ts";
import { Icon } from "../ui/icons.tsx";
import { afterWords, stepHelp, stepState } from "./plan-words.ts";
import { StateMark } from "./state-mark.tsx";
import { StepDecision } from "./step-decision.tsx";
import { StepResult } from "./step-result.tsx";
import { StepWaiting } from "./step-waiting.tsx";
import { StepWorkView, whoWords } from "./step-work-view.tsx";

interface Props {
  plan: ExecutionPlan;
  step: PlanStepView;
  place: number;
  /** What it needs and will not have; null: it has everything. */
  missing: string | null;
  /** Whether its result is shown unfolded. */
  open: boolean;
  onEdit: () => void;
}

/** One step of a plan: what it does and needs, how it stands, what it brought, and what can be decided about it. */
export function StepItem({ plan, step, place, missing, open, onEdit }: Props) {
  const title = useId();
  const after = afterWords(plan.steps, step);
  const help = step.error && stepHelp(step.error.code);
  const begun = step.started_at !== null;
  return (
    <li className="step-item" data-status={step.status} aria-labelledby={title}>
      <span className="auto-number" aria-hidden="true">
        {place}
      </span>
      <div className="auto-body">
        <div className="step-line">
          <h3 className="step-title" id={title}>
            {step.title}
          </h3>
          {plan.status === "proposed" && (
            <span className="step-buttons">
              <StepDecision plan={plan} step={step} />
              <ActionIcon variant="subtle" color="gray" size={34} aria-label={`Edit: ${step.title}`} onClick={onEdit}>
                <Icon name="edit" size={17} />
              </ActionIcon>
            </span>
          )}
        </div>
        <div className="auto-facts">
          <StateMark state={stepState(plan, step)} />
          <span>{whoWords(step)}</span>
          {after !== null && <span>{after}</span>}
          {step.author === "user" && plan.origin === "agent" && <span>changed by you</span>}
          {step.task_id !== null && (
            <Link href={`/tasks/${encodeURIComponent(step.task_id)}`}>
              Task {step.task_number}
              <span className="sr"> of {step.title}</span>
            </Link>
          )}
        </div>
        {missing !== null && <p className="step-hint">Will be skipped: it needs {missing}.</p>}
        {missing === null && step.will_ask && !begun && step.status !== "rejected" && step.status !== "skipped" && (
          <p className="step-hint" data-tone="ask">
            <Icon name="shield" size={15} /> Will ask you before it runs.
          </p>
        )}
        {step.error !== null && (
          <div className="note" data-tone={step.status === "failed" ? "error" : undefined}>
            <Icon name="warn" size={18} />
            <span>
              {step.error.message} {help?.text}
            </span>
            {help && (
              <span className="note-actions">
                <Link href={help.href}>{help.link}</Link>
              </span>
            )}
          </div>
        )}
        {step.status === "waiting_approval" && <StepWaiting step={step} />}
        {begun ? (
          <details className="step-told">
            <summary>
              <Icon name="right" size={15} /> What it was told<span className="sr">: {step.title}</span>
            </summary>
            <StepWorkView step={step} steps={plan.steps} />
          </details>
        ) : (
          <StepWorkView step={step} steps={plan.steps} />
        )}
        {step.result !== "" && <StepResult step={step} open={open} />}
      </div>
    </li>
  );
}
