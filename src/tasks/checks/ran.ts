import type { CheckDeps, CheckedCall, CheckedTask, Finding } from "../checked-task.ts";

/** What a program is written in, by the end of its name. */
const PROGRAM = /\.(?:m?js|cjs|ts|mts|py|sh|rb|pl|r|sql)$/iu;
const WRITERS = new Set(["write_file", "edit_file"]);
/** Tools that run programs. */
const RUNNERS = new Set(["run_javascript", "run_shell", "run_python"]);
/** A result that says that something was run or passed. */
const CLAIMS =
  /\bI (?:have |just |also )*(?:ran|run|tested|executed)\b|\btests? (?:all )?pass(?:ed)?\b|\bpass(?:es|ed) (?:all|its|every)\b/iu;
/** A result that says that it was not. */
const ADMITS = /\b(?:not|n't|never) (?:been )?(?:run|tested|executed)\b|\bcould not run\b|\buntested\b/iu;

/** A program is run after its last change before a task ends with it; where it was not, or the last run went wrong, the result says so. */
export function checkRan({ result, calls }: CheckedTask, { written }: Pick<CheckDeps, "written">): Finding[] {
  // A run that failed was one.
  const done = calls.filter(({ state, tool }) => state === "done" || (state === "failed" && RUNNERS.has(tool)));
  const lastRun = done.findLastIndex(({ tool }) => RUNNERS.has(tool));
  const there = new Set(written().filter((path) => PROGRAM.test(path)));
  const unrun = new Set(done.flatMap((call, index) => (index < lastRun ? [] : writtenBy(call).filter((path) => there.has(path)))));
  const programs = [...unrun].toSorted();
  if (programs.length > 0 && !ADMITS.test(result))
    return [
      {
        correct: `${programs.slice(0, 5).join(", ")} ${programs.length === 1 ? "was" : "were"} changed and not run afterwards. Run it, with its test, or say plainly that it was not run.`,
        note: `Not run after the last change: ${programs.slice(0, 5).join(", ")}${programs.length > 5 ? ` and ${programs.length - 5} more` : ""}.`,
      },
    ];
  const last = done[lastRun];
  if (last !== undefined && there.size > 0 && failed(last) && !ADMITS.test(result))
    return [
      {
        correct:
          "The last run ended with an error. Mend what is wrong and run it again, or say plainly in the result that it fails, and how.",
        note: "The last run of it ended with an error.",
      },
    ];
  if (last === undefined && CLAIMS.test(result))
    return [{ correct: "The result says that something was run, and nothing was. Run it, or take that out.", note: "Nothing was run." }];
  return [];
}

/** What a call wrote. What a run wrote itself it has not run. */
function writtenBy(call: CheckedCall): string[] {
  if (WRITERS.has(call.tool)) return [pathOf(call)];
  const output = call.tool === "run_javascript" ? call.output() : null;
  const files: unknown = typeof output === "object" && output !== null && "files_written" in output ? output.files_written : [];
  return Array.isArray(files) ? files.map(String) : [];
}

function pathOf({ input }: CheckedCall): string {
  const path: unknown = typeof input === "object" && input !== null && "path" in input ? input.path : "";
  const text = String(path).trim();
  return text.startsWith("/") ? text : `/${text}`;
}

/** Whether a run says that it went wrong: an error of the code, or an exit code that is not 0. */
function failed(call: CheckedCall): boolean {
  const output = call.output();
  if (typeof output !== "object" || output === null) return false;
  if ("error" in output) return true;
  return "exit_code" in output && output.exit_code !== 0;
}
