import { Button } from "@mantine/core";
import { useState } from "react";
import { type ExecutionPlan, usePlanActions } from "../api/plans.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { planTitle } from "./plan-words.ts";

/** Stops a plan, after asking. */
export function CancelPlan({ plan }: { plan: ExecutionPlan }) {
  const [asking, setAsking] = useState(false);
  const { cancel } = usePlanActions();
  const attempt = useAttempt();
  const title = planTitle(plan);
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="xs"
        aria-label={`Cancel: ${title}`}
        loading={cancel.isPending}
        onClick={() => setAsking(true)}
      >
        Cancel
      </Button>
      {asking && (
        <ConfirmDialog
          title="Cancel this plan?"
          action="Cancel the plan"
          onConfirm={() => void attempt(cancel.mutateAsync(plan.id), () => `Cancelled: ${title}`)}
          onClose={() => setAsking(false)}
        >
          <p>
            <b className="name">{title}</b> stops at once. Results that are there stay; what it did already is not taken back.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
