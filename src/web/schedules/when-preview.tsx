import { Button } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import type { SchedulePreview, ScheduleView } from "../api/schedules.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { sentence } from "../lib/format.ts";
import { dayAndClock, TIMES } from "./schedule-words.ts";

interface Props {
  typed: string;
  query: { data: SchedulePreview | undefined; isError: boolean; error: unknown; isPlaceholderData: boolean; refetch(): Promise<unknown> };
  /** What was typed last is not asked for yet. */
  waiting: boolean;
  /** Nothing was touched: it stays as it is. */
  kept: ScheduleView | null;
  /** Takes a time that is offered. */
  onTry: (when: string) => void;
  /** Takes words that are not about time for what it is to do. */
  onRest: (rest: string) => void;
}

/** What was understood of a time, with the next five; or the question that asks back; or what could be typed. Always of the same height, so that nothing jumps. */
export function WhenPreview({ typed, query, waiting, kept, onTry, onRest }: Props) {
  const { data } = query;
  const stale = waiting || query.isPlaceholderData;
  return (
    <div className="preview" role="status" data-stale={(typed !== "" && stale) || undefined}>
      {typed === "" ? (
        <div className="chips" role="group" aria-label="For example">
          {TIMES.map((time) => (
            <button key={time} type="button" className="chip" onClick={() => onTry(time)}>
              {time}
            </button>
          ))}
        </div>
      ) : kept ? (
        <Understood text={kept.described} next={kept.next_at === null ? [] : [kept.next_at]} />
      ) : query.isError ? (
        <p className="preview-ask">
          <Icon name="warn" size={16} />
          <span>{sayError(query.error)}</span>
          <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </p>
      ) : data === undefined ? (
        <p className="dim">…</p>
      ) : "ask" in data ? (
        <p className="preview-ask">
          <Icon name="info" size={16} />
          <span>{data.ask}</span>
        </p>
      ) : (
        <>
          <Understood text={data.understood} next={data.next} />
          {data.rest !== "" && (
            <p className="preview-ask">
              <Icon name="info" size={16} />
              <span>“{data.rest}” is not about time.</span>
              <Button size="compact-sm" variant="default" onClick={() => onRest(data.rest)}>
                That is what to do
              </Button>
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Understood({ text, next }: { text: string; next: number[] }) {
  const now = useNow();
  return (
    <>
      <p className="preview-words">
        <Icon name="check" size={16} />
        <span>{sentence(text)}</span>
      </p>
      {next.length > 0 && (
        <ol className="preview-next" aria-label="The next times">
          {next.map((at) => (
            <li key={at} title={fullTime(at)}>
              {dayAndClock(now, at)}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
