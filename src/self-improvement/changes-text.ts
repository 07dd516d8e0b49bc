import { lineDiff } from "../skills/line-diff.ts";
import type { Trial } from "./trial.ts";

/** Lines of a comparison that a question shows; all of it is in the arguments. */
const MAX_LINES = 30;
const MAX_LINE = 160;

/** What differs between the files of two versions, in lines with their sign; `before` empty: it is new, and nothing is compared. */
export function changesText(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  if (before.size === 0) return "";
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    if (now === undefined) return [`${path} is deleted.`];
    if (old === undefined) return [`${path} is new.`];
    const changed = lineDiff(old, now).flatMap((line) =>
      line.kind === "added" ? [`+ ${cutTo(line.text)}`] : line.kind === "removed" ? [`− ${cutTo(line.text)}`] : [],
    );
    return [`${path}:`, ...changed];
  });
  if (lines.length === 0) return "Nothing is changed.";
  return [
    "Changes:",
    ...lines.slice(0, MAX_LINES),
    ...(lines.length > MAX_LINES ? [`… and ${lines.length - MAX_LINES} lines more`] : []),
  ].join("\n");
}

/** How a draft did when it was tried. */
export function trialText(trial: Trial | null): string {
  if (trial === null) return "It was not tried.";
  // What a program said makes no lines of its own.
  const cut = (text: string): string => cutTo(text.replaceAll(/\s+/gu, " "));
  const failed = trial.runs.filter(({ ok }) => !ok);
  const tried =
    trial.runs.length === 0
      ? "It has no program that was tried."
      : `Tried on ${trial.runs.length === 1 ? "one example" : `${trial.runs.length} examples`}: ${failed.length === 0 ? "all went well." : `${failed.length} failed (${cut(failed[0]?.text ?? "")}).`}`;
  return [tried, ...trial.problems.slice(0, 3).map(cut)].join(" ");
}

const cutTo = (text: string): string => (text.length <= MAX_LINE ? text : `${text.slice(0, MAX_LINE - 1).toWellFormed()}…`);
