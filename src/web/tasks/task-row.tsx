import { Link } from "wouter";
import { isOpen, type TaskView } from "../api/tasks.ts";
import { compact, dollars, uncut } from "../lib/format.ts";
import { clock, dayName, fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { CancelTask } from "./cancel-task.tsx";
import { TaskState } from "./task-state.tsx";
import { originWords, tookWords, usedShare } from "./task-words.ts";

/** One task in the list: how it stands, what it did last, what it took. */
export function TaskRow({ task }: { task: TaskView }) {
  const now = useNow();
  const { id, number, status, progress, error, counts } = task;
  const title = uncut(task.title, task.input);
  const open = isOpen(task);
  const took = tookWords(now, task);
  const share = Math.round(usedShare(task) * 100);
  return (
    <li className="auto" data-quiet={!open || undefined}>
      <span className="auto-number" title={`Task ${number}`}>
        <span className="sr">Number </span>
        {number}
      </span>
      <div className="auto-body">
        <Link href={`/tasks/${encodeURIComponent(id)}`} className="auto-title">
          {title}
        </Link>
        {open && progress !== "" && <p className="task-progress">{progress}</p>}
        {open && status === "running" && (
          <div
            className="meter task-meter"
            role="meter"
            aria-label={`Used of the limits of ${title}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={share}
          >
            <i style={{ width: `${share}%` }} />
          </div>
        )}
        <div className="auto-facts">
          <TaskState status={status} />
          <span>{task.profile}</span>
          {task.origin !== "user" && <span>{originWords(task)}</span>}
          <time dateTime={new Date(task.created_at).toISOString()} title={fullTime(task.created_at)}>
            {dayName(now, task.created_at)}, {clock(task.created_at)}
          </time>
          {took !== null && <span>{took}</span>}
          {counts.tokens > 0 && (
            <span>
              {compact(counts.tokens)} tokens, {dollars(counts.cost_micro_usd)}
            </span>
          )}
          {task.tainted && (
            <span className="auto-outside">
              <Icon name="warn" size={14} />
              read outside content
            </span>
          )}
        </div>
        {status === "failed" && error !== null && <p className="task-why">{error.message}</p>}
        {status === "waiting_approval" && (
          <p className="task-waits">
            <Link href="/approvals">Answer what it asks</Link>
          </p>
        )}
      </div>
      {open && <CancelTask task={task} />}
    </li>
  );
}
