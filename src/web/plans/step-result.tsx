import type { PlanStepView } from "../api/plans.ts";
import { ReplyText } from "../chat/reply-text.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { jsonOf } from "./plan-words.ts";

/** What a step brought, folded unless it is what the plan was for. */
export function StepResult({ step, open }: { step: PlanStepView; open: boolean }) {
  const json = jsonOf(step.result);
  return (
    <details className="step-result" open={open}>
      <summary>
        <Icon name="right" size={15} /> Result<span className="sr"> of {step.title}</span>
      </summary>
      <div className="step-result-text">
        <CopyButton text={step.result} label={`Copy the result of ${step.title}`} />
        {step.tainted && (
          <p className="note">
            <Icon name="warn" size={18} />
            <span>Made from text from elsewhere that nobody vouches for. Check what matters before you act on it.</span>
          </p>
        )}
        {json === null ? (
          <ReplyText text={step.result} />
        ) : (
          <pre className="arguments" tabIndex={0} aria-label={`Result of ${step.title}`}>
            {json}
          </pre>
        )}
      </div>
    </details>
  );
}
