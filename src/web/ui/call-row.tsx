import { Loader } from "@mantine/core";
import { useState } from "react";
import type { TaskCallView } from "../../tasks/shapes.ts";
import { useCallOutput } from "../api/calls.ts";
import { toolTitle } from "../../permission/tool-title.ts";
import { CallTexts } from "./call-texts.tsx";
import { Icon } from "./icons.tsx";
import { QueryView } from "./query-view.tsx";

interface Props {
  /** By which what came of it is found; null: it is not kept. */
  id: string | null;
  tool: string;
  status: TaskCallView["status"];
  /** One line. */
  summary: string;
  input: unknown;
  /** What it changed was taken back since. */
  undone: boolean;
}

const MARKS = { waiting: "clock", done: "check", failed: "warn", denied: "stop", unknown: "warn" } as const;

/** A call of a tool: one line, and opened what it was given and what came of it, which is read only then. */
export function CallRow({ id, tool, status, summary, input, undone }: Props) {
  const [open, setOpen] = useState(false);
  const ended = status === "done" || status === "failed";
  return (
    <details
      className="tool"
      data-status={undone ? "undone" : status === "unknown" ? "failed" : status}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="tool-mark">
          {status === "running" ? <Loader size={14} aria-label="working" /> : <Icon name={undone ? "undo" : MARKS[status]} size={16} />}
        </span>
        <span className="tool-name">{toolTitle(tool)}</span>
        <span className="tool-summary">
          {undone ? (
            <>
              Undone: <s>{summary}</s>
            </>
          ) : (
            summary
          )}
        </span>
        <span className="tool-more">
          <Icon name="down" size={16} />
        </span>
      </summary>
      <CallTexts name="Input" value={input} />
      {open && ended && id !== null && <Output id={id} />}
    </details>
  );
}

function Output({ id }: { id: string }) {
  const query = useCallOutput(id);
  return (
    <div className="tool-output">
      <QueryView query={query} lines={1}>
        {({ output, untrusted }) => (
          <>
            <p className="tool-came">What came of it{untrusted === null ? "" : ` (${untrusted}, nobody vouches for it)`}</p>
            <CallTexts name="Output" value={output} />
          </>
        )}
      </QueryView>
    </div>
  );
}
