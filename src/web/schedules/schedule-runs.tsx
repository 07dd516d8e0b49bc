import { useScheduleRuns } from "../api/schedules.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { dayAndClock, runWords } from "./schedule-words.ts";

/** What a schedule did, the newest first. */
export function ScheduleRuns({ id, title }: { id: string; title: string }) {
  const query = useScheduleRuns(id);
  const now = useNow();
  return (
    <QueryView query={query} lines={1}>
      {(runs) =>
        runs.length === 0 ? (
          <p className="auto-none">It has not run yet.</p>
        ) : (
          <ul className="runs" aria-label={`What it did: ${title}`}>
            {runs.map((run) => (
              <li key={`${run.due_at} ${run.at}`} data-tone={run.outcome === "failed" ? "bad" : undefined}>
                <time dateTime={new Date(run.at).toISOString()} title={fullTime(run.at)}>
                  {dayAndClock(now, run.at)}
                </time>
                <span>
                  {runWords(run)}
                  {run.error !== null && `. ${run.error}`}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
