import { Link, useLocation } from "wouter";
import { type TaskView, useTaskActions } from "../api/tasks.ts";
import { sayError } from "../api/api-error.ts";
import { Icon } from "../ui/icons.tsx";
import { useToast } from "../ui/toast.tsx";
import { helpFor } from "./task-words.ts";

/** Why a task ended without finishing, and what can be done about it. */
export function TaskError({ task, error }: { task: TaskView; error: NonNullable<TaskView["error"]> }) {
  const { start } = useTaskActions();
  const [, navigate] = useLocation();
  const toast = useToast();
  const help = helpFor(error.code);
  const again = async () => {
    try {
      const next = await start.mutateAsync({ input: task.input, profile: task.profile, tier: task.tier, title: task.title, tell: true });
      navigate(`/tasks/${encodeURIComponent(next.id)}`);
    } catch (failure) {
      toast(sayError(failure), { tone: "error" });
    }
  };
  return (
    <div className="note" data-tone={task.status === "failed" ? "error" : undefined} role={task.status === "failed" ? "alert" : undefined}>
      <Icon name="warn" size={18} />
      <span>
        {error.message} {help?.text}
      </span>
      <span className="note-actions">
        {help !== null && <Link href={help.href}>{help.link}</Link>}
        <button type="button" disabled={start.isPending} onClick={() => void again()}>
          Try again
        </button>
      </span>
    </div>
  );
}
