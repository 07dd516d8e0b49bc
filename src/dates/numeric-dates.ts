import { compareDays, daysInMonth, isRealDay, type Day } from "./calendar.ts";

/** A day, or a question where the text leaves more than one reading or none. */
export type DayReading = Day | { ask: string };

const PATTERNS = [
  // Year first: 2026-12-01, 2026/12/1, 2026.12.01
  /(?<![\d/.-])(?<y>\d{4})([-/.])(?<m>\d{1,2})\2(?<d>\d{1,2})(?![\d/-]|\.\d)/,
  // 20261201
  /(?<![\w/.-])(?<y>(?:19|20|21)\d{2})(?<m>0[1-9]|1[0-2])(?<d>0[1-9]|[12]\d|3[01])(?![\w/-])/,
  // Dots are day first everywhere: 1.12.2026, 24.12.
  /(?<![\d/.-])(?<d>\d{1,2})\.\s?(?<m>\d{1,2})\.\s?(?<y>\d{4}|\d{2})?(?![\d/-])/,
  /(?<![\d/.-])(?<a>\d{1,2})([/-])(?<b>\d{1,2})\2(?<y>\d{4}|\d{2})(?![\d/-])/,
  /(?<![\d/.-])(?<a>\d{1,2})\/(?<b>\d{1,2})(?![\d/-]|\.\d|\s*(?:of|hours?|days?|cups?)\b)/,
  /^\s*(?:due |on |by )*(?<a>\d{1,2})[-.](?<b>\d{1,2})\s*$/,
];

const fullYear = (text: string): number => (text.length === 2 ? 2000 + Number(text) : Number(text));

/** The first day from `today` on with this month and day; null: there is no such day in any year. */
export function nextMonthDay(today: Day, month: number, day: number): Day | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(2000, month)) return null;
  // 29 February may be eight years away (1896 to 1904, 2096 to 2104).
  for (let year = today.year; year <= today.year + 8; year++) {
    const candidate = { year, month, day };
    if (isRealDay(candidate) && compareDays(candidate, today) >= 0) return candidate;
  }
  return null;
}

export interface NumericFound {
  start: number;
  end: number;
  reading: DayReading;
}

/**
 * Finds a date in digits. `a/b` is read as day and month, or month and day, when only one of them is possible or both are the same day;
 * otherwise it is a question.
 */
export function findNumericDate(text: string, today: Day): NumericFound | null {
  for (const pattern of PATTERNS) {
    const match = pattern.exec(text);
    if (!match?.groups) continue;
    const { y, m, d, a, b } = match.groups;
    const make = (month: number, day: number): Day | null => {
      if (y === undefined) return nextMonthDay(today, month, day);
      const full = { year: fullYear(y), month, day };
      return isRealDay(full) ? full : null;
    };
    const written = match[0].trim();
    const found = (reading: DayReading): NumericFound => ({ start: match.index, end: match.index + match[0].length, reading });
    const readings = a === undefined ? [make(Number(m), Number(d))] : [make(Number(b), Number(a)), make(Number(a), Number(b))];
    const real = readings.filter((day) => day !== null);
    const [first, second] = real;
    if (!first) return found({ ask: `There is no day ${written}. Which day is it due?` });
    if (second && compareDays(first, second) !== 0) {
      return found({ ask: `${written} can be ${isoDay(first)} or ${isoDay(second)}. Which one is it?` });
    }
    return found(first);
  }
  return null;
}

export const isoDay = ({ year, month, day }: Day): string =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
