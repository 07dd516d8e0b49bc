import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Fragment, useState } from "react";
import type { AuditEntry } from "../../audit/entry.ts";
import { useAudit } from "../api/audit.ts";
import { useUndoable } from "../api/undo.ts";
import { dayName, localDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { EntryRow } from "./entry-row.tsx";
import { FilterForm } from "./filter-form.tsx";
import { asQuery, type Chosen, EVERYTHING } from "./filters.ts";
import { RecentChanges } from "./recent-changes.tsx";
import { TrailCheck } from "./trail-check.tsx";

/** Everything the agent was asked, decided and did. */
export default function ActivityPage() {
  const [chosen, setChosen] = useState<Chosen>(EVERYTHING);
  const now = useNow();
  const [text] = useDebouncedValue(chosen.text, 300);
  const filters = asQuery({ ...chosen, text }, now);
  const trail = useAudit(filters);
  const undoable = useUndoable().data ?? [];
  const list = (entries: AuditEntry[]) =>
    entries.map((entry, index) => {
      const before = entries[index - 1];
      const newDay = before === undefined || localDay(before.at) !== localDay(entry.at);
      return (
        <Fragment key={entry.seq}>
          {newDay && (
            <li className="entry-day">
              <h2 className="group">{dayName(now, entry.at)}</h2>
            </li>
          )}
          <EntryRow
            entry={entry}
            change={entry.kind === "result" && entry.event === "done" ? undoable.find(({ id }) => id === entry.subject) : undefined}
          />
        </Fragment>
      );
    });
  return (
    <Page
      title="Activity"
      intro="What Margay was asked, what it decided and why, and what it did. Entries are only ever added, each sealed with the one before; what was said and sent is in them as fingerprints, not as text."
    >
      <RecentChanges />
      <FilterForm chosen={chosen} onChoose={(change) => setChosen((known) => ({ ...known, ...change }))} />
      <TrailCheck filters={filters} />
      <QueryView query={trail}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          if (entries.length === 0) return <p className="nothing">Nothing of that kind happened in this time.</p>;
          return (
            <>
              <ul className="entries">{list(entries)}</ul>
              {trail.hasNextPage && (
                <div className="row more">
                  <Button variant="default" loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
                    Show earlier entries
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}
