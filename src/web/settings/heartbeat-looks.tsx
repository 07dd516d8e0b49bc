import { Button } from "@mantine/core";
import { useState } from "react";
import { useHeartbeat } from "../api/heartbeat.ts";
import { clock, dayName, fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { sentence } from "../lib/format.ts";
import { QueryView } from "../ui/query-view.tsx";
import { changesWords, LOOKS } from "./heartbeat-words.ts";

/** How many are shown at first. */
const FEW = 8;

/** What came of the last looks, and why. */
export function HeartbeatLooks() {
  const query = useHeartbeat();
  const now = useNow();
  const [every, setEvery] = useState(false);
  return (
    <QueryView query={query} lines={2}>
      {({ looks }) => {
        if (looks.length === 0) return <p className="dim">It has found nothing yet that was worth a look.</p>;
        return (
          <>
            <ul className="items">
              {(every ? looks : looks.slice(0, FEW)).map((look) => {
                const { name, tone } = LOOKS[look.outcome];
                const changes = changesWords(look);
                return (
                  <li key={look.at} className="look">
                    <div className="item-text">
                      <b>{sentence(look.why)}</b>
                      <span>
                        <time dateTime={new Date(look.at).toISOString()} title={fullTime(look.at)}>
                          {dayName(now, look.at)}, {clock(look.at)}
                        </time>
                        {changes !== null && `, ${changes}`}
                      </span>
                    </div>
                    <span className="tag" data-tone={tone}>
                      {name}
                    </span>
                  </li>
                );
              })}
            </ul>
            {!every && looks.length > FEW && (
              <div>
                <Button variant="subtle" color="gray" size="xs" onClick={() => setEvery(true)}>
                  Show all {looks.length}
                </Button>
              </div>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
