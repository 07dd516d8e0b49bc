import { SWITCHED_OFF } from "../../sandbox/linux/file-rules.ts";
import { MAX_IN_BYTES, MAX_SYNCED_FILE } from "../../sandbox/linux/sync.ts";
import type { LinuxRan } from "../../sandbox/linux/linux-sessions.ts";
import { sizeOf } from "../../workspace/size-of.ts";

/** Paths of one kind that a model is told; of more, how many. */
const SHOWN = 40;

/** What a model reads of a command that ran. */
export function outputOf({ exit, stdout, stderr, went, came, rules, anew }: LinuxRan): Record<string, unknown> {
  const written = [...went.report.written, ...came.written];
  const beside = written.filter((one) => one.beside !== null);
  const plain = written.filter((one) => one.beside === null);
  const notes = [
    ...(exit.ended === "exit" ? [] : [ENDED[exit.ended]]),
    ...(anew
      ? ["The Linux was started anew since the last command: what was installed, and what lay outside of the work folder, is gone."]
      : []),
    ...(rules.read ? [] : [SWITCHED_OFF.read]),
    ...(went.leftOut.files === 0
      ? []
      : [
          `${went.leftOut.files === 1 ? "1 file" : `${went.leftOut.files} files`} (${sizeOf(went.leftOut.bytes)}) did not go in: of at most ${sizeOf(MAX_SYNCED_FILE)} each, and together ${sizeOf(MAX_IN_BYTES)}, those do that changed last. Name what you need in paths.`,
        ]),
    ...(beside.length === 0 ? [] : ["Files that somebody changed meanwhile were left as they are; the Linux's version lies beside each."]),
  ];
  return {
    exit_code: exit.code,
    ...(exit.signal === null ? {} : { signal: exit.signal }),
    stdout,
    ...(stderr === "" ? {} : { stderr }),
    ...some(
      "added",
      plain.filter(({ before }) => before === null).map(({ path }) => path),
    ),
    ...some(
      "changed",
      plain.filter(({ before }) => before !== null).map(({ path }) => path),
    ),
    ...some(
      "deleted",
      came.deleted.map(({ path }) => path),
    ),
    ...some(
      "kept_beside",
      beside.map((one) => `${one.path} (of ${one.beside})`),
    ),
    ...some(
      "not_saved",
      // What lies there since the last command was found before this one and after it.
      [...new Set([...went.report.notSaved, ...came.notSaved].map(({ path, why }) => `${path}: ${why}`))],
    ),
    ...some(
      "not_put_in",
      went.refused.map(({ path, why }) => `${path}: ${why}`),
    ),
    ...some(
      "stays_in_the_linux",
      came.skipped.map(({ path, files }) => `${path} (${files} files)`),
    ),
    ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
  };
}

/** One line for a person. What went wrong stands first, since the end of a long line is not seen. */
export function summaryOf(what: string, { exit, came }: LinuxRan): string {
  const wrong =
    exit.ended !== "exit" ? ENDED[exit.ended].replace(/\.$/u, "") : exit.code === 0 ? null : `Exit code ${exit.code ?? exit.signal}`;
  const files = came.written.length + came.deleted.length;
  const changed = files === 0 ? "" : ` (${files} ${files === 1 ? "file" : "files"} changed)`;
  return `${wrong === null ? "" : `${wrong}: `}${what}${changed}`;
}

const ENDED: Record<Exclude<LinuxRan["exit"]["ended"], "exit">, string> = {
  timeout: "It took too long and was ended.",
  cpu: "It used up its CPU time and was ended.",
  memory: "It took more memory than it may and was ended.",
  output: "It printed more than it may and was ended.",
  disk: "It made more files than it may and was ended.",
  killed: "It was ended from outside.",
  gone: "The Linux itself ended.",
};

function some(name: string, items: readonly string[]): Record<string, unknown> {
  if (items.length === 0) return {};
  return { [name]: items.length <= SHOWN ? items : [...items.slice(0, SHOWN), `… and ${items.length - SHOWN} more`] };
}
