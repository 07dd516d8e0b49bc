import type { ScheduleView } from "../api/schedules.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { headWords, lastWords, nextWords, whatWords, whenWords } from "./schedule-words.ts";

/** When a schedule is due, what it does, and what came of the last time. */
export function ScheduleFacts({ schedule }: { schedule: ScheduleView }) {
  const now = useNow();
  const { action, status, next_at: next, last_at: last, last_error: error, last_outcome: outcome } = schedule;
  const before = lastWords(now, schedule);
  return (
    <>
      <p className="auto-when">{whenWords(schedule)}</p>
      <div className="auto-facts">
        <span className="auto-next" data-status={status} title={next === null ? undefined : fullTime(next)}>
          <Icon name={status === "active" ? "clock" : status === "paused" ? "pause" : "check"} size={14} />
          {nextWords(now, schedule)}
        </span>
        {before !== null && outcome !== "failed" && <span title={last === null ? undefined : fullTime(last)}>{before}</span>}
        <span className="auto-what">{whatWords({ action, title: headWords(schedule) })}</span>
        {schedule.built_in !== null && <span>Comes with Margay</span>}
        {schedule.tainted && (
          <span className="auto-outside" title="It was made where text from elsewhere was read, so it does not count as your word.">
            <Icon name="warn" size={14} />
            from outside content
          </span>
        )}
      </div>
      {outcome === "failed" && (
        <p className="auto-failed">
          <Icon name="warn" size={15} />
          <span>
            {before}. {error ?? ""}
            {schedule.failures > 1 && ` ${schedule.failures} times in a row${status === "paused" ? ", so it was paused" : ""}.`}
          </span>
        </p>
      )}
    </>
  );
}
