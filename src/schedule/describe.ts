import { endOfDay, toLocal } from "../dates/zone.ts";
import { echoDue } from "../dates/echo.ts";
import { describeCron } from "./describe-cron.ts";
import { clockOf, MONTH_NAMES, WEEKDAY_NAMES } from "./names.ts";
import type { ScheduleSpec } from "./spec.ts";
import { weekdayOf } from "../dates/calendar.ts";

/** As a person reads it, in the zone that is named at the end: "every weekday at 09:00 until 1 June 2027 (Europe/Oslo)", "once, Friday 27 November 2026, 17:00 (Europe/Oslo)". */
export function describeSpec(spec: ScheduleSpec, timeZone: string): string {
  return `${words(spec, timeZone)} (${timeZone})`;
}

function words(spec: ScheduleSpec, timeZone: string): string {
  if (spec.kind === "once") {
    const local = toLocal(spec.at, timeZone);
    return `once, ${WEEKDAY_NAMES[weekdayOf(local)]} ${dayText(spec.at, timeZone)}, ${timeText(spec.at, timeZone)}`;
  }
  const until = spec.until === null ? "" : ` until ${edge(spec.until, timeZone, endOfDay(toLocal(spec.until, timeZone), timeZone))}`;
  if (spec.kind === "every") return `every ${lengthText(spec.ms)}, counted from ${edge(spec.anchor, timeZone, null)}${until}`;
  const from = spec.from === undefined ? "" : ` from ${edge(spec.from, timeZone, startOfDay(spec.from, timeZone))}`;
  return `${describeCron(spec, timeZone)}${from}${until}`;
}

/** One instant in the zone, with its weekday: "Fri 27 Nov 2026, 17:00". */
export const describeInstant = (at: number, timeZone: string): string => echoDue(at, true, timeZone);

function startOfDay(at: number, timeZone: string): number {
  const local = toLocal(at, timeZone);
  return endOfDay({ ...local, day: local.day - 1 }, timeZone) + 1;
}

/** A day, with its time where it is not the edge of the day. */
const edge = (at: number, timeZone: string, plain: number | null): string =>
  at === plain ? dayText(at, timeZone) : `${dayText(at, timeZone)}, ${timeText(at, timeZone)}`;

function dayText(at: number, timeZone: string): string {
  const { year, month, day } = toLocal(at, timeZone);
  return `${day} ${MONTH_NAMES[month - 1]} ${year}`;
}

function timeText(at: number, timeZone: string): string {
  const { hour, minute } = toLocal(at, timeZone);
  return clockOf(hour, minute);
}

/** "90 minutes", "2 hours", "36 hours": whole hours as hours. */
function lengthText(ms: number): string {
  const hours = ms / 3_600_000;
  if (Number.isInteger(hours)) return hours === 1 ? "hour" : `${hours} hours`;
  const minutes = ms / 60_000;
  if (Number.isInteger(minutes)) return minutes === 1 ? "minute" : `${minutes} minutes`;
  return `${Math.round(ms / 1_000)} seconds`;
}
