import { Button } from "@mantine/core";
import { useState } from "react";
import { useUndoable } from "../api/undo.ts";
import { clock, dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { UndoButton } from "../ui/undo-button.tsx";

/** How many are shown before one asks for more. */
const FEW = 3;

/** What the agent changed last, each with the way back. */
export function RecentChanges() {
  const changes = useUndoable();
  const [all, setAll] = useState(false);
  const now = useNow();
  return (
    <Section title="Recent changes" intro="What Margay changed and can take back.">
      <QueryView query={changes} lines={1}>
        {(list) =>
          list.length === 0 ? (
            <p className="dim">There is nothing to take back.</p>
          ) : (
            <>
              <ul className="items">
                {list.slice(0, all ? list.length : FEW).map((change) => (
                  <li key={change.id}>
                    <div className="item-text">
                      <b>{change.summary}</b>
                      <span>
                        {dayName(now, change.at)}, {clock(change.at)}
                      </span>
                    </div>
                    <UndoButton change={change} />
                  </li>
                ))}
              </ul>
              {list.length > FEW && (
                <div>
                  <Button variant="default" size="xs" aria-expanded={all} onClick={() => setAll(!all)}>
                    {all ? "Show fewer" : `Show all ${list.length}`}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </QueryView>
    </Section>
  );
}
