import { addDays, compareDays, inWeekOf, type Day, weekdayOf } from "../../dates/calendar.ts";
import { echoDay } from "../../dates/echo.ts";
import { findIsoInstant } from "../../dates/iso-instant.ts";
import { findTime, type TimeFound } from "../../dates/time-of-day.ts";
import { understandDate } from "../../dates/understand-date.ts";
import { blank, type Span, WEEKDAY, weekdayNamed } from "../../dates/words.ts";
import { at as localAt, toInstant, toLocal, wallClock } from "../../dates/zone.ts";
import { clockOf } from "../names.ts";
import { showing } from "../wall-clock.ts";
import { DEFAULT_TIME, type WhenContext } from "./recurring.ts";

export type OnceRead = { at: number; matched: readonly Span[] } | { ask: string };

const NEXT_WEEKDAY = new RegExp(`\\bnext (${WEEKDAY})\\b(?! week| after)`);
const PLAIN_WEEKDAY = new RegExp(`^\\s*(?:(?:on|by|for|due|before)\\s+)*(?:the |coming )?(${WEEKDAY})\\b(?!\\s*(?:week|after|,?\\s*\\d))`);
const END_OF_DAY = /\b(?:eod|end of (?:the )?(?:business |work(?:ing)? )?day)\b/;
/** Dates in digits are not sought for hours. */
const DIGITS = /\d{4}([-/.])\d{1,2}\1\d{1,2}|\b\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})\b|\b\d{1,2}\/\d{1,2}\b|\b\d{1,2}\.\d{1,2}\.(?!\d)/g;

/**
 * Reads one instant ("tomorrow at 9", "in 20 minutes"). Days and times are those of due dates (`dates/understand-date.ts`), with more questions, since a reminder cannot be looked at before it
 * is too late: a time that is over today, an hour without am or pm that comes twice today, "next Friday" where that is not the coming one, and "Friday" on a Friday. A day without a
 * time is at 9:00. Null: no time is in it.
 */
export function readOnce(normal: string, { saidAt, timeZone }: WhenContext): OnceRead | null {
  const read = understandDate(normal, { now: saidAt, timeZone });
  if (read.askedBack) return { ask: question(read.question ?? "") };
  if (read.at === null) return null;
  const { matched } = read;
  const words = masked(normal, matched);
  const today = toLocal(saidAt, timeZone);
  const next = nextWeekday(words, today);
  if (next) return next;
  const time = findIsoInstant(words, timeZone) ? null : timeIn(words);
  const isToday = compareDays(toLocal(read.at, timeZone), today) === 0;

  const plain = PLAIN_WEEKDAY.exec(dayWords(words, time));
  if (plain && weekdayNamed(plain[1] ?? "") === weekdayOf(today) && !isToday && /^\s*$/.test(dayWords(words, time).replace(plain[0], ""))) {
    const sooner = time && !time.endOfDay ? onDay(today, time, timeZone) : null;
    if (sooner === null || sooner > saidAt)
      return { ask: `Do you mean today or ${echoDay(addDays(today, 7))}? Say “today” or “in a week”${time ? ", with the time" : ""}.` };
  }
  if (!read.hasTime) {
    const day = toLocal(read.at, timeZone);
    const at = toInstant(localAt(day, END_OF_DAY.test(words) ? 17 : DEFAULT_TIME.hour), timeZone);
    if (at <= saidAt) return { ask: "At what time today should it be? Say for example “today at 18:00” or “in 2 hours”." };
    return { at, matched };
  }
  if (time?.open && time.timeZone === null) {
    const named = /[a-z0-9]/.test(dayWords(words, time).replace(/\b(?:at|by|on|around|about|before|until|for|due|today|the)\b/g, ""));
    if (!named) return openHour(time, /\btoday\b/.test(words), saidAt, timeZone, matched);
  }
  if (read.at <= saidAt) return { ask: question(`${read.echo} is in the past. When is it due?`) };
  return { at: time && time.timeZone === null ? notInGap(read.at, time, timeZone) : read.at, matched };
}

/** An hour that is one in the morning and one in the evening, with no day, or today. */
function openHour(time: TimeFound, saysToday: boolean, saidAt: number, timeZone: string, matched: readonly Span[]): OnceRead {
  const today = toLocal(saidAt, timeZone);
  const [early, late] = [time.hour % 12, (time.hour % 12) + 12].map((hour) => ({ hour, at: onDay(today, { ...time, hour }, timeZone) }));
  const [a, b] = [clockOf(early?.hour ?? 0, time.minute), clockOf(late?.hour ?? 0, time.minute)];
  if (!early || !late) return { ask: "When should it be?" };
  if (early.at > saidAt) return { ask: `Today at ${a} or at ${b}? Say it with am, pm or 24 hours.` };
  if (saysToday && (late.at <= saidAt || time.hour !== late.hour))
    return {
      ask: `Today at ${clockOf(time.hour, time.minute)} is over. Do you mean ${late.at > saidAt ? `today at ${b}, or ` : ""}tomorrow at ${clockOf(time.hour, time.minute)}?`,
    };
  if (late.at > saidAt) return { at: late.at, matched };
  return { ask: `Today that is over. Tomorrow at ${a} or at ${b}?` };
}

/** Due dates move a time that clocks leave out by the length of the gap. What happens then happens when clocks have changed, as what recurs does. */
function notInGap(at: number, { hour, minute, second }: TimeFound, timeZone: string): number {
  const shown = showing(wallClock(localAt(toLocal(at, timeZone), hour % 24, minute, second)), timeZone);
  return shown.kind === "never" ? shown.end : at;
}

const onDay = (day: Day, { hour, minute, second }: { hour: number; minute: number; second: number }, timeZone: string): number =>
  toInstant(localAt(addDays(day, Math.floor(hour / 24)), hour % 24, minute, second), timeZone);

/** "next Friday" on a Wednesday is this week's for some and next week's for others. */
function nextWeekday(words: string, today: Day): { ask: string } | null {
  const match = NEXT_WEEKDAY.exec(words);
  if (!match) return null;
  const weekday = weekdayNamed(match[1] ?? "");
  const coming = addDays(today, (weekday - weekdayOf(today) + 7) % 7 || 7);
  const later = addDays(inWeekOf(today, weekday), 7);
  if (compareDays(coming, later) === 0 && compareDays(coming, addDays(today, 1)) !== 0) return null;
  const other = compareDays(coming, later) === 0 ? addDays(coming, 7) : later;
  return { ask: `Is “${match[0]}” ${echoDay(coming)} or ${echoDay(other)}? Say it with the date.` };
}

function masked(text: string, spans: readonly Span[]): string {
  let words = " ".repeat(text.length);
  for (const { start, end } of spans) words = words.slice(0, start) + text.slice(start, end) + words.slice(end);
  return words;
}

function timeIn(words: string): TimeFound | null {
  const time = findTime(words.replace(DIGITS, (date) => " ".repeat(date.length)));
  return time && "spans" in time ? time : null;
}

const dayWords = (words: string, time: TimeFound | null): string => (time?.spans ?? []).reduce(blank, words);

/** The questions about due dates, for something that happens. */
const question = (text: string): string =>
  text
    .replace(/A due date is a single day; I cannot repeat a to-do yet\. Which day is it due first\?/, "How often should it be?")
    .replace(/\bis it due at\?/g, "is it?")
    .replace(/Which day is it due(?:, if)?/g, (words) => (words.endsWith("if") ? "Which day should it be, if" : "Which day should it be"))
    .replace(/\bWhen is it due in yours\?/g, "When is it in yours?")
    .replace(/\bWhen is it due\?/g, "When should it be?")
    .replace(/\bWhat time is it due\?/g, "At what time should it be?")
    .replace(/\bis it due\?/g, "should it be?");
