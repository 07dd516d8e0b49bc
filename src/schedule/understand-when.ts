import { describeInstant, describeSpec } from "./describe.ts";
import { nextAfter } from "./next.ts";
import { parseWhen } from "./parse.ts";
import type { ScheduleSpec } from "./spec.ts";

/** What was understood of the words, with the first instant at which it is due, or a question that asks back. */
export type Understood = { ok: true; spec: ScheduleSpec; first: number; rest: string } | { ok: false; question: string };

export interface WhenContext {
  /** When the words were said, UTC milliseconds: "tomorrow" is said of that moment. */
  saidAt: number;
  now: number;
  /** IANA. */
  timeZone: string;
}

/** Words or cron as a time that is still to come. */
export function understandWhen(text: string, { saidAt, now, timeZone }: WhenContext): Understood {
  const parsed = parseWhen(text, { saidAt, timeZone });
  if (parsed.kind === "ask") return { ok: false, question: parsed.question };
  if (parsed.kind === "none")
    return {
      ok: false,
      question: `I do not see a time in “${shortened(text)}”. When? For example “tomorrow at 17:00”, “in 20 minutes” or “every weekday at 9”.`,
    };
  const { spec, rest } = parsed;
  // What was still to come when it was said, and is over only because it took so long, is made up for.
  const first = spec.kind === "once" ? (spec.at > saidAt ? spec.at : null) : nextAfter(spec, now, timeZone);
  if (first === null)
    return {
      ok: false,
      question:
        spec.kind === "once"
          ? `${describeInstant(spec.at, timeZone)} is over. When shall it be?`
          : `That is due never again: ${describeSpec(spec, timeZone)}. When shall it be?`,
    };
  return { ok: true, spec, first, rest };
}

/** Words of the user's in a sentence of ours. */
export const shortened = (text: string, length = 80): string => {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
};
