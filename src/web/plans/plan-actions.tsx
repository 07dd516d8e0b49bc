import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { sayError } from "../api/api-error.ts";
import { type ExecutionPlan, usePlanActions } from "../api/plans.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { planTitle } from "./plan-words.ts";
import { RunPlan } from "./run-plan.tsx";
import { SavePlaybook } from "./save-playbook.tsx";

/** What can be done with a whole plan that does not run: begin it, try again what failed, keep it as a playbook, delete it. */
export function PlanActions({ plan }: { plan: ExecutionPlan }) {
  const [open, setOpen] = useState<"save" | "delete" | null>(null);
  const { retry, remove } = usePlanActions();
  const attempt = useAttempt();
  const toast = useToast();
  const [, navigate] = useLocation();
  const title = planTitle(plan);
  const { status } = plan;
  const close = () => setOpen(null);
  const destroy = async () => {
    try {
      await remove.mutateAsync(plan.id);
      toast(`Deleted: ${title}`);
      navigate("/plans");
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
  };
  return (
    <div className="row plan-actions">
      {status === "proposed" && <RunPlan plan={plan} size="sm" />}
      {(status === "failed" || status === "cancelled") && plan.started_at !== null && (
        <Button
          size="sm"
          title="What is done is not done again"
          loading={retry.isPending}
          onClick={() => void attempt(retry.mutateAsync(plan.id), () => "It goes on with what was not done.")}
        >
          Retry
        </Button>
      )}
      {status !== "proposed" && (
        <Button size="sm" variant="default" leftSection={<Icon name="book" size={16} />} onClick={() => setOpen("save")}>
          Save as playbook
        </Button>
      )}
      <MoreMenu name={title} busy={remove.isPending} width={200}>
        <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => setOpen("delete")}>
          Delete…
        </Menu.Item>
      </MoreMenu>
      {open === "save" && <SavePlaybook plan={plan} onClose={close} />}
      {open === "delete" && (
        <ConfirmDialog title="Delete this plan?" action="Delete" onConfirm={() => void destroy()} onClose={close}>
          <p>
            <b className="name">{title}</b> goes with {status === "proposed" ? "its steps" : "what its steps brought"}. What was done stays
            done. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
