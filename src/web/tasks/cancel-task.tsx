import { Button } from "@mantine/core";
import { useState } from "react";
import { type TaskView, useTaskActions } from "../api/tasks.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";

/** Stops a task, after asking. */
export function CancelTask({ task }: { task: TaskView }) {
  const [asking, setAsking] = useState(false);
  const { cancel } = useTaskActions();
  const attempt = useAttempt();
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="xs"
        aria-label={`Cancel: ${task.title}`}
        loading={cancel.isPending}
        onClick={() => setAsking(true)}
      >
        Cancel
      </Button>
      {asking && (
        <ConfirmDialog
          title="Cancel this task?"
          action="Cancel the task"
          keep="Let it go on"
          onConfirm={() => void attempt(cancel.mutateAsync(task.id), () => `Cancelled: ${task.title}`)}
          onClose={() => setAsking(false)}
        >
          <p>
            <b className="name">{task.title}</b> stops at once. What it found until then stays; what it did already is not taken back.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
