import { compareDays, weekdayOf, type Day } from "./calendar.ts";
import { findNamedDate, findPreciseDate } from "./chrono-dates.ts";
import { DURATION, readDuration, shiftDay, type Duration } from "./duration.ts";
import { echoDay } from "./echo.ts";
import { findNamedDay } from "./named-days.ts";
import { findNumericDate, type DayReading } from "./numeric-dates.ts";
import { blank, WEEKDAY, type Span } from "./words.ts";

export interface DaysFound {
  day: Day;
  spans: Span[];
}

interface Finding extends Span {
  reading: DayReading;
}

const PLAIN_WEEKDAY = new RegExp(`^(?:on )?(?:the |this |coming )*(?:${WEEKDAY})$`);
const SHIFT = new RegExp(
  `(?:\\b(?:in|the)\\s+)?(?:(?<duration>${DURATION})|\\b(?<unit>day|week|month|year))\\s+(?<side>from|after|before|following)\\s+(?:the\\s+)?$`,
);
/** A word right before a day that says: this one is the due date, whatever other days the text speaks of. */
const DUE_LEAD = /\b(?:due|by|before|until|till|deadline)(?:\s+(?:on|is|by|the))?:?\s*$/;
const FULL_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Finds the day a normalised text names. A question, where it names none that is real or several. */
export function findDays(text: string, today: Day, counted: Finding | null): DaysFound | { ask: string } | null {
  let findings = counted ? [counted] : [];
  let rest = text;
  for (const finder of [findNumericDate, findPreciseDate, findNamedDay, findNamedDate]) {
    for (let found = finder(rest, today); found && findings.length < 6; found = finder(rest, today)) {
      findings.push(found);
      rest = blank(rest, found);
    }
  }
  const [only] = findings;
  if (!only) return null;
  for (const finding of findings) {
    if ("ask" in finding.reading) return finding.reading;
    const words = text.slice(finding.start, finding.end).trim();
    const before = text.slice(0, finding.start);
    const after = text.slice(finding.end);
    if (/\bafter\s+(?:the\s+)?$/.test(before) && !SHIFT.test(before)) return { ask: `Which day after “${words}” is it due?` };
    const several =
      (/^\d/.test(words) && /\d\s*(?:-|\bto\b|\bor\b|\/|&|\band\b)\s*$/.test(before)) ||
      (/\d(?:st|nd|rd|th)?$/.test(words) && /^\s*(?:-|to\b|or\b|\/)\s*\d{1,2}(?:st|nd|rd|th)?(?![\d:]|\s*[ap]\.?m)/.test(after));
    if (several) return { ask: "More than one day is named. Which one is it due?" };
    if (/\b(?:not|except|excluding)(?: on| by)?\s+$/.test(before)) return { ask: `Which day is it due, if not “${words}”?` };
  }
  findings = findings.map((finding) => shifted(finding, text)).sort((a, b) => a.start - b.start);
  const dates = findings.flatMap((finding) => ("ask" in finding.reading ? [] : [{ span: finding, day: finding.reading }]));
  const weekdays = dates.filter(({ span }) => PLAIN_WEEKDAY.test(text.slice(span.start, span.end).trim()));
  const others = dates.filter((date) => !weekdays.includes(date));
  const [other] = others;
  if (other && weekdays.length === 1 && others.length === 1) {
    const [weekday] = weekdays;
    const between = weekday && text.slice(Math.min(weekday.span.end, other.span.end), Math.max(weekday.span.start, other.span.start));
    if (weekday && weekdayOf(weekday.day) === weekdayOf(other.day)) return { day: other.day, spans: [weekday.span, other.span] };
    if (weekday && /^[\s,(]*(?:the\s*)?$/.test(between ?? "")) {
      return { ask: `${echoDay(other.day)} is not a ${FULL_NAMES[weekdayOf(weekday.day)]}. Which day is it due?` };
    }
  }
  const [first] = dates;
  if (!first) return null;
  if (dates.every(({ day }) => compareDays(day, first.day) === 0)) return { day: first.day, spans: dates.map(({ span }) => span) };
  const marked = dates.filter(({ span }) => DUE_LEAD.test(text.slice(0, span.start)));
  const [due] = marked;
  if (due && marked.length === 1 && !/^\s*(?:or|-|\/)\s/.test(text.slice(due.span.end))) return { day: due.day, spans: [due.span] };
  return { ask: `More than one day is named: ${dates.map(({ day }) => echoDay(day)).join(", ")}. Which one is it due?` };
}

/** "two weeks from friday", "the day after tomorrow", "3 days before christmas". */
function shifted(finding: Finding, text: string): Finding {
  const match = SHIFT.exec(text.slice(0, finding.start));
  if (!match?.groups || "ask" in finding.reading) return finding;
  const { duration: words, unit, side } = match.groups;
  const duration: Duration | null = readDuration(words ?? `1 ${unit}`);
  const span = { start: match.index, end: finding.end };
  if (!duration || duration.ms !== 0) return { ...span, reading: { ask: `I cannot count “${match[0].trim()} …”. Which day is it due?` } };
  return { ...span, reading: shiftDay(finding.reading, duration, side === "before" ? -1 : 1) };
}
