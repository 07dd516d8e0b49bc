import { addDays } from "../dates/calendar.ts";
import { at, endOfDay, toInstant, toLocal } from "../dates/zone.ts";
import type { HeartbeatSettings } from "./shapes.ts";

const MINUTE = 60_000;

/** When something may be said, from `now` on (UTC milliseconds): now, or when the quiet hours end by the clock of the zone. */
export function quietUntil(now: number, { from, to }: HeartbeatSettings["quiet"], timeZone: string): number {
  const local = toLocal(now, timeZone);
  const minute = local.hour * 60 + local.minute;
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const overMidnight = start > end;
  const quiet = overMidnight ? minute >= start || minute < end : minute >= start && minute < end;
  if (!quiet) return now;
  const day = overMidnight && minute >= start ? addDays(local, 1) : local;
  // A clock that is set back may show the end once before: then it is said a minute later.
  return Math.max(toInstant(at(day, Math.floor(end / 60), end % 60), timeZone), now + MINUTE);
}

/** The first instant of the zone's day that `now` is in, and of the day after it. */
export function dayAround(now: number, timeZone: string): { start: number; next: number } {
  const today = toLocal(now, timeZone);
  return { start: endOfDay(addDays(today, -1), timeZone) + 1, next: endOfDay(today, timeZone) + 1 };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
