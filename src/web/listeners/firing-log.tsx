import { Button } from "@mantine/core";
import { useFirings } from "../api/listeners.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { dayAndClock } from "../schedules/schedule-words.ts";
import { QueryView } from "../ui/query-view.tsx";
import { OUTCOMES } from "./listener-words.ts";

/** What came to a listener and what became of it. Titles and excerpts are somebody else's words: text, nothing more. */
export function FiringLog({ id, title }: { id: string; title: string }) {
  const query = useFirings(id);
  const now = useNow();
  return (
    <QueryView query={query} lines={1}>
      {({ pages }) => (
        <>
          <ul className="runs" aria-label={`What came: ${title}`}>
            {pages
              .flatMap((page) => page.firings)
              .map((firing) => {
                const { name, tone } = OUTCOMES[firing.outcome];
                return (
                  <li key={firing.id}>
                    <time dateTime={new Date(firing.at).toISOString()} title={fullTime(firing.at)}>
                      {dayAndClock(now, firing.at)}
                    </time>
                    <div className="firing">
                      <details>
                        <summary>
                          <span className="tag" data-tone={tone}>
                            {name}
                          </span>{" "}
                          {firing.title}
                        </summary>
                        <p className="dim">From elsewhere, as it came:</p>
                        <pre tabIndex={0} aria-label="What came">
                          {firing.excerpt}
                        </pre>
                      </details>
                      {firing.why !== null && <p className="dim">{firing.why}</p>}
                    </div>
                  </li>
                );
              })}
          </ul>
          {query.hasNextPage && (
            <Button variant="subtle" color="gray" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show earlier ones
            </Button>
          )}
        </>
      )}
    </QueryView>
  );
}
