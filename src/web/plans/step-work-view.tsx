import type { PlanStepView } from "../api/plans.ts";
import { toolTitle } from "../../permission/tool-title.ts";
import { WithReferences } from "./with-references.tsx";

interface Props {
  step: Pick<PlanStepView, "work">;
  steps: readonly Pick<PlanStepView, "name" | "title">[];
}

/** What a step does: what an executor is told, or which tool is called with what. */
export function StepWorkView({ step: { work }, steps }: Props) {
  if (work.kind === "agent")
    return (
      <p className="plain step-input">
        <WithReferences text={work.input} steps={steps} />
      </p>
    );
  const fields = Object.entries(work.input);
  if (fields.length === 0) return null;
  return (
    <dl className="step-input step-fields">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{toolTitle(name)}</dt>
          <dd className="plain">
            <WithReferences text={valueWords(value)} steps={steps} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A value as a person reads it: a list of words as such, what has parts as JSON. */
function valueWords(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return JSON.stringify(value, null, 2);
}

/** Who does it: `Task for research`, `Calls Add to-do`. */
export const whoWords = ({ work }: Pick<PlanStepView, "work">): string =>
  work.kind === "agent" ? `Task for ${work.profile}` : `Calls ${toolTitle(work.tool)}`;
