import { addDays, weekdayOf } from "../../dates/calendar.ts";
import { isRecurring } from "../../dates/recurring.ts";
import { understandDate } from "../../dates/understand-date.ts";
import { blank } from "../../dates/words.ts";
import { endOfDay, toInstant, toLocal } from "../../dates/zone.ts";
import { nextAfter, upcoming } from "../next.ts";
import type { CronSpec, EveryNth, ScheduleSpec } from "../spec.ts";
import { type Bounds, findBounds, withoutLength } from "./bounds.ts";
import { type ClockTime, findClockTimes, findHourWindow } from "./clock-times.ts";
import { findFrequency, findWeekdayLimit, type Frequency } from "./frequency.ts";

export interface WhenContext {
  saidAt: number;
  timeZone: string;
}
/** `text`: the normalised words with what was understood as blanks, so that the rest can be cut out of what was written. */
export type RecurringRead = { spec: ScheduleSpec; text: string } | { ask: string };

/** Where no time of the day is said. */
export const DEFAULT_TIME: ClockTime = { hour: 9, minute: 0 };

const EXAMPLES = "Say for example “every weekday at 9:00”, “every other Monday at 10:00” or “on the 1st of each month at 12:00”.";
const SEVERAL = `That is more than one schedule: please say them one after the other. ${EXAMPLES}`;
const NEVER = "That would never come. Which days should it be?";

/** Reads words that say that something comes again and again. Null: they say nothing of the kind. */
export function readRecurring(normal: string, context: WhenContext): RecurringRead | null {
  const dates = { now: context.saidAt, timeZone: context.timeZone };
  const spoken = findFrequency(normal);
  if (!spoken) return isRecurring(normal) ? { ask: `I did not understand how often that is. ${EXAMPLES}` } : null;
  const often = "frequency" in spoken && (spoken.frequency.kind === "interval" || spoken.frequency.kind === "hourly");
  const bounds = boundsOf(normal, dates, often);
  if ("ask" in bounds) return bounds;
  const found = findFrequency(bounds.text);
  if (!found) return { ask: `I did not understand how often that is. ${EXAMPLES}` };
  if ("ask" in found) return found;
  const { frequency } = found;
  if ("every" in frequency && (frequency.every < 1 || frequency.every > 1_000)) return { ask: `I can count from 1 to 1,000. ${EXAMPLES}` };
  const limit = findWeekdayLimit(found.text);
  if (findFrequency(limit ? blank(found.text, limit.span) : found.text)) return { ask: SEVERAL };
  return frequency.kind === "interval" || frequency.kind === "hourly"
    ? oftenSpec(frequency, found.text, bounds, context)
    : dailySpec(frequency, found.text, bounds, context);
}

const WEEKDAY_RANGE =
  /\b(?:from )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* ?(?:-|to|till|until|through|thru) ?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b/;

/** "Monday till Friday" and "from 9 to 17" are no ends: they are hidden while ends are sought. */
function boundsOf(normal: string, dates: { now: number; timeZone: string }, often: boolean): Bounds | { ask: string } {
  const window = findHourWindow(normal);
  const range = WEEKDAY_RANGE.exec(normal);
  const hidden = [
    ...(window && "span" in window ? [window.span] : []),
    ...(range ? [{ start: range.index, end: range.index + range[0].length }] : []),
  ];
  const bounds = findBounds(hidden.reduce(blank, normal), dates, often);
  if ("ask" in bounds) return bounds;
  for (const { start, end } of hidden) bounds.text = bounds.text.slice(0, start) + normal.slice(start, end) + bounds.text.slice(end);
  return bounds;
}

/** What comes every so many minutes or hours. */
function oftenSpec(
  frequency: Extract<Frequency, { kind: "interval" | "hourly" }>,
  words: string,
  bounds: Bounds,
  context: WhenContext,
): RecurringRead {
  let text = bounds.lastingMs === undefined ? words : withoutLength(words);
  const limit = findWeekdayLimit(text);
  if (limit) text = blank(text, limit.span);
  const window = findHourWindow(text);
  if (window && "ask" in window) return window;
  if (window) text = blank(text, window.span);
  const start = bounds.from ?? context.saidAt;
  if (frequency.kind === "interval" && !limit && !window) {
    const times = findClockTimes(text, context.timeZone);
    if (times && "ask" in times) return times;
    if (times)
      return { ask: "Should it come at one time of the day, or all day long? Say for example “every 2 hours”, or “every day at 9:00”." };
    const morning = bounds.from !== undefined && bounds.fromTime === undefined;
    const anchor = morning ? toInstant({ ...toLocal(start, context.timeZone), ...DEFAULT_TIME }, context.timeZone) : start;
    return finish({ kind: "every", ms: frequency.ms, anchor, until: null }, text, bounds, context, { start, often: true });
  }
  const weekdays = limit ? weekdayField(limit.weekdays) : "*";
  const field = frequency.kind === "hourly" ? { minute: frequency.minute, step: 1 } : stepOf(frequency.ms);
  if (!field)
    return {
      ask: "Within hours or days I can only repeat what divides an hour or a day evenly. Say for example “every 15 minutes” or “every 2 hours”.",
    };
  const last = window ? (window.to.minute === 0 && field.minute.includes("*") ? window.to.hour - 1 : window.to.hour) : 23;
  if (window && (window.from.minute !== 0 || window.to.minute !== 0))
    return { ask: "Between which full hours should it be? Say for example “between 9:00 and 17:00”." };
  const hour = window
    ? `${window.from.hour}-${Math.min(last, 23)}${field.step > 1 ? `/${field.step}` : ""}`
    : field.step > 1
      ? `*/${field.step}`
      : "*";
  const spec: CronSpec = {
    kind: "cron",
    expression: `${field.minute} ${hour} * * ${weekdays}`,
    until: null,
    ...(bounds.from === undefined ? {} : { from: bounds.from }),
  };
  return finish(spec, text, bounds, context, { start, often: true });
}

function stepOf(ms: number): { minute: string; step: number } | null {
  const minutes = ms / 60_000;
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0) return { minute: minutes === 1 ? "*" : `*/${minutes}`, step: 1 };
  return minutes % 60 === 0 && 24 % (minutes / 60) === 0 ? { minute: "0", step: minutes / 60 } : null;
}

/** What comes on certain days, at certain times of them. */
function dailySpec(
  said: Exclude<Frequency, { kind: "interval" | "hourly" }>,
  words: string,
  bounds: Bounds,
  context: WhenContext,
): RecurringRead {
  const { saidAt, timeZone } = context;
  let text = words;
  let frequency = said;
  if (frequency.kind === "daily" || frequency.kind === "weekly") {
    const limit = findWeekdayLimit(text);
    if (limit) {
      text = blank(text, limit.span);
      const before = frequency.kind === "weekly" ? frequency.weekdays : null;
      const weekdays = limit.weekdays.filter((day) => before === null || before.includes(day));
      if (weekdays.length === 0) return { ask: SEVERAL };
      frequency = { kind: "weekly", every: frequency.every, weekdays };
    }
  }
  if (findHourWindow(text)) return { ask: "At what time of the day should it be? Say one, or several: “every day at 9:00 and 17:00”." };
  const clock = findClockTimes(text, timeZone);
  if (clock && "ask" in clock) return clock;
  for (const span of clock?.spans ?? []) text = blank(text, span);
  const times = clock?.times ?? [bounds.fromTime ?? DEFAULT_TIME];
  const often = /\b(once|twice|thrice|\w+ times) (?:a|per|every|each) day\b/.exec(bounds.text)?.[1];
  const wanted =
    often === undefined
      ? null
      : { once: 1, twice: 2, thrice: 3, "two times": 2, "three times": 3, "3 times": 3, "2 times": 2, "4 times": 4 }[often];
  if (often !== undefined && often !== "once" && wanted !== times.length)
    return { ask: `At which times is “${often} a day”? Say for example “every day at 9:00 and 17:00”.` };
  if (clock?.midnight && frequency.kind !== "daily")
    return { ask: "Is that the midnight that begins the day or the one that ends it? Say “at 0:00”, or “at 23:59”." };
  if (frequency.kind === "yearly" && frequency.on === null) {
    const date = understandDate(text, { now: saidAt, timeZone });
    if (date.at === null) return { ask: "On which date of the year should it be? Say for example “every year on 3 March at 9:00”." };
    const local = toLocal(date.at, timeZone);
    for (const span of date.matched) text = blank(text, span);
    frequency = { ...frequency, on: { month: local.month, day: local.day } };
  }
  // The time of "starting tomorrow at 8" is the time of every day.
  const from = bounds.from === undefined ? undefined : endOfDay(addDays(toLocal(bounds.from, timeZone), -1), timeZone) + 1;
  const start = from ?? saidAt;
  const days = dayFields(frequency, start, timeZone);
  if ("ask" in days) return days;
  const [expression = "", ...also] = timeFields(times).map((time) => `${time} ${days.fields}`);
  const plain: CronSpec = {
    kind: "cron",
    expression,
    until: null,
    ...(also.length > 0 ? { also } : {}),
    ...(from === undefined ? {} : { from }),
  };
  const first = nextAfter(plain, Math.max(saidAt, start - 1), timeZone);
  if (first === null) return { ask: NEVER };
  const nth: EveryNth | undefined =
    days.unit && frequency.every > 1 ? { count: frequency.every, unit: days.unit, anchor: days.fromStart ? start : first } : undefined;
  return finish(nth ? { ...plain, nth } : plain, text, bounds, context, { start, often: false });
}

/** As few cron lines as say these times: minutes and hours multiply in one. */
function timeFields(times: readonly ClockTime[]): string[] {
  const byMinute = new Map<number, Set<number>>();
  for (const { hour, minute } of times) byMinute.set(minute, (byMinute.get(minute) ?? new Set()).add(hour));
  const sorted = (numbers: Iterable<number>): string => [...numbers].sort((a, b) => a - b).join(",");
  const byHours = new Map<string, number[]>();
  for (const [minute, hours] of byMinute) byHours.set(sorted(hours), [...(byHours.get(sorted(hours)) ?? []), minute]);
  return [...byHours].map(([hours, minutes]) => `${sorted(minutes)} ${hours}`);
}

function weekdayField(weekdays: readonly number[]): string {
  const field = weekdays.toSorted((a, b) => a - b).join(",");
  if (field === "1,2,3,4,5") return "1-5";
  return field === "0,1,2,3,4,5,6" ? "*" : field;
}

/** The last three fields. `fromStart`: no day was said, so it is counted from the day it starts on. */
function dayFields(
  frequency: Exclude<Frequency, { kind: "interval" | "hourly" }>,
  start: number,
  timeZone: string,
): { fields: string; unit: EveryNth["unit"] | null; fromStart?: boolean } | { ask: string } {
  const today = toLocal(start, timeZone);
  switch (frequency.kind) {
    case "daily":
      return { fields: "* * *", unit: "day" };
    case "weekly": {
      const weekdays = frequency.weekdays ?? [weekdayOf(today)];
      return { fields: `* * ${weekdayField(weekdays)}`, unit: "week", fromStart: frequency.weekdays === null };
    }
    case "monthly": {
      const months = frequency.months ?? "*";
      if (frequency.on === null) {
        if (today.day > 28)
          return {
            ask: "On which day of the month should it be? Say for example “on the 1st of each month” or “on the last day of each month”.",
          };
        return { fields: `${today.day} ${months} *`, unit: "month", fromStart: true };
      }
      return {
        fields: "dayOfMonth" in frequency.on ? `${frequency.on.dayOfMonth} ${months} *` : `* ${months} ${frequency.on.dayOfWeek}`,
        unit: "month",
      };
    }
    case "yearly":
      return { fields: `${frequency.on?.day ?? 1} ${frequency.on?.month ?? 1} *`, unit: "year" };
  }
}

/** Sets its end. `often`: more than once a day, so that "for an hour" is how long it goes on, and not a part of what is to be done. */
function finish(
  spec: Exclude<ScheduleSpec, { kind: "once" }>,
  text: string,
  bounds: Bounds,
  { saidAt, timeZone }: WhenContext,
  { start, often }: { start: number; often: boolean },
): RecurringRead {
  const after = Math.max(saidAt, start - 1);
  const begin = Math.max(start, saidAt);
  let until = bounds.until ?? null;
  if (bounds.lasting) until = tidyEnd(spec, after, bounds.lasting(begin), timeZone);
  if (bounds.lastingMs !== undefined && often) until = begin + bounds.lastingMs;
  if (bounds.times !== undefined) {
    if (bounds.times < 1 || bounds.times > 1_000) return { ask: "I can count up to 1,000 times. Until when should it be?" };
    until = tidyEnd(spec, after, upcoming(spec, after, timeZone, bounds.times).at(-1) ?? after, timeZone);
  }
  const ended = { ...spec, until };
  if (nextAfter(ended, after, timeZone) !== null) return { spec: ended, text };
  return { ask: until === null ? NEVER : "It would end before it comes for the first time. Until when should it be?" };
}

/** The same end as the end of a day, where that makes no difference: it reads better. */
function tidyEnd(spec: Exclude<ScheduleSpec, { kind: "once" }>, after: number, end: number, timeZone: string): number {
  if (spec.kind === "every") return end;
  const isDue = (from: number, to: number): boolean => (nextAfter(spec, from, timeZone) ?? Infinity) <= to;
  const day = toLocal(end, timeZone);
  const [yesterday, today] = [Math.max(endOfDay(addDays(day, -1), timeZone), after), endOfDay(day, timeZone)];
  if (!isDue(yesterday, end)) return yesterday;
  return isDue(end, today) ? end : today;
}
