/** A day of the proleptic Gregorian calendar, in no zone. `month` and `day` count from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01. The year is set apart because `Date.UTC` reads years 0–99 as 1900–1999. */
export function dayNumber({ year, month, day }: Day): number {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / MS_PER_DAY);
}

export function dayOf(number: number): Day {
  const date = new Date(number * MS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export const addDays = (day: Day, count: number): Day => dayOf(dayNumber(day) + count);

/** The same day of another month, or that month's last day where it is shorter (31 January + 1 month = 28 or 29 February). */
export function addMonths(day: Day, count: number): Day {
  const months = day.year * 12 + (day.month - 1) + count;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return { year, month, day: Math.min(day.day, daysInMonth(year, month)) };
}

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** 0 is Sunday, 6 is Saturday. */
export const weekdayOf = (day: Day): number => (((dayNumber(day) + 4) % 7) + 7) % 7;

/** Weeks start on Monday (ISO 8601). */
export const mondayOf = (day: Day): Day => addDays(day, -((weekdayOf(day) + 6) % 7));

/** The day with this weekday in the Monday-to-Sunday week of `day`. */
export const inWeekOf = (day: Day, weekday: number): Day => addDays(mondayOf(day), (weekday + 6) % 7);

export const lastOfMonth = (year: number, month: number): Day => ({ year, month, day: daysInMonth(year, month) });

export const compareDays = (a: Day, b: Day): number => dayNumber(a) - dayNumber(b);

export const isRealDay = ({ year, month, day }: Day): boolean =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** Moves by days of a Monday-to-Friday working week. Public holidays are not known here. `count` is at most a few thousand. */
export function addWorkingDays(day: Day, count: number): Day {
  const step = count < 0 ? -1 : 1;
  let reached = day;
  for (let left = Math.abs(count); left > 0;) {
    reached = addDays(reached, step);
    const weekday = weekdayOf(reached);
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return reached;
}
