import type { ScheduleState } from "../api/schedules.ts";
import { Icon } from "../ui/icons.tsx";
import { sentence } from "../lib/format.ts";
import { actionName, EXAMPLES, type Example } from "./schedule-words.ts";

/** Nothing is there yet: what could be, ready to be taken. */
export function NoSchedules({ state, onExample }: { state: ScheduleState; onExample: (example: Example) => void }) {
  if (state === "ended") return <p className="nothing">Nothing has ended yet. What was due a single time is kept here.</p>;
  return (
    <div className="empty-page">
      <Icon name="clock" size={36} />
      <h2>Nothing is planned yet</h2>
      <p>Say in the chat “remind me tomorrow at 5 to call Ben”, or begin with one of these.</p>
      <ul className="examples">
        {EXAMPLES.map((example) => (
          <li key={example.when}>
            <button type="button" className="example" onClick={() => onExample(example)}>
              <b>{sentence(example.when)}</b>
              <span>{example.text}</span>
              <small>{actionName(example.kind)}</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
