import { addDays, type Day, lastOfMonth } from "../../dates/calendar.ts";
import { DURATION, readDuration, shiftDay } from "../../dates/duration.ts";
import { findTime } from "../../dates/time-of-day.ts";
import { understandDate } from "../../dates/understand-date.ts";
import { blank, MONTH, NUMBER_WORD, numberOf, type Span, without } from "../../dates/words.ts";
import { at as localAt, endOfDay, toInstant, toLocal } from "../../dates/zone.ts";
import type { ClockTime } from "./clock-times.ts";

/** When what recurs begins and ends. Instants are UTC ms. */
export interface Bounds {
  from?: number;
  /** The time of the day that "starting tomorrow at 8" says with it. */
  fromTime?: ClockTime;
  until?: number;
  /** "for two weeks": how long from its start. Days are of the calendar. */
  lasting?: (start: number) => number;
  /** "for an hour": for what comes more often. */
  lastingMs?: number;
  /** "5 times". */
  times?: number;
  /** The text without them. */
  text: string;
}

const UNTIL = /\b(?:until|till|til|up to|through|thru|ending(?: on)?|ends?(?: on)?)\s+(?<what>.+)$/;
const FROM = /\b(?<word>starting|beginning|commencing|effective|as of|from|starts|begins)(?:\s+(?:on|from|at))?\s+(?<what>.+)$/;
const FOREVER = /\b(?:until|till)\s+(?:further notice|i (?:say|tell)\b.*|i cancel\b.*)|\bforever\b|\bindefinitely\b/;
const FOR = new RegExp(`\\b(?:for|over)\\s+(?:the\\s+)?(?:next\\s+)?(?<duration>${DURATION}|(?<=next )(?:day|week|month|year))`);
const TIMES = new RegExp(
  `,?\\s*\\b(?:for\\s+|only\\s+)?(?<count>\\d{1,4}|${NUMBER_WORD})\\s+(?:times|occurrences)\\b(?!\\s+(?:a|an|per|each|every)\\b)(?:\\s+in total)?`,
);
const NOT_A_DATE = /\b(?:every|each|daily|weekly|weekdays|weekends)\b/;

interface Context {
  now: number;
  timeZone: string;
}

/** Finds when what recurs begins and ends: "until June", "for two weeks", "5 times", "starting Monday". `often`: what
 * recurs comes all day long, and has no time of its own that "until 1 June at 9" could mean. A question, where a date in it is not clear. */
export function findBounds(normal: string, context: Context, often: boolean): Bounds | { ask: string } {
  const bounds: Bounds = { text: normal };
  const take = (span: Span): void => {
    bounds.text = blank(bounds.text, span);
  };
  const forever = FOREVER.exec(bounds.text);
  if (forever) take({ start: forever.index, end: forever.index + forever[0].length });
  const times = TIMES.exec(bounds.text);
  if (times) {
    bounds.times = numberOf(times.groups?.["count"] ?? "") ?? 1;
    take({ start: times.index, end: times.index + times[0].length });
  }
  const lasting = FOR.exec(bounds.text);
  const words = lasting?.groups?.["duration"] ?? "";
  const length = lasting ? readDuration(/^[a-z]+$/.test(words) ? `1 ${words}` : words) : null;
  if (lasting && length) {
    if (length.ms > 0) bounds.lastingMs = length.ms + length.days * 86_400_000;
    else {
      bounds.lasting = (start) => {
        const local = toLocal(start, context.timeZone);
        return toInstant({ ...local, ...shiftDay(local, length, 1) }, context.timeZone);
      };
      take({ start: lasting.index, end: lasting.index + lasting[0].length });
    }
  }
  const until = UNTIL.exec(bounds.text);
  if (until) {
    const hasTime = often || findTime(blank(bounds.text, { start: until.index, end: bounds.text.length })) !== null;
    const read = (hasTime ? null : dateAt(until, context, true)) ?? dateAt(until, context);
    if (read && "ask" in read) return read;
    if (read) {
      bounds.until = lastInstant(read, context, /^(?:through|thru)/.test(until[0]));
      take(read.span);
    }
  }
  const from = FROM.exec(bounds.text);
  if (from) {
    const read = dateAt(from, context);
    if (read && "ask" in read && from.groups?.["word"] !== "from") return read;
    if (read && "at" in read) {
      const local = toLocal(read.at, context.timeZone);
      if (read.hasTime) bounds.fromTime = { hour: local.hour, minute: local.minute };
      bounds.from = read.hasTime ? read.at : endOfDay(addDays(local, -1), context.timeZone) + 1;
      take(read.span);
    }
  }
  return bounds;
}

/** Takes the length of time out that "every 10 minutes for an hour" ends after; in "every day meditate for an hour" it stays. */
export const withoutLength = (text: string): string => {
  const match = FOR.exec(text);
  return match ? blank(text, { start: match.index, end: match.index + match[0].length }) : text;
};

interface DateRead {
  at: number;
  hasTime: boolean;
  words: string;
  span: Span;
}

/** Reads the longest run of words behind the match's first that is a date and nothing else. */
function dateAt(match: RegExpExecArray, context: Context, dayOnly = false): DateRead | { ask: string } | null {
  const what = match.groups?.["what"] ?? "";
  const start = match.index + match[0].length - what.length;
  const ends = [...what.matchAll(/\S+/g)].slice(0, 7).map((word) => word.index + word[0].length);
  let question: string | null = null;
  for (const end of ends.toReversed()) {
    const words = what.slice(0, end).replace(/[,.!?]+$/, "");
    if (NOT_A_DATE.test(words) || (/\s(?:at|@|every|each)$/.test(words) && end !== ends[0])) continue;
    if (/^20\d\d$/.test(words)) {
      const day = { year: Number(words), month: 1, day: 1 };
      return { at: endOfDay(day, context.timeZone), hasTime: false, words, span: { start: match.index, end: start + end } };
    }
    const understood = understandDate(words, context);
    if (understood.at !== null && !(dayOnly && understood.hasTime) && /^[\s,.]*$/.test(without(words, understood.matched)))
      return { at: understood.at, hasTime: understood.hasTime, words, span: { start: match.index, end: start + end } };
    // "from 9", "until 17" are hours, and "until dinner" is nothing that can be counted.
    if (understood.askedBack && !/^\d{1,2}$/.test(words)) question = understood.question ?? null;
  }
  return question === null || dayOnly
    ? null
    : { ask: question.replace(/(?:Which day|When) is it due[^?]*\?/, "On which day does it begin or end?") };
}

/** A day is included. A month, a week or a year that begins then is not: "until June" ends with May, but "through June" with June. */
function lastInstant({ at, hasTime, words }: DateRead, { timeZone }: Context, through: boolean): number {
  if (hasTime) return at;
  const day: Day = toLocal(at, timeZone);
  if (/^(?:the )?end of /.test(words)) return at;
  if (new RegExp(`^(?:${MONTH})(?: (?:of )?20\\d\\d)?$`).test(words)) {
    if (through) return endOfDay(lastOfMonth(day.year, day.month), timeZone);
    return day.day === 1 ? dayBefore(day, timeZone) : at;
  }
  if (/^20\d\d$|^(?:the )?(?:start|beginning) of |^next (?:week|month|year)$/.test(words)) return dayBefore(day, timeZone);
  return at;
}

const dayBefore = (day: Day, timeZone: string): number => toInstant(localAt(day, 0), timeZone) - 1;
