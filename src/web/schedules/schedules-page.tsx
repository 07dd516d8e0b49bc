import { Button, SegmentedControl } from "@mantine/core";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { type ScheduleState, type ScheduleView, useSchedules } from "../api/schedules.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { BuiltIns } from "./built-ins.tsx";
import { NoSchedules } from "./no-schedules.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";
import { ScheduleRow } from "./schedule-row.tsx";
import type { Example } from "./schedule-words.ts";

/** What happens at a time: reminders, questions that are asked again and again, tasks. The agent works on the same list. */
export default function SchedulesPage() {
  const [state, setState] = useState<ScheduleState>("current");
  const [open, setOpen] = useState<{ schedule: ScheduleView | null; example: Example | null } | null>(null);
  const query = useSchedules(state);
  const begin = useRef<HTMLButtonElement>(null);
  const add = (example: Example | null) => setOpen({ schedule: null, example });

  // A playbook that is to be scheduled comes by the address; afterwards that is the page's again.
  const [params, setParams] = useSearchParams();
  const playbook = params.get("playbook");
  const begun = useEffectEvent((name: string) => {
    setParams({}, { replace: true });
    add({ when: "", kind: "playbook", text: name });
  });
  useEffect(() => {
    if (playbook !== null) begun(playbook);
  }, [playbook]);

  return (
    <Page title="Schedules" intro="What happens by itself at a time, once or again and again. Reminders from the chat are here too.">
      <div className="row page-bar">
        <SegmentedControl
          aria-label="Which schedules"
          value={state}
          onChange={(value) => setState(value === "ended" ? "ended" : "current")}
          data={[
            { value: "current", label: "Current" },
            { value: "ended", label: "Ended" },
          ]}
        />
        <Button ref={begin} leftSection={<Icon name="plus" size={17} />} onClick={() => add(null)}>
          New schedule
        </Button>
      </div>
      <QueryView query={query}>
        {(list) =>
          list.length === 0 ? (
            <NoSchedules state={state} onExample={add} />
          ) : (
            <ul className="auto-list">
              {list.map((schedule) => (
                <ScheduleRow
                  key={schedule.id}
                  schedule={schedule}
                  onChange={() => setOpen({ schedule, example: null })}
                  onDeleted={() => begin.current?.focus()}
                />
              ))}
            </ul>
          )
        }
      </QueryView>
      <BuiltIns />
      {open && <ScheduleDialog {...open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
