import { Button } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ExecutionPlan, usePlanActions } from "../api/plans.ts";
import { useToast } from "../ui/toast.tsx";
import { leftOut, runChoice } from "./plan-words.ts";

/** The ways to begin a proposed plan. */
export function RunPlan({ plan, size }: { plan: ExecutionPlan; size: "xs" | "sm" }) {
  const { change, run } = usePlanActions();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const choice = runChoice(plan);
  const others = leftOut(plan);
  const begin = async (approveRest: boolean, rejected: readonly string[]) => {
    setBusy(true);
    try {
      let seen = plan;
      // One after the other: each answer is the whole plan as it is then.
      // eslint-disable-next-line no-await-in-loop
      for (const step of rejected) seen = await change.mutateAsync({ id: plan.id, step, fields: { decision: "rejected" } });
      await run.mutateAsync({ plan: seen, approveRest });
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  if (choice === null) return <p className="dim">Every step is rejected. Approve at least one to run the plan.</p>;
  return (
    <>
      <Button size={size} loading={busy} onClick={() => void begin(choice.approveRest, [])}>
        {choice.label}
      </Button>
      {others !== null && (
        <Button
          size={size}
          variant="default"
          disabled={busy}
          title="What you did not decide about is rejected"
          onClick={() => void begin(false, others)}
        >
          Run approved
        </Button>
      )}
    </>
  );
}
