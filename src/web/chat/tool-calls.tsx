import { Loader } from "@mantine/core";
import type { ToolCallView } from "../../channels/events.ts";
import { useUndoable } from "../api/undo.ts";
import { toolTitle } from "../lib/format.ts";
import type { LiveCall } from "./live-turn.ts";
import { CallInput } from "../ui/call-input.tsx";
import { Icon } from "../ui/icons.tsx";
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
            <details className="tool" data-status={call.status}>
              <summary>
                <span className="tool-mark">{mark(call.status)}</span>
                <span className="tool-name">{toolTitle(call.tool)}</span>
                <span className="tool-summary">{call.summary === "" ? WORD[call.status] : call.summary}</span>
                <span className="tool-more">
                  <Icon name="down" size={16} />
                </span>
              </summary>
              <CallInput input={call.input} />
            </details>
            {call.status === "running" && call.progress !== undefined && <p className="tool-progress">{call.progress}</p>}
            {change && <UndoButton change={change} />}
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

const MARKS = { waiting: "clock", done: "check", failed: "warn", denied: "stop" } as const;

function mark(status: ToolCallView["status"]) {
  if (status === "running") return <Loader size={14} aria-label="working" />;
  return <Icon name={MARKS[status]} size={16} />;
}
