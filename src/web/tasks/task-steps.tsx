import type { TaskCallView, TaskStepView } from "../api/tasks.ts";
import { clock, fullTime } from "../lib/time.ts";
import { CallRow } from "../ui/call-row.tsx";
import { CALLS } from "./task-words.ts";

/** Every model call of a task, with what it said and the tools it used. */
export function TaskSteps({ task, steps, open, result }: { task: string; steps: TaskStepView[]; open: boolean; result: string }) {
  if (steps.length === 0) return <p className="dim">{open ? "None yet." : "It took none."}</p>;
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <li key={step.step}>
          <div className="step-head">
            <b>Step {step.step + 1}</b>
            <time dateTime={new Date(step.at).toISOString()} title={fullTime(step.at)}>
              {clock(step.at)}
            </time>
          </div>
          {step.text.trim() === "" && step.calls.length === 0 && !(open && index === steps.length - 1) && (
            <p className="dim">It asked for a tool in a wrong form, or for one that it does not have.</p>
          )}
          <StepText text={step.text.trim()} result={result.trim()} />
          {step.calls.length > 0 && (
            <ul className="tools" aria-label={`Tools of step ${step.step + 1}`}>
              {step.calls.map((call) => (
                <li key={call.call_id}>
                  <Call task={task} call={call} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}

/** What it said. The last step says the result, which is shown already. */
function StepText({ text, result }: { text: string; result: string }) {
  if (text === "") return null;
  if (text === result || (text.length > 40 && result.startsWith(text))) return <p className="dim">Wrote the result.</p>;
  return <p className="plain step-text">{text}</p>;
}

function Call({ task, call }: { task: string; call: TaskCallView }) {
  const { call_id: id, tool, status, summary, input, undone = false } = call;
  const said = summary === "" ? CALLS[status] : summary;
  return <CallRow id={`${task}:${id}`} tool={tool} status={status} summary={said} input={input} undone={undone} />;
}
