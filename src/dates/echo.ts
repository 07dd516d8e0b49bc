import { weekdayOf, type Day } from "./calendar.ts";
import { toLocal } from "./zone.ts";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const echoDay = (day: Day): string => `${WEEKDAYS[weekdayOf(day)]} ${day.day} ${MONTHS[day.month - 1]} ${day.year}`;

/**
 * A due date in words, in the user's zone: `Fri 27 Nov 2026`, or `Fri 27 Nov 2026, 09:00` when it has a time. Names the weekday, so
 * that a date misunderstood is seen.
 */
export function echoDue(at: number, hasTime: boolean, timeZone: string): string {
  const local = toLocal(at, timeZone);
  if (!hasTime) return echoDay(local);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${echoDay(local)}, ${two(local.hour)}:${two(local.minute)}${local.second === 0 ? "" : `:${two(local.second)}`}`;
}
