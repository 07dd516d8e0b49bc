import type { PlanStepView } from "../api/plans.ts";
import { textParts } from "./plan-words.ts";

interface Props {
  text: string;
  /** Those it may refer to. */
  steps: readonly Pick<PlanStepView, "name" | "title">[];
}

/** A text of a step, with what it takes from others in words. */
export function WithReferences({ text, steps }: Props) {
  return textParts(text, steps).map((part, index) =>
    "text" in part ? (
      part.text
    ) : (
      <span key={index} className="reference">
        {part.reference}
      </span>
    ),
  );
}
