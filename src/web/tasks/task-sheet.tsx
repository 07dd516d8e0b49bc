import { Link } from "wouter";
import { isOpen, type TaskDetail } from "../api/tasks.ts";
import { ArtifactList } from "./artifact-list.tsx";
import { ReplyText } from "../chat/reply-text.tsx";
import { clock, fullTime, onDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { CancelTask } from "./cancel-task.tsx";
import { TaskError } from "./task-error.tsx";
import { TaskState } from "./task-state.tsx";
import { TaskSteps } from "./task-steps.tsx";
import { countWords, limitWords, originWords, tookWords, waitingFor } from "./task-words.ts";

/** What is known of one task, from the most wanted to the least. */
export function TaskSheet({ task }: { task: TaskDetail }) {
  const now = useNow();
  const open = isOpen(task);
  const took = tookWords(now, task);
  const why = task.error ?? (task.status === "cancelled" ? { code: "cancelled", message: "It was stopped before its end." } : null);
  return (
    <div className="task-sheet">
      <div className="task-head">
        <p role="status">
          <TaskState status={task.status} />
          {open && task.progress !== "" && <span className="task-now">{task.progress}</span>}
        </p>
        {open && <CancelTask task={task} />}
      </div>
      {task.status === "waiting_approval" && <Waiting task={task} />}
      {why !== null && <TaskError task={task} error={why} />}
      {task.result !== "" && (
        <section aria-labelledby="task-result">
          <div className="task-title">
            <h2 className="group" id="task-result">
              {task.status === "done" ? "Result" : "What it had found"}
            </h2>
            <CopyButton text={task.result} label="Copy the result" />
          </div>
          {task.tainted && (
            <p className="note">
              <Icon name="warn" size={18} />
              <span>Made from text from elsewhere that nobody vouches for. Check what matters before you act on it.</span>
            </p>
          )}
          <ReplyText text={task.result} />
          {task.notes !== undefined && (
            <div className="note task-notes">
              <Icon name="warn" size={18} />
              <div>
                <p>It was looked at before it came to you, and this stayed so:</p>
                <ul aria-label="What was found when it was looked at">
                  {task.notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </div>
            </div>
          )}
        </section>
      )}
      <ArtifactList files={task.artifacts} />
      <section aria-labelledby="task-input">
        <h2 className="group" id="task-input">
          What it was told
        </h2>
        <p className="plain task-input">{task.input}</p>
      </section>
      <section aria-labelledby="task-steps">
        <h2 className="group" id="task-steps">
          Steps {task.steps.length > 0 && <span>{task.steps.length}</span>}
        </h2>
        <TaskSteps task={task.id} steps={task.steps} open={open} result={task.result} />
      </section>
      <section aria-labelledby="task-took">
        <h2 className="group" id="task-took">
          What it took
        </h2>
        <p className="dim">
          {countWords(task)}
          {took !== null && `, ${took}`}; {limitWords(task.limits)}.
        </p>
        <p className="dim">
          Task {task.number}, {originWords(task)}{" "}
          <time dateTime={new Date(task.created_at).toISOString()} title={fullTime(task.created_at)}>
            {onDay(now, task.created_at)} at {clock(task.created_at)}
          </time>
          , worked on by <Link href="/tasks/profiles">{task.profile}</Link> with the {task.tier} models.
        </p>
      </section>
    </div>
  );
}

function Waiting({ task }: { task: TaskDetail }) {
  const asked = waitingFor(task.steps);
  const call = task.steps.flatMap(({ calls }) => calls).find(({ approval_id: id }) => asked !== null && id === asked);
  return (
    <p className="note" data-tone="ask">
      <Icon name="shield" size={18} />
      <span>
        It waits for your answer{call === undefined || call.summary === "" ? "" : `: ${call.summary}`}. It goes on by itself once you
        answered; the time until then does not count.
      </span>
      <span className="note-actions">
        <Link href="/approvals">Answer</Link>
      </span>
    </p>
  );
}
