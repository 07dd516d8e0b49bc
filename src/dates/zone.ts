import { addDays, type Day } from "./calendar.ts";

/** A wall clock's reading in some zone. */
export interface LocalTime extends Day {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    // Zone names come from people; a cap keeps made-up spellings of one zone from growing the map.
    if (formats.size > 200) formats.clear();
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether this runtime knows the IANA zone name (`Europe/Oslo`, `UTC`). */
export function isTimeZone(name: string): boolean {
  if (name === "" || name.length > 64) return false;
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** What a clock in the zone shows at an instant (UTC milliseconds). Throws RangeError for an unknown zone. */
export function toLocal(at: number, timeZone: string): LocalTime {
  const fields: Record<string, string> = {};
  for (const part of formatFor(timeZone).formatToParts(at)) fields[part.type] = part.value;
  const year = Number(fields["year"]);
  return {
    year: fields["era"] === "BC" ? 1 - year : year,
    month: Number(fields["month"]),
    day: Number(fields["day"]),
    hour: Number(fields["hour"]) % 24,
    minute: Number(fields["minute"]),
    second: Number(fields["second"]),
    millisecond: ((at % 1000) + 1000) % 1000,
  };
}

/** The reading as if it were UTC: a number that orders and subtracts like wall-clock time. */
export function wallClock(local: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  date.setUTCHours(local.hour, local.minute, local.second, local.millisecond);
  return date.getTime();
}

const offsetAt = (at: number, timeZone: string): number => wallClock(toLocal(at, timeZone)) - at;

/**
 * The instant at which a clock in the zone shows `local`. A reading that a clock change skips moves forward by the length of the
 * gap (02:30 becomes 03:30); of a reading that comes twice the first is taken. The same rule as `Temporal`'s "compatible".
 */
export function toInstant(local: LocalTime, timeZone: string): number {
  const wall = wallClock(local);
  const before = offsetAt(wall - 86_400_000, timeZone);
  const after = offsetAt(wall + 86_400_000, timeZone);
  const candidates = [wall - before, wall - after].filter((at) => wall === at + offsetAt(at, timeZone));
  return candidates.length > 0 ? Math.min(...candidates) : wall - before;
}

export const at = (day: Day, hour: number, minute = 0, second = 0, millisecond = 0): LocalTime => ({
  year: day.year,
  month: day.month,
  day: day.day,
  hour,
  minute,
  second,
  millisecond,
});

/** The last millisecond of a local day: one before the next day starts, so it is right where midnight is skipped or comes twice. */
export const endOfDay = (day: Day, timeZone: string): number => toInstant(at(addDays(day, 1), 0), timeZone) - 1;
