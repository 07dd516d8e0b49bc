import { findTime } from "../../dates/time-of-day.ts";
import type { Span } from "../../dates/words.ts";
import { clockOf } from "../names.ts";

export interface ClockTime {
  hour: number;
  minute: number;
}
/** `midnight`: said as a word, which begins or ends a day. */
export type ClockTimes = { times: ClockTime[]; spans: Span[]; midnight: boolean } | { ask: string };

const ITEM = "(?:\\d{1,2}(?:[:.h]\\d{2})?(?:\\s*[ap]\\.?\\s?m\\b\\.?)?|noon|midday|midnight)";
const AND = "(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+|\\s*&\\s*|\\s+plus\\s+)(?:at\\s+)?";
const LIST = new RegExp(`(?:\\b(?:at|around|about)\\s+|@\\s*|(?<=\\bday,?\\s+|^\\s*))${ITEM}(?:${AND}${ITEM})+(?![\\w:])`);

/**
 * The times of the day at which something recurs ("at 9 and 17", "at noon", "the morning"). An hour alone is taken as it stands where 7 to 12 o'clock is likelier (09:00), or where another
 * time is written with 24 hours; 1 to 6 o'clock is asked about, since a wrong guess would repeat itself. Null: no time was said.
 */
export function findClockTimes(text: string, timeZone: string): ClockTimes | null {
  const list = LIST.exec(text);
  const items = list ? [...list[0].matchAll(new RegExp(ITEM, "g"))].map(([item]) => `at ${item}`) : [text];
  const found = items.map((item) => findTime(item));
  const times: ClockTime[] = [];
  let midnight = false;
  const long = items.length > 1 && items.some((item) => /\b(?:1[3-9]|2[0-3]|0\d)\b(?:[:.h]|$)/.test(item));
  const half = list ? /[ap]\.?\s?m\.?\s*$/.exec(list[0]) : null;
  for (const [index, time] of found.entries()) {
    if (!time) return null;
    if ("problem" in time)
      return {
        ask: time.problem
          .replace(/(?:When|What time) is it due[^?]*\?/, "At what time should it be?")
          .replace("Which one is it due at?", "Say both with “and”."),
      };
    if (time.timeZone !== null && time.timeZone !== timeZone)
      return { ask: `I keep this in your own time zone, ${timeZone}. At what time is it there?` };
    let { hour } = time;
    if (time.endOfDay) hour = 17;
    if (time.open && long) hour = hour >= 13 ? hour - 12 : hour;
    else if (time.open && hour >= 13) {
      const last = found.at(-1);
      // "at 1 and 6pm": the last says it for both.
      const said = half && last && !("problem" in last) && index < found.length - 1 && last.hour >= 12 && hour <= last.hour;
      if (!said)
        return { ask: `Is it at ${clockOf(hour - 12, time.minute)} or at ${clockOf(hour, time.minute)}? Say it with am, pm or 24 hours.` };
    }
    midnight ||= /\bmid-?\s?night\b/.test(items[index] ?? "") && hour === 24;
    times.push({ hour: hour % 24, minute: time.minute });
  }
  const spans = list
    ? [{ start: list.index, end: list.index + list[0].length }]
    : found.flatMap((time) => (time && "spans" in time ? time.spans : []));
  return { times, spans, midnight };
}

const POINT = "(?:\\d{1,2}(?::\\d{2})?\\s*(?:[ap]\\.?m\\.?)?|noon|midnight)";
const WINDOW = new RegExp(`\\b(?:between|from)\\s+(?<from>${POINT})\\s*(?:and|to|till|until|-)\\s*(?<to>${POINT})(?![\\w:])`);
const OFFICE = /\b(?:during|in|within)\s+(?:the\s+)?(?:work(?:ing)?|business|office)\s+hours\b/;

/** The hours that "every 15 minutes between 9 and 17" is limited to. */
export function findHourWindow(text: string): { from: ClockTime; to: ClockTime; span: Span } | { ask: string } | null {
  const office = OFFICE.exec(text);
  if (office)
    return {
      from: { hour: 9, minute: 0 },
      to: { hour: 17, minute: 0 },
      span: { start: office.index, end: office.index + office[0].length },
    };
  const match = WINDOW.exec(text);
  if (!match?.groups) return null;
  const [from, to] = [findTime(`at ${match.groups["from"]}`), findTime(`at ${match.groups["to"]}`)];
  if (!from || !to || "problem" in from || "problem" in to) return null;
  if (from.hour >= to.hour || to.hour > 24)
    return { ask: "Between which hours of one day should it be? Say for example “between 9:00 and 17:00”." };
  return { from, to, span: { start: match.index, end: match.index + match[0].length } };
}
