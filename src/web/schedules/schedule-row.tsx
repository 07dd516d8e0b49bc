import { Menu } from "@mantine/core";
import { useId, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ScheduleView, useScheduleActions } from "../api/schedules.ts";
import { whole } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { ScheduleFacts } from "./schedule-facts.tsx";
import { ScheduleRuns } from "./schedule-runs.tsx";
import { headWords, sameAgain } from "./schedule-words.ts";

interface Props {
  schedule: ScheduleView;
  /** Opens the form. */
  onChange: () => void;
  /** The row is going: the focus needs a place that stays. */
  onDeleted: () => void;
}

/** One schedule: when it is due, what came of it, and what can be done with it. */
export function ScheduleRow({ schedule, onChange, onDeleted }: Props) {
  const [asking, setAsking] = useState(false);
  const [runs, setRuns] = useState(false);
  const { add, change, run, remove } = useScheduleActions();
  const toast = useToast();
  const now = useNow();
  const runsId = useId();
  const { id, status } = schedule;
  const title = headWords(schedule);
  const busy = change.isPending || run.isPending || remove.isPending;
  const fail = (error: unknown) => toast(sayError(error), { tone: "error" });

  const set = async (to: "active" | "paused") => {
    const back = to === "active" ? "paused" : "active";
    try {
      await change.mutateAsync({ id, fields: { status: to } });
      toast(to === "paused" ? `Paused: ${title}` : `Goes on: ${title}`, {
        action: { label: "Undo", run: () => change.mutate({ id, fields: { status: back } }, { onError: fail }) },
      });
    } catch (error) {
      fail(error);
    }
  };
  const runNow = async () => {
    try {
      const done = await run.mutateAsync(id);
      if (done.outcome === "failed") toast(done.error ?? `It could not be run: ${title}`, { tone: "error" });
      else toast(done.outcome === "started" && schedule.action.kind === "playbook" ? PLAN_RUNS : RUN[done.outcome]);
    } catch (error) {
      fail(error);
    }
  };
  const destroy = async () => {
    const again = sameAgain(now, schedule);
    const undo = () => {
      if (again) add.mutate(again, { onError: fail });
    };
    try {
      await remove.mutateAsync(id);
      toast(`Deleted: ${title}`, again === null || schedule.built_in !== null ? {} : { action: { label: "Undo", run: undo } });
      onDeleted();
    } catch (error) {
      fail(error);
    }
  };

  return (
    <li className="auto" data-quiet={status !== "active" || undefined} aria-busy={busy}>
      <span className="auto-number" title={`Schedule ${schedule.number}`}>
        <span className="sr">Number </span>
        {schedule.number}
      </span>
      <div className="auto-body">
        <button type="button" className="auto-title" aria-label={`Change: ${title}`} onClick={onChange}>
          {title}
        </button>
        <ScheduleFacts schedule={schedule} />
        {schedule.runs > 0 && (
          <button type="button" className="auto-more" aria-expanded={runs} aria-controls={runsId} onClick={() => setRuns(!runs)}>
            {schedule.runs === 1 ? "Ran once" : `Ran ${whole(schedule.runs)} times`}
            <span className="sr">: {title}</span>
            <Icon name="down" size={14} />
          </button>
        )}
        <div id={runsId}>{runs && <ScheduleRuns id={id} title={title} />}</div>
      </div>
      <MoreMenu name={title} busy={busy} width={220}>
        <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onChange}>
          Change
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="bolt" size={16} />} onClick={() => void runNow()}>
          Run now
        </Menu.Item>
        {status === "active" && (
          <Menu.Item leftSection={<Icon name="pause" size={16} />} onClick={() => void set("paused")}>
            Pause
          </Menu.Item>
        )}
        {status === "paused" && (
          <Menu.Item leftSection={<Icon name="play" size={16} />} onClick={() => void set("active")}>
            Resume
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => setAsking(true)}>
          Delete…
        </Menu.Item>
      </MoreMenu>
      {asking && (
        <ConfirmDialog title="Delete this schedule?" action="Delete" onConfirm={() => void destroy()} onClose={() => setAsking(false)}>
          <p>
            <b className="name">{title}</b> is not due any more, and what it did is not listed any more. What it said stays in the
            conversation.
          </p>
        </ConfirmDialog>
      )}
    </li>
  );
}

const PLAN_RUNS = "The playbook runs. It is under Plans.";

const RUN = {
  told: "Told. It is in the conversation.",
  begun: "Margay was asked. The answer comes in the conversation.",
  started: "The task has begun. It is under Tasks.",
  skipped: "Skipped.",
} as const;
