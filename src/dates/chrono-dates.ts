import { casual } from "chrono-node";
import { daysInMonth, isRealDay, lastOfMonth, type Day } from "./calendar.ts";
import { nextMonthDay, type DayReading, type NumericFound } from "./numeric-dates.ts";
import { MONTH, MONTHS, monthOf } from "./words.ts";

const YEAR = "(?:\\s*,?\\s*(?:of )?(?<year>\\d{4}|'\\d{2})(?![:\\d]))?";
const DAY_MONTH = new RegExp(`\\b(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)?\\.?(?:\\s+of)?(?:\\s|-)?(?<month>${MONTH})\\b\\.?-?${YEAR}`);
const MONTH_DAY = new RegExp(
  `\\b(?<month>${MONTH})\\.?(?:\\s|-)(?:the )?(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:]|\\s*[ap]\\.?m\\b)${YEAR}`,
);

/**
 * A day and a month's name, checked here because chrono-node passes over some of them in silence: days that do not exist ("30 February"), 29 February, which is a real day only in some
 * years, and years written '27.
 */
export function findPreciseDate(text: string, today: Day): NumericFound | null {
  for (const pattern of [DAY_MONTH, MONTH_DAY]) {
    const match = pattern.exec(text);
    if (!match?.groups) continue;
    const month = monthOf(match.groups["month"] ?? "");
    const day = Number(match.groups["day"]);
    const year = match.groups["year"];
    const found = (reading: DayReading): NumericFound => ({ start: match.index, end: match.index + match[0].length, reading });
    if (year) {
      const full = { year: year.startsWith("'") ? 2000 + Number(year.slice(1)) : Number(year), month, day };
      return found(isRealDay(full) ? full : { ask: noSuchDay(full.month, full.day, full.year) });
    }
    return found(nextMonthDay(today, month, day) ?? { ask: noSuchDay(month, day) });
  }
  return null;
}

function noSuchDay(month: number, day: number, year?: number): string {
  const name = MONTHS[month - 1] ?? "";
  const title = name.slice(0, 1).toUpperCase() + name.slice(1);
  const last = daysInMonth(year ?? 2000, month);
  return `${title}${year === undefined ? "" : ` ${year}`} has ${last} days, so there is no ${day} ${title}. Which day is it due?`;
}

/** Short month names are also words ("may", "march", "mar"): in a sentence they need a word before them that speaks of time. */
const MONTH_LEAD = /(?:\b(?:in|by|due|before|until|till|during|for|of|early|next|this|on|from|start|sometime))\s*$/;

/**
 * Finds a date with a month's name, written in any of the ways chrono-node knows. Only the calendar part of its answer is used, with
 * `today` given as if it were UTC, so the machine's own zone plays no part.
 */
export function findNamedDate(text: string, today: Day): NumericFound | null {
  const instant = new Date(0);
  instant.setUTCFullYear(today.year, today.month - 1, today.day);
  instant.setUTCHours(12);
  for (const result of casual.parse(text, { instant, timezone: 0 })) {
    const { start } = result;
    const month = start.get("month");
    if (month === null || !start.isCertain("month") || start.isCertain("hour") || start.tags().has("result/relativeDate")) continue;
    if (!new RegExp(`\\b(?:${MONTH})\\b|\\d\\/\\d`).test(result.text)) continue;
    const before = text.slice(0, result.index);
    const whole = before.trim() === "" && text.slice(result.index + result.text.length).trim() === "";
    const year = start.isCertain("year") ? start.get("year") : null;
    const found = (reading: DayReading): NumericFound => ({ start: result.index, end: result.index + result.text.length, reading });
    if (start.isCertain("day")) {
      const day = start.get("day") ?? 1;
      if (result.end) return found({ ask: `“${result.text}” names more than one day. Which one is it due?` });
      const full = year === null ? nextMonthDay(today, month, day) : { year, month, day };
      return found(full && isRealDay(full) ? full : { ask: noSuchDay(month, day, year ?? undefined) });
    }
    if (!whole && year === null && /^(?:may|mar|march|jan|dec|jun|sep)\b/.test(result.text) && !MONTH_LEAD.test(before)) continue;
    return found(monthAlone(today, month, year));
  }
  return null;
}

/** A month without a day: its first day, or the last one where the month has begun. */
export function monthAlone(today: Day, month: number, year: number | null): Day {
  const inYear = year ?? (month < today.month ? today.year + 1 : today.year);
  if (inYear === today.year && month === today.month) return lastOfMonth(inYear, month);
  return { year: inYear, month, day: 1 };
}
