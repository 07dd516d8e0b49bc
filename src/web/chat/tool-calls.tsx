import { Loader } from "@mantine/core";
import type { ToolCallView } from "../../channels/events.ts";
import { toolTitle } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";

/** What the agent did for a reply: one line a call, its input on demand. */
export function ToolCalls({ calls }: { calls: ToolCallView[] }) {
  if (calls.length === 0) return null;
  return (
    <ul className="tools" aria-label="What was done">
      {calls.map((call) => (
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
            <pre tabIndex={0} aria-label="Input">
              {JSON.stringify(call.input, null, 2)}
            </pre>
          </details>
        </li>
      ))}
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

function mark(status: ToolCallView["status"]) {
  if (status === "running") return <Loader size={14} aria-label="working" />;
  return <Icon name={status === "done" ? "check" : status === "failed" ? "warn" : "stop"} size={16} />;
}
