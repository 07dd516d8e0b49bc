import { blank, normalise } from "../dates/words.ts";
import { parseCron } from "./cron-expression.ts";
import { nextAfter } from "./next.ts";
import type { ScheduleSpec } from "./spec.ts";
import { readOnce } from "./words/once.ts";
import { readRecurring } from "./words/recurring.ts";
import { restOf } from "./words/rest-of.ts";

export { parseCron };

/** What was understood. `rest`: the words that are not about time ("call mum"). `ask`: a sentence that asks back and says what to write instead. `none`: nothing is about time. */
export type ParsedWhen = { kind: "spec"; spec: ScheduleSpec; rest: string } | { kind: "ask"; question: string } | { kind: "none" };

/** Longer texts are read up to here (UTF-16 units). */
const MAX_LENGTH = 1_000;

/**
 * Plain words or a cron line to a spec, as they are meant when said at `saidAt` (UTC ms) in an IANA zone. Never throws for any text (but RangeError for an unknown zone). What is ambiguous or
 * over is asked back about, never guessed; what has a usual meaning is taken with it, and `describeSpec()` says what that was:
 * - No time of the day: 9:00. Morning 9:00, noon and lunch 12:00, afternoon 15:00, evening and night 20:00, end of the day 17:00.
 * - An hour without am or pm on another day is the one people are awake in: 7 to 11 in the morning, 12 noon, 1 to 6 in the afternoon. Today or with no day it is the one that is still ahead,
 *   and a question where both are. What recurs takes 7 to 12 as it stands and asks about 1 to 6.
 * - "every hour" is on the hour, "every 2 hours" is counted from now. "every other Monday" begins with the coming one. "every 2 weeks" without a day is the weekday it is said on.
 * - "until 1 June" includes that day, "until June" does not include June.
 */
export function parseWhen(text: string, options: { saidAt: number; timeZone: string }): ParsedWhen {
  const said = text.slice(0, MAX_LENGTH);
  const line = said.trim().replace(/^(?:cron:?\s+)?[`"“']?(.*?)[`"”']?$/is, "$1");
  const cron = cronIn(line);
  if (cron) {
    const parsed = parseCron(cron.line);
    if (!parsed.ok) return { kind: "ask", question: parsed.message };
    const spec: ScheduleSpec = { kind: "cron", expression: parsed.expression, until: null };
    if (nextAfter(spec, options.saidAt, options.timeZone) === null)
      return { kind: "ask", question: `“${cron.line}” never comes. Which days should it be?` };
    return { kind: "spec", spec, rest: restOf(cron.rest, cron.rest) };
  }
  const normal = normalise(said);
  const recurring = readRecurring(normal, options);
  if (recurring) {
    return "ask" in recurring
      ? { kind: "ask", question: recurring.ask }
      : { kind: "spec", spec: recurring.spec, rest: restOf(said, recurring.text) };
  }
  const once = readOnce(normal, options);
  if (!once) return { kind: "none" };
  if ("ask" in once) return { kind: "ask", question: once.ask };
  return { kind: "spec", spec: { kind: "once", at: once.at }, rest: restOf(said, once.matched.reduce(blank, normal)) };
}

const CRON_FIELD =
  /^\+?(?:[\d*?/,#LW-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat|(?:january|february|march|april|june|july|august|september|october|november|december)|(?:sun|mon|tues|wednes|thurs|fri|satur)day)+$/i;

/** Whether a text is meant as a cron line, right or wrong: a nickname, or about five fields that begin with two of digits and signs. */
export function looksLikeCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length === 1) return /^@[a-z]+$/i.test(fields[0] ?? "");
  return (
    fields.length >= 4 &&
    fields.length <= 7 &&
    fields.every((field) => CRON_FIELD.test(field)) &&
    fields.slice(0, 2).every((field) => /^[\d*?/,-]+$/.test(field))
  );
}

/** A whole cron line, right or wrong, or a right one with words behind it ("0 9 * * 1-5 summarise my inbox"). */
function cronIn(text: string): { line: string; rest: string } | null {
  if (looksLikeCron(text)) return { line: text, rest: "" };
  const [line] = /^(?:@[a-z]+|\S+(?:\s+\S+){4})(?=[\s:,])/i.exec(text) ?? [];
  if (line === undefined || !looksLikeCron(line) || !/[*@]/.test(line) || !parseCron(line).ok) return null;
  return { line, rest: text.slice(line.length) };
}
