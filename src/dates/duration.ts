import { addDays, addMonths, addWorkingDays, type Day } from "./calendar.ts";
import { NUMBER_WORD, numberOf, type Span } from "./words.ts";

/** A length of time as people say it. Months and days follow the calendar, `ms` is exact. */
export interface Duration {
  months: number;
  days: number;
  workingDays: number;
  ms: number;
}

const QUANTITY = `(?:\\d{1,9}(?:[.,]\\d{1,2})?|half(?: an?)?|an?|one|(?:a )?couple(?: of)?|(?:a )?few|several|${NUMBER_WORD})(?: and a half)?`;
const UNIT =
  "(?:(?:business|working|work|week)[ -]?days?|days?|weeks?|wks?|fortnights?|months?|mths?|quarters?|years?|yrs?|hours?|hrs?|minutes?|mins?|seconds?|secs?|(?<=\\d\\s?)[dwyh]|(?<=h\\s?\\d{1,2}\\s?)m)(?![a-z])";
const PIECE = `${QUANTITY}\\s*-?${UNIT}(?: and a half)?`;
/** A regular expression source for a whole duration: "2 hours", "an hour and a half", "1 week and 2 days". */
export const DURATION = `(?<![\\d.,])\\b${PIECE}(?:(?:,| and|, and)?\\s*${PIECE})*`;

/** What one unit is: months, days or milliseconds. */
function unitOf(word: string): { months?: number; days?: number; workingDays?: number; ms?: number } {
  if (/^(?:business|work|week[ -]?day)/.test(word)) return { workingDays: 1 };
  const starts = (...beginnings: string[]): boolean => beginnings.some((beginning) => word.startsWith(beginning));
  if (starts("d")) return { days: 1 };
  if (starts("w")) return { days: 7 };
  if (starts("f")) return { days: 14 };
  if (starts("mo", "mt")) return { months: 1 };
  if (starts("q")) return { months: 3 };
  if (starts("y")) return { months: 12 };
  return { ms: starts("h") ? 3_600_000 : starts("m") ? 60_000 : 1_000 };
}

function quantityOf(words: string): number | null {
  const extra = /and a half/.test(words) ? 0.5 : 0;
  const word = words.replace(/and a half/, "").trim();
  if (word.startsWith("half")) return 0.5;
  if (word === "a" || word === "an") return 1 + extra;
  if (/couple/.test(word)) return 2;
  if (/few|several/.test(word)) return 3;
  const number = numberOf(word);
  return number === null ? null : number + extra;
}

/** Reads a text that matched {@link DURATION}. Null where a fraction has no meaning ("1.5 months", "2.5 working days"). */
export function readDuration(text: string): Duration | null {
  const total: Duration = { months: 0, days: 0, workingDays: 0, ms: 0 };
  const piece = new RegExp(`(?<quantity>${QUANTITY})\\s*-?(?<unit>${UNIT})(?<half> and a half)?`, "g");
  for (const match of text.matchAll(piece)) {
    const quantity = quantityOf(match.groups?.["quantity"] ?? "");
    if (quantity === null) return null;
    const amount = quantity + (match.groups?.["half"] ? 0.5 : 0);
    const unit = unitOf(match.groups?.["unit"] ?? "");
    const months = amount * (unit.months ?? 0);
    const days = amount * (unit.days ?? 0);
    const workingDays = amount * (unit.workingDays ?? 0);
    if (!Number.isInteger(months) || !Number.isInteger(workingDays)) return null;
    total.months += months;
    total.days += Math.floor(days);
    total.workingDays += workingDays;
    total.ms += Math.round((days - Math.floor(days)) * 86_400_000) + Math.round(amount * (unit.ms ?? 0));
  }
  return total;
}

export const shiftDay = (day: Day, duration: Duration, direction: 1 | -1): Day =>
  addWorkingDays(addDays(addMonths(day, direction * duration.months), direction * duration.days), direction * duration.workingDays);

/** A duration counted from now. `direction` -1: "2 hours ago". */
export interface DurationFound {
  span: Span;
  duration: Duration;
  direction: 1 | -1;
}

const NOT_FROM = "(?!\\s+(?:from|after|before|past|to)\\s+(?!now\\b))";
const FORWARD = new RegExp(
  `\\b(?:(?:due|with)?in\\s+(?:the\\s+next\\s+|the\\s+|about\\s+|around\\s+|exactly\\s+)?|after\\s+|next\\s+(?=\\d))(?<duration>${DURATION})(?:(?:'s?)?\\s+(?:from now|time|from today))?${NOT_FROM}`,
);
const WITHIN_ONE = /\b(?:with)?in the (?:next )?(?<duration>(?:hour|day|week|month))\b/;
const SUFFIXED = new RegExp(`(?<duration>${DURATION})(?:'s?)?\\s+(?:from now|from today|later|hence|time)\\b`);
const BACK = new RegExp(`(?<duration>${DURATION})\\s+(?:ago|back|earlier)\\b`);
const WHOLE = new RegExp(`^\\s*\\+?\\s*(?<duration>${DURATION})\\s*$`);

/** Finds a length of time counted from now. A problem is a duration that cannot be counted. */
export function findDuration(text: string): DurationFound | { problem: string } | null {
  const letter = /^\s*\+?\s*(\d+)\s?m\s*$/.exec(text);
  if (letter) return { problem: `“${letter[0].trim()}” can be minutes or months. Which one is it?` };
  const vague = new RegExp(`\\b\\d+\\s*(?:-|to|or)\\s*\\d+\\s*${UNIT}`).exec(text);
  if (vague) return { problem: `“${vague[0].trim()}” leaves a choice. Which day is it due?` };
  const back = BACK.exec(text);
  const match = back ?? FORWARD.exec(text) ?? WITHIN_ONE.exec(text) ?? SUFFIXED.exec(text) ?? WHOLE.exec(text);
  if (!match) return null;
  const words = match.groups?.["duration"] ?? "";
  const duration = readDuration(/^[hdwm][a-z]+$/.test(words) ? `1 ${words}` : words);
  if (!duration) return { problem: `I cannot count “${words.trim()}”. Which day is it due?` };
  return { span: { start: match.index, end: match.index + match[0].length }, duration, direction: back ? -1 : 1 };
}
