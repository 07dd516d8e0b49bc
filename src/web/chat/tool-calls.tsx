import type { ToolCallView } from "../../channels/events.ts";
import { useUndoable } from "../api/undo.ts";
import type { LiveCall } from "./live-turn.ts";
import { CallRow } from "../ui/call-row.tsx";
import { UndoButton } from "../ui/undo-button.tsx";

interface Props {
  /** Those of a turn that runs may have what they print. */
  calls: (ToolCallView & Pick<LiveCall, "progress">)[];
  /** Null: not of a turn. */
  turnId: string | null;
}

/** What the agent did for a reply: one line a call, its input on demand, and the way back where there is one. */
export function ToolCalls({ calls, turnId }: Props) {
  return calls.length === 0 ? null : <Calls calls={calls} turnId={turnId} />;
}

function Calls({ calls, turnId }: Props) {
  const undoable = useUndoable().data ?? [];
  const wayBack = (call: ToolCallView) => undoable.find((change) => change.id === `${turnId}:${call.call_id}`);
  return (
    <ul className="tools" aria-label="What was done">
      {calls.map((call) => {
        const change = wayBack(call);
        return (
          <li key={call.call_id}>
            <CallRow
              id={turnId === null ? null : `${turnId}:${call.call_id}`}
              tool={call.tool}
              status={call.status}
              summary={call.summary === "" ? WORD[call.status] : call.summary}
              input={call.input}
              undone={call.undone ?? false}
            />
            {call.status === "running" && call.progress !== undefined && <p className="tool-progress">{call.progress}</p>}
            {change && !call.undone && <UndoButton change={change} />}
          </li>
        );
      })}
    </ul>
  );
}

const WORD: Record<ToolCallView["status"], string> = {
  running: "working…",
  waiting: "waits for your answer",
  done: "done",
  failed: "failed",
  denied: "not allowed",
};
