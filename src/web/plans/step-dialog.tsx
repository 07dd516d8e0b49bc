import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ExecutionPlan, type PlanStepView, type StepPatch, usePlanActions } from "../api/plans.ts";
import { useToast } from "../ui/toast.tsx";
import { StepFields } from "./step-fields.tsx";
import { couldWaitFor, type StepDraft, stepOf, typedStep } from "./typed-step.ts";

interface Props {
  plan: ExecutionPlan;
  step: PlanStepView;
  onClose: () => void;
}

/** Changes one step of a proposed plan. Rendered while it is open. */
export function StepDialog({ plan, step, onClose }: Props) {
  const [typed, setTyped] = useState(() => typedStep(step));
  const [error, setError] = useState<string | null>(null);
  const { change } = usePlanActions();
  const toast = useToast();

  const save = async () => {
    setError(null);
    const draft = stepOf(typed);
    if (typeof draft === "string") {
      setError(draft);
      return;
    }
    const fields = touchedOf(step, draft);
    try {
      if (Object.keys(fields).length > 0) await change.mutateAsync({ id: plan.id, step: step.name, fields });
      toast("Saved.");
      onClose();
    } catch (failure) {
      setError(sayError(failure));
    }
  };

  return (
    <Modal opened onClose={onClose} size={600} title="Change this step" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!change.isPending) void save();
        }}
      >
        <StepFields step={typed} others={couldWaitFor(plan.steps, step.name)} onChange={setTyped} />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Only what was touched: what a step does counts as the user's own once they changed it. */
function touchedOf(before: StepDraft, { title, work, after }: StepDraft): StepPatch {
  const touched: StepPatch = {};
  if (title !== before.title) touched.title = title;
  if (JSON.stringify(work) !== JSON.stringify(before.work)) touched.work = work;
  if (JSON.stringify(after) !== JSON.stringify(before.after)) touched.after = after;
  return touched;
}
