import { z } from "zod";
import { plainOutcome } from "../tools/compiled-tool.ts";
import type { RecordedCall } from "../tools/gate-deps.ts";
import { StoredStep } from "./stored-step.ts";
import { calledTool } from "./tool-offer.ts";

/** A row of a turn's journal: what a finished step returned, as JSON. */
export interface JournalRow {
  name: string;
  result: string;
}

const Said = z.object({
  step: z.object({ text: z.string(), calls: z.array(z.object({ callId: z.string(), tool: z.string(), input: z.unknown() })) }),
});
const Done = StoredStep.shape.calls.element.omit({ callId: true, tool: true, input: true });

/** A call whose result the journal does not have. One that ran may have done anything, so that nobody must take it for not done. */
const NOT_BEGUN = Done.parse(plainOutcome("failed", { error: "Interrupted before it began." }, "Not done."));
const STOPPED = Done.parse(
  plainOutcome("failed", { error: "Stopped while it ran: how much of it was done is not known." }, "Stopped while it ran."),
);
const withoutResult = (state: RecordedCall["state"] | null): z.infer<typeof Done> =>
  state === null || state === "waiting" || state === "denied" ? NOT_BEGUN : STOPPED;

/**
 * What a turn had said and done when it was ended from outside, so that the answer, and every later turn, knows of it: the finished steps of the journal,
 * and of a step that was still being said what was `shown` of it. `stateOf`: what the record of calls has of one, by its number in the turn.
 */
export function journaledSteps(
  rows: readonly JournalRow[],
  shown: readonly StoredStep[],
  stateOf: (callId: string) => RecordedCall["state"] | null,
): StoredStep[] {
  const tools = new Map(
    rows.filter(({ name }) => name.startsWith("tool:")).map(({ name, result }) => [name.slice(5), Done.parse(JSON.parse(result))]),
  );
  const steps: StoredStep[] = [];
  for (const { name, result } of rows) {
    // `model:2` is the third call, `model:2:1` its second try; a try that failed has no step.
    const n = /^model:(\d+)(?::\d+)?$/.exec(name)?.[1];
    const said = n === undefined ? null : Said.safeParse(JSON.parse(result));
    if (n === undefined || said?.success !== true) continue;
    const { text, calls } = said.data.step;
    steps[Number(n)] = {
      text,
      calls: calls.map((call, index) => {
        const callId = `${n}.${index}`;
        return { callId, ...calledTool(call), ...(tools.get(callId) ?? withoutResult(stateOf(callId))) };
      }),
    };
  }
  return [...steps.filter((step) => step !== undefined), ...shown.slice(steps.length)];
}
