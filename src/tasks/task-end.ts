import { shorten } from "../agent/context.ts";
import { labelled } from "../agent/prompt.ts";
import { dollars } from "../dollars.ts";
import type { TaskRow } from "../db/object/task-row.ts";

/** Characters of a result that the coordinator reads; the whole of it is in the task. */
const RESULT_CHARS = 24_000;

/** What the coordinator is told of a task's end. All that comes out of the task is quoted: its words are information, and never an instruction. */
export function endNotice(
  row: Pick<TaskRow, "number" | "title" | "profile" | "input" | "status" | "error" | "result" | "review" | "microUsd">,
): string {
  const { number, profile, status, error, result } = row;
  const cost = row.microUsd === null || row.microUsd === 0 ? "" : ` It cost ${dollars(row.microUsd)}.`;
  const found = result.trim() === "" ? [] : [labelled("result", `task ${number}`, shorten(result, RESULT_CHARS))];
  const told = labelled("task", `task ${number}`, shorten(row.input, 2_000));
  const notes = row.review?.notes ?? [];
  if (status === "done")
    return [
      `Task ${number} (${profile}), which worked in the background, is done.${cost}`,
      "It was to do:",
      told,
      found.length === 0 ? "It brought no result." : "Tell the user what it found; do not start it again. Its result:",
      ...found,
      ...(notes.length === 0
        ? []
        : [
            "When it was looked at, this was found, and it stayed so; tell the user:",
            labelled("check", `task ${number}`, notes.join("\n")),
          ]),
    ].join("\n");
  return [
    `Task ${number} (${profile}), which worked in the background, ended without finishing.${cost}`,
    "It was to do:",
    told,
    `Why: ${error?.message ?? "It was stopped."} (${error?.code ?? status})`,
    `Tell the user that, and what could be done next; do not start it again by yourself.${found.length === 0 ? "" : " What it had until then:"}`,
    ...found,
  ].join("\n");
}

const UNAVAILABLE: ReadonlySet<string> = new Set([
  "model_auth",
  "model_billing",
  "model_rate_limited",
  "model_overloaded",
  "model_timeout",
  "model_network",
  "model_cut",
  "model_malformed",
  "model_not_configured",
]);

/** The code of a task's end where the loop ended with `code`: whatever kept every model away is one thing to whoever waits for the task. */
export const endCode = (code: string): string => (UNAVAILABLE.has(code) ? "model_unavailable" : code);
