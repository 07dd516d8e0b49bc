import { addDays, addMonths, dayNumber, dayOf, mondayOf, type Day } from "../dates/calendar.ts";
import { toLocal } from "../dates/zone.ts";
import type { EveryNth } from "./spec.ts";

const DAY = 86_400_000;

const numberOf = (day: Day, unit: EveryNth["unit"]): number => {
  switch (unit) {
    case "day":
      return dayNumber(day);
    case "week":
      return dayNumber(mondayOf(day)) / 7;
    case "month":
      return day.year * 12 + day.month;
    case "year":
      return day.year;
  }
};

function startAfter(day: Day, unit: EveryNth["unit"], periods: number): Day {
  switch (unit) {
    case "day":
      return addDays(day, periods);
    case "week":
      return addDays(mondayOf(day), 7 * periods);
    case "month":
      return addMonths({ ...day, day: 1 }, periods);
    case "year":
      return { year: day.year + periods, month: 1, day: 1 };
  }
}

/** Whether the reading of the clock lies in a period that counts; else the first reading of the next one that does. */
export function nthPeriod(wall: number, nth: EveryNth, timeZone: string): { counts: true } | { counts: false; next: number } {
  const day = dayOf(Math.floor(wall / DAY));
  const since = Math.round(numberOf(day, nth.unit) - numberOf(toLocal(nth.anchor, timeZone), nth.unit));
  const past = ((since % nth.count) + nth.count) % nth.count;
  if (past === 0) return { counts: true };
  return { counts: false, next: dayNumber(startAfter(day, nth.unit, nth.count - past)) * DAY };
}
