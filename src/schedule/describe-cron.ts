import { toLocal } from "../dates/zone.ts";
import { cronClock, type CronFields } from "./cron-expression.ts";
import { clockOf, listed, MONTH_NAMES, ordinal, WEEKDAY_NAMES } from "./names.ts";
import type { CronSpec } from "./spec.ts";

/** A cron line in words: "every weekday at 09:00". One that would take too many of them is quoted. */
export function describeCron(spec: CronSpec, timeZone: string): string {
  const { fields } = cronClock(spec.expression);
  const lines = [fields, ...(spec.also ?? []).map((line) => cronClock(line).fields)];
  const time = lines.length === 1 ? timeOf(fields) : severalTimes(lines);
  const days = daysOf(fields, spec, timeZone);
  if (time === null || days === null) {
    const quoted = listed([spec.expression, ...(spec.also ?? [])].map((line) => `“${line}”`));
    return `by the cron line${lines.length > 1 ? "s" : ""} ${quoted}${spec.nth ? `, ${nthText(spec.nth.count, spec.nth.unit)} only` : ""}`;
  }
  if (time.often) return days === "every day" ? time.words : `${time.words}, ${days}`;
  return `${days} ${time.words}`;
}

/** Lines that differ in their times only, as "at 9:00 and 17:30" makes them. */
function severalTimes(lines: readonly CronFields[]): { words: string; often: boolean } | null {
  const days = new Set(lines.map(({ dayOfMonth, month, dayOfWeek }) => `${dayOfMonth} ${month} ${dayOfWeek}`));
  const times = lines.map(({ minute, hour }) => timesOf(numbersOf(minute, 59), numbersOf(hour, 23)));
  if (days.size > 1 || times.includes(null) || times.flat().length > MAX_TIMES) return null;
  return { words: `at ${listed(times.flatMap((some) => some ?? []).sort())}`, often: false };
}

const timesOf = (minutes: number[] | null, hours: number[] | null): string[] | null =>
  minutes && hours ? hours.flatMap((hour) => minutes.map((minute) => clockOf(hour, minute))) : null;

const MAX_TIMES = 12;

/** The numbers that a plain field names; null for `*` and what cron adds to numbers. */
function numbersOf(field: string, max: number): number[] | null {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(\d+)(?:-(\d+)(?:\/(\d+))?)?$/.exec(part);
    if (!match) return null;
    const from = Number(match[1]);
    for (let number = from; number <= Number(match[2] ?? from) && number <= max; number += Number(match[3] ?? 1)) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}

const stepOf = (field: string): number | null => (field === "*" ? 1 : /^\*\/\d+$/.test(field) ? Number(field.slice(2)) : null);

function timeOf({ minute, hour }: CronFields): { words: string; often: boolean } | null {
  const [minutes, hours] = [numbersOf(minute, 59), numbersOf(hour, 23)];
  const [minuteStep, hourStep] = [stepOf(minute), stepOf(hour)];
  const often = (words: string): { words: string; often: boolean } => ({ words, often: true });
  const times = timesOf(minutes, hours);
  if (minutes && hours && times) {
    if (times.length <= 4) return { words: `at ${listed(times)}`, often: false };
    const [first, last] = [hours[0] ?? 0, hours.at(-1) ?? 0];
    if (minutes.length === 1 && hours.length === last - first + 1)
      return often(`every hour from ${clockOf(first, minutes[0] ?? 0)} to ${clockOf(last, minutes[0] ?? 0)}`);
    return times.length <= MAX_TIMES ? { words: `at ${listed(times)}`, often: false } : null;
  }
  if (minuteStep !== null && 60 % minuteStep === 0) {
    const every = minuteStep === 1 ? "every minute" : `every ${minuteStep} minutes`;
    if (hour === "*") return often(every);
    const [first, last] = [hours?.[0], hours?.at(-1)];
    if (hours && first !== undefined && last !== undefined && hours.length === last - first + 1)
      return often(`${every} from ${clockOf(first, 0)} to ${clockOf(last, 60 - minuteStep)}`);
    return null;
  }
  if (minutes && minutes.length <= 4 && hourStep !== null) {
    const past = minutes.length === 1 && minutes[0] === 0 ? "" : ` at ${listed(minutes.map((m) => `:${String(m).padStart(2, "0")}`))}`;
    if (hourStep === 1) return often(`every hour${past}`);
    if (24 % hourStep === 0) return often(`every ${hourStep} hours from ${clockOf(0, 0)}${past}`);
  }
  return null;
}

const UNIT_WORDS = { day: "day", week: "week", month: "month", year: "year" } as const;
const nthText = (count: number, unit: keyof typeof UNIT_WORDS): string =>
  count === 2 ? `every other ${unit}` : `every ${count} ${UNIT_WORDS[unit]}s`;

function daysOf(fields: CronFields, { nth }: CronSpec, timeZone: string): string | null {
  const all = (field: string): boolean => field === "*" || field === "?";
  const months = all(fields.month) ? [] : numbersOf(withoutNames(fields.month, MONTH_NAMES, 1), 12);
  if (months === null) return null;
  const monthNames = months.map((month) => MONTH_NAMES[month - 1] ?? "");
  const [hasDay, hasWeekday] = [!all(fields.dayOfMonth), !all(fields.dayOfWeek)];
  if (fields.dayOfWeek.startsWith("+")) return null;
  const weekdays = hasWeekday ? weekdayText(withoutNames(fields.dayOfWeek, WEEKDAY_NAMES, 0), nth?.unit === "week" ? nth.count : 1) : null;
  const days = hasDay ? monthDayText(fields.dayOfMonth) : null;
  if ((hasWeekday && weekdays === null) || (hasDay && days === null)) return null;
  const inMonths = monthNames.length === 0 ? "" : ` in ${listed(monthNames)}`;
  const period = nth && nth.unit !== "week" && nth.unit !== "day" ? nthText(nth.count, nth.unit) : null;

  if (nth?.unit === "day") return hasDay || hasWeekday || inMonths !== "" ? null : nthText(nth.count, "day");
  if (nth?.unit === "week" && (hasDay || !weekdays)) return hasDay ? null : `every day of ${nthText(nth.count, "week")}${inMonths}`;
  if (days && weekdays) return nth ? null : `on ${days.words} of each month and ${weekdays.words}${inMonths}`;
  if (days) {
    // "every year on 3 March"
    const [day] = days.numbers ?? [];
    if (days.numbers?.length === 1 && day !== undefined && months.length === 1) {
      const leap = day === 29 && months[0] === 2 ? " (in leap years)" : "";
      return `${period ?? "every year"} on ${day} ${monthNames[0]}${leap}`;
    }
    if (months.length > 0) return period ? null : `on ${days.words} of ${listed(monthNames)}`;
    const some = days.numbers?.some((number) => number > 28) ? " that has one" : "";
    return `on ${days.words} of ${nth?.unit === "month" ? `${nthText(nth.count, "month")}${nth.count > 2 ? ` from ${monthOf(nth.anchor, timeZone)}` : ""}` : `each month${some}`}${nth?.unit === "year" ? `, ${period}` : ""}`;
  }
  if (weekdays) {
    if (weekdays.ofMonth) {
      const month = nth?.unit === "month" ? nthText(nth.count, "month") : monthNames.length > 0 ? listed(monthNames) : "each month";
      return `on ${weekdays.words} of ${month}${nth?.unit === "year" ? `, ${period}` : ""}`;
    }
    return `${weekdays.words}${inMonths}${period ? `, ${period}` : ""}`;
  }
  return `every day${inMonths}${period ? `, ${period}` : ""}`;
}

const monthOf = (at: number, timeZone: string): string => MONTH_NAMES[toLocal(at, timeZone).month - 1] ?? "";

/** Names as numbers: "MON-FRI" is "1-5". */
const withoutNames = (field: string, names: readonly string[], from: number): string =>
  field.replace(/[a-z]{3}/gi, (name) => {
    const index = names.findIndex((full) => full.slice(0, 3).toLowerCase() === name.toLowerCase());
    return index < 0 ? name : String(index + from);
  });

const NTH = ["", "first", "second", "third", "fourth", "fifth"];

/** `every`: only every so many weeks. */
function weekdayText(field: string, every: number): { words: string; ofMonth: boolean } | null {
  const nths = field.split(",").map((part) => /^(\d)(?:#([1-5L])|L)$/i.exec(part));
  if (nths.every((nth) => nth !== null && nth[1] === nths[0]?.[1])) {
    const which = nths.map((nth) => (nth?.[2] === undefined || /l/i.test(nth[2]) ? "last" : (NTH[Number(nth[2])] ?? "")));
    return { words: `the ${listed(which)} ${WEEKDAY_NAMES[Number(nths[0]?.[1]) % 7]}`, ofMonth: true };
  }
  const numbers = numbersOf(field, 7);
  if (!numbers) return null;
  const days = [...new Set(numbers.map((number) => number % 7))].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  const key = days.join("");
  const names = listed(days.map((day) => WEEKDAY_NAMES[day] ?? ""));
  const group = key === "12345" ? "weekday" : key === "1234560" ? "day" : null;
  const missing = [0, 1, 2, 3, 4, 5, 6].filter((day) => !days.includes(day));
  if (every === 1 && missing.length === 1) return { words: `every day except ${WEEKDAY_NAMES[missing[0] ?? 0]}`, ofMonth: false };
  if (every === 1) return { words: `every ${group ?? names}`, ofMonth: false };
  if (group === null && days.length === 1)
    return { words: every === 2 ? `every other ${names}` : `every ${every} weeks on ${names}`, ofMonth: false };
  return {
    words: `${nthText(every, "week")} on ${group === "weekday" ? "weekdays" : group === "day" ? "every day" : names}`,
    ofMonth: false,
  };
}

function monthDayText(field: string): { words: string; numbers?: number[] } | null {
  if (/^L$/i.test(field)) return { words: "the last day" };
  if (/^LW$/i.test(field)) return { words: "the last weekday" };
  if (/^1W$/i.test(field)) return { words: "the first weekday" };
  const nearest = /^(\d+)W$/i.exec(field);
  if (nearest) return { words: `the weekday nearest the ${ordinal(Number(nearest[1]))}` };
  const last = /,L$/i.test(field);
  const numbers = numbersOf(field.replace(/,L$/i, ""), 31);
  if (!numbers || numbers.length > MAX_TIMES) return null;
  const words = [...numbers.map((number) => `the ${ordinal(number)}`), ...(last ? ["the last day"] : [])];
  return last ? { words: listed(words) } : { words: listed(words), numbers };
}
