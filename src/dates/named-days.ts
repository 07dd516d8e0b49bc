import {
  addDays,
  addMonths,
  addWorkingDays,
  compareDays,
  daysInMonth,
  inWeekOf,
  isRealDay,
  lastOfMonth,
  mondayOf,
  weekdayOf,
  type Day,
} from "./calendar.ts";
import { monthAlone } from "./chrono-dates.ts";
import { nextMonthDay, type DayReading } from "./numeric-dates.ts";
import { MONTH, monthOf, NUMBER_WORD, numberOf, ordinalOf, WEEKDAY, weekdayNamed } from "./words.ts";

/**
 * Days that people name without digits of a date, and what they mean here. Weeks start on Monday. A weekday alone is the next one
 * after today (on a Friday, "friday" is in a week; "this friday" is today); "next friday" is the Friday of next week. A week as a due
 * date ends on its Friday ("end of the week", "this week"), or on Sunday when Friday is over; "next week" is its Monday and
 * "next month" its first day, "the weekend" is Saturday.
 */
interface Form {
  pattern: RegExp;
  /** Null: not a date after all. */
  read(match: RegExpExecArray, today: Day): DayReading | null;
}

const WD = `(?<weekday>${WEEKDAY})\\b(?!')`;
const TOMORROW = "(?:tomorr?ows?|tommorr?ow|tomm?or+ow|tmrw?|tmmrw|tmw|tomoz|2mo?r+ow?)";
const ORDINAL = "(?<ordinal>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)";
const OF_MONTH = `(?:(?<which>(?:the|this|next|current|following) (?:following )?month|month)|(?<month>${MONTH})(?:,? (?<year>\\d{4}))?)`;

const nextWeekday = (today: Day, weekday: number): Day => addDays(today, (weekday - weekdayOf(today) + 7) % 7 || 7);
const fridayOrSunday = (monday: Day, today: Day): Day => {
  const friday = addDays(monday, 4);
  return compareDays(friday, today) >= 0 ? friday : addDays(monday, 6);
};

/** The month that {@link OF_MONTH} names, as its first day; months without a year that are over are next year's. */
function monthNamed(match: RegExpExecArray, today: Day): Day {
  const { which, month, year } = match.groups ?? {};
  if (month) {
    const number = monthOf(month);
    return { year: year ? Number(year) : number < today.month ? today.year + 1 : today.year, month: number, day: 1 };
  }
  const first = { ...today, day: 1 };
  return which && /next|following/.test(which) ? addMonths(first, 1) : first;
}

function nthWeekday(first: Day, ordinal: number, weekday: number): Day | null {
  if (ordinal === -1) {
    const last = lastOfMonth(first.year, first.month);
    return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
  }
  const day = 1 + ((weekday - weekdayOf(first) + 7) % 7) + (ordinal - 1) * 7;
  return day <= daysInMonth(first.year, first.month) ? { ...first, day } : null;
}

const nextFirst = (today: Day): Day => (today.day === 1 ? today : addMonths({ ...today, day: 1 }, 1));
const quarterStart = (day: Day, shift = 0): Day =>
  addMonths({ year: day.year, month: day.month - ((day.month - 1) % 3), day: 1 }, shift * 3);

const HOLIDAYS: [RegExp, number, number][] = [
  [/\b(?:christmas|xmas) eve\b/, 12, 24],
  [/\bboxing day\b/, 12, 26],
  [/\b(?:christmas|xmas)(?: day)?\b/, 12, 25],
  [/\bnew year'?s eve\b|\bnye\b/, 12, 31],
  [/\bnew year'?s?(?: day)?\b/, 1, 1],
  [/\bhallowe'?en\b/, 10, 31],
  [/\b(?:st\.? )?valentine'?s(?: day)?\b/, 2, 14],
];

const FORMS: Form[] = [
  {
    pattern:
      /\b(?:easter(?: sunday| monday)?|good friday|thanksgiving|black friday|cyber monday|ramadan|eid|hanukkah|diwali|passover|pentecost|whitsun|(?:chinese|lunar) new year|(?:mother|father)'?s'? day|labou?r day|memorial day)\b/,
    read: (match) => ({ ask: `I do not know on which date ${match[0]} falls. Which day is it due?` }),
  },
  // Weekdays that count within a month.
  {
    pattern: new RegExp(`\\b(?:the )?${ORDINAL} ${WD} (?:of|in) (?:the )?${OF_MONTH}\\b`),
    read: (match, today) => {
      const ordinal = ordinalOf(match.groups?.["ordinal"] ?? "");
      const weekday = weekdayNamed(match.groups?.["weekday"] ?? "");
      const named = monthNamed(match, today);
      const day = nthWeekday(named, ordinal, weekday);
      if (!day) return { ask: `There is no ${match[0].trim()}. Which day is it due?` };
      const free = match.groups?.["month"] !== undefined && match.groups["year"] === undefined;
      if (free && compareDays(day, today) < 0) return nthWeekday({ ...named, year: named.year + 1 }, ordinal, weekday);
      return day;
    },
  },
  {
    pattern:
      /\b(?:the )?last (?<working>(?:business |working |work)?)day of (?:the )?(?<which>month|this month|next month|year|this year|next year)\b/,
    read: (match, today) => {
      const which = match.groups?.["which"] ?? "";
      const first = addMonths({ ...today, day: 1 }, which === "next month" ? 1 : 0);
      const last = which.endsWith("year")
        ? lastOfMonth(today.year + (which === "next year" ? 1 : 0), 12)
        : lastOfMonth(first.year, first.month);
      return match.groups?.["working"] ? addWorkingDays(addDays(last, 1), -1) : last;
    },
  },
  {
    pattern: new RegExp(`\\b(?:the )?(?:first|1st) (?<working>(?:business |working |work)?)day of (?:the )?${OF_MONTH}\\b`),
    read: (match, today) => {
      const named = monthNamed(match, today);
      const first =
        match.groups?.["which"] && compareDays(named, today) < 0 && !/this|current/.test(match[0]) ? addMonths(named, 1) : named;
      return match.groups?.["working"] ? addWorkingDays(addDays(first, -1), 1) : first;
    },
  },
  {
    pattern: /\b(?:the )?(?<day>\d{1,2})(?:st|nd|rd|th)?(?: day)? of (?<which>(?:this|next|the next) month)\b/,
    read: (match, today) => {
      const first = addMonths({ ...today, day: 1 }, match.groups?.["which"] === "this month" ? 0 : 1);
      const named = { ...first, day: Number(match.groups?.["day"]) };
      return isRealDay(named) ? named : { ask: `That month has no day ${named.day}. Which day is it due?` };
    },
  },
  { pattern: /\b(?:the )?first of next month\b/, read: (_, today) => addMonths({ ...today, day: 1 }, 1) },
  // Ends, middles and starts.
  {
    pattern: /\beom\b|\b(?:the )?(?:month[ -]end|end of (?:the |this |current )?month)\b/,
    read: (_, today) => lastOfMonth(today.year, today.month),
  },
  { pattern: /\b(?:eoy|year[ -]end|end of (?:the |this )?year)\b/, read: (_, today) => lastOfMonth(today.year, 12) },
  { pattern: /\b(?:the )?end of next year\b/, read: (_, today) => lastOfMonth(today.year + 1, 12) },
  { pattern: /\b(?:eow|(?:the )?end of (?:the |this )?(?:work ?)?week)\b/, read: (_, today) => fridayOrSunday(mondayOf(today), today) },
  { pattern: /\b(?:the )?end of next week\b/, read: (_, today) => addDays(mondayOf(today), 11) },
  { pattern: /\b(?:the )?end of (?:the |this )?weekend\b/, read: (_, today) => addDays(mondayOf(today), 6) },
  { pattern: /\b(?:eoq|(?:the )?end of (?:the |this )?quarter)\b/, read: (_, today) => addDays(quarterStart(today, 1), -1) },
  { pattern: /\b(?:the )?end of next quarter\b/, read: (_, today) => addDays(quarterStart(today, 2), -1) },
  { pattern: /\b(?:the )?(?:beginning|start) of (?:the )?next quarter\b|\bnext quarter\b/, read: (_, today) => quarterStart(today, 1) },
  {
    pattern: /\b(?:(?:the )?end of )?q(?<quarter>[1-4])\b(?: (?<year>\d{4}))?/,
    read: (match, today) => {
      const month = Number(match.groups?.["quarter"]) * 3;
      const year = match.groups?.["year"] ? Number(match.groups["year"]) : month < today.month ? today.year + 1 : today.year;
      return lastOfMonth(year, month);
    },
  },
  {
    pattern: new RegExp(`\\b(?:the )?(?<part>end of|late|mid(?:dle of)?|(?:beginning|start) of|early)[ -](?:in )?${OF_MONTH}\\b`),
    read: (match, today) => {
      const part = match.groups?.["part"] ?? "";
      const first = monthNamed(match, today);
      const last = lastOfMonth(first.year, first.month);
      const day = part === "end of" || part === "late" ? last : part.startsWith("mid") ? { ...first, day: 15 } : first;
      const free = match.groups?.["month"] !== undefined && match.groups["year"] === undefined;
      if (compareDays(day, today) >= 0) return day;
      return free
        ? { ...day, year: day.year + 1 }
        : /the|month/.test(match.groups?.["which"] ?? "") && !part.startsWith("mid")
          ? addMonths(first, 1)
          : day;
    },
  },
  // Weeks, months and years.
  { pattern: /\b(?:the )?week after next\b/, read: (_, today) => addDays(mondayOf(today), 14) },
  { pattern: /\b(?:the )?month after next\b/, read: (_, today) => addMonths({ ...today, day: 1 }, 2) },
  { pattern: /\b(?:the )?weekend after next\b/, read: (_, today) => addDays(mondayOf(today), 19) },
  { pattern: /\b(?:the )?(?:next|following) weekend\b/, read: (_, today) => addDays(mondayOf(today), 12) },
  { pattern: /\b(?:last|past|previous) weekend\b/, read: (_, today) => addDays(mondayOf(today), -2) },
  {
    pattern: /\b(?:(?:over |at |on )?(?:the |this |this coming |coming )?weekend|w\/e)\b/,
    read: (_, today) => (weekdayOf(today) === 0 ? today : inWeekOf(today, 6)),
  },
  {
    pattern: new RegExp(
      `\\b(?:next|following) week(?:,? (?:on )?${WD})|\\b(?<late>${WEEKDAY}),? (?:of )?(?:the )?(?:next|following) week\\b`,
    ),
    read: (match, today) => addDays(inWeekOf(today, weekdayNamed(match.groups?.["weekday"] ?? match.groups?.["late"] ?? "")), 7),
  },
  {
    pattern: new RegExp(`\\b(?:later )?this week(?:,? (?:on )?${WD})|\\b(?<late>${WEEKDAY}),? (?:of )?this week\\b`),
    read: (match, today) => inWeekOf(today, weekdayNamed(match.groups?.["weekday"] ?? match.groups?.["late"] ?? "")),
  },
  {
    pattern: new RegExp(`\\b(?:(?:a |one )?week (?:on|from|next|this) (?<first>${WEEKDAY})\\b|(?<second>${WEEKDAY}) week\\b)`),
    read: (match, today) => addDays(nextWeekday(today, weekdayNamed(match.groups?.["first"] ?? match.groups?.["second"] ?? "")), 7),
  },
  { pattern: /\b(?:tomorrow week|a week (?:from )?tomorrow)\b/, read: (_, today) => addDays(today, 8) },
  {
    pattern: /\b(?:(?:a|one) week (?:from )?today|today week|this time next week|(?:the )?same (?:day|time) next week)\b/,
    read: (_, today) => addDays(today, 7),
  },
  { pattern: /\b(?:the )?(?:middle of|mid)[ -]next week\b/, read: (_, today) => addDays(mondayOf(today), 9) },
  { pattern: /\blate(?:r)? next week\b/, read: (_, today) => addDays(mondayOf(today), 11) },
  {
    pattern: /\b(?:(?:the )?(?:beginning|start) of |early |sometime |some ?time )?(?:the )?(?:next|following|coming) week\b/,
    read: (_, today) => addDays(mondayOf(today), 7),
  },
  { pattern: /\b(?:last|previous|past) week\b/, read: (_, today) => addDays(mondayOf(today), -7) },
  { pattern: /\b(?:later |sometime |some ?time )?this week\b/, read: (_, today) => fridayOrSunday(mondayOf(today), today) },
  { pattern: /\b(?:sometime |early )?(?:the )?(?:next|following|coming) month\b/, read: (_, today) => addMonths({ ...today, day: 1 }, 1) },
  { pattern: /\b(?:later |sometime )?this month\b/, read: (_, today) => lastOfMonth(today.year, today.month) },
  { pattern: /\b(?:last|previous) month\b/, read: (_, today) => addMonths({ ...today, day: 1 }, -1) },
  {
    pattern: /\b(?:(?:the )?(?:beginning|start) of )?(?:next|the new|the coming) year\b/,
    read: (_, today) => ({ year: today.year + 1, month: 1, day: 1 }),
  },
  { pattern: /\b(?:later )?this year\b/, read: (_, today) => lastOfMonth(today.year, 12) },
  { pattern: /\b(?:last|previous) year\b/, read: (_, today) => ({ ...today, year: today.year - 1, day: 1 }) },
  // Weekdays.
  {
    pattern: new RegExp(`\\b(?<weekday>${WEEKDAY}) after next\\b`),
    read: (match, today) => addDays(inWeekOf(today, weekdayNamed(match.groups?.["weekday"] ?? "")), 14),
  },
  {
    pattern: new RegExp(`\\b(?:the )?(?:last|past|previous) ${WD}`),
    read: (match, today) => {
      const weekday = weekdayNamed(match.groups?.["weekday"] ?? "");
      return addDays(today, -((weekdayOf(today) - weekday + 7) % 7 || 7));
    },
  },
  {
    pattern: new RegExp(`\\b(?:on )?(?:the )?(?:next|nxt) ${WD}`),
    read: (match, today) => addDays(inWeekOf(today, weekdayNamed(match.groups?.["weekday"] ?? "")), 7),
  },
  {
    pattern: new RegExp(`\\bthis (?!coming )${WD}`),
    read: (match, today) => addDays(today, (weekdayNamed(match.groups?.["weekday"] ?? "") - weekdayOf(today) + 7) % 7),
  },
  {
    pattern: new RegExp(`\\b(?:this coming |the coming |coming |the )?${WD}`),
    read: (match, today) => {
      const word = match.groups?.["weekday"] ?? "";
      const before = match.input.slice(0, match.index);
      const lead = /(?:\b(?:on|by|due|before|until|till|for|from|after|of)|[,:(-])\s*$/.test(before);
      // "sat" and "sun" are words of their own.
      if (
        (word === "sat" || word === "sun" || word === "wed") &&
        !lead &&
        !/^\s*(?:$|[,.\d@]|at\b|by\b)/.test(match.input.slice(match.index + match[0].length))
      )
        return null;
      return nextWeekday(today, weekdayNamed(word));
    },
  },
  {
    pattern: new RegExp(`\\b(?<count>\\d|${NUMBER_WORD}) (?<weekday>${WEEKDAY})s from (?:now|today)\\b`),
    read: (match, today) =>
      addDays(
        nextWeekday(today, weekdayNamed(match.groups?.["weekday"] ?? "")),
        7 * (Math.max(numberOf(match.groups?.["count"] ?? "") ?? 1, 1) - 1),
      ),
  },
  // Close days.
  { pattern: /\bovermorrow\b/, read: (_, today) => addDays(today, 2) },
  { pattern: new RegExp(`\\b${TOMORROW}\\b(?!')`), read: (_, today) => addDays(today, 1) },
  { pattern: /\b(?:yesterday|last night)\b/, read: (_, today) => addDays(today, -1) },
  { pattern: /\b(?:later )?(?:today|2day|tod)\b(?!')/, read: (_, today) => today },
  {
    pattern: /\b(?:the )?(?:next|following) (?:business|working|work|week) ?day\b/,
    read: (_, today) => addWorkingDays(today, 1),
  },
  { pattern: /\b(?:the )?next day\b/, read: (_, today) => addDays(today, 1) },
  ...HOLIDAYS.map(([pattern, month, day]): Form => ({ pattern, read: (_, today) => nextMonthDay(today, month, day) })),
  // A day of the month.
  { pattern: /^\s*(?:due |by |on )*the first\s*$|\b(?:the )?first of (?:the )?month\b/, read: (_, today) => nextFirst(today) },
  {
    pattern: /^\s*(?<year>\d{4})-(?<month>0[1-9]|1[0-2])\s*$/,
    read: (match, today) => monthAlone(today, Number(match.groups?.["month"]), Number(match.groups?.["year"])),
  },
  {
    pattern:
      /\b(?:the )?(?<day>\d{1,2})(?:st|nd|rd|th)(?: day)?(?: of (?:the )?month)?\b(?! (?:floor|street|avenue|time|edition|grade|draft|place|birthday|anniversary))/,
    read: (match, today) => {
      const day = Number(match.groups?.["day"]);
      for (let months = 0; months < 3; months++) {
        const candidate = { ...addMonths({ ...today, day: 1 }, months), day };
        if (isRealDay(candidate) && compareDays(candidate, today) >= 0) return candidate;
      }
      return { ask: `No month has a ${match[0].trim()}. Which day is it due?` };
    },
  },
  {
    pattern: /^\s*(?:due |by |in |until |before )*in (?<year>20\d{2}|21\d{2})\s*$/,
    read: (match, today) => monthAlone(today, 1, Number(match.groups?.["year"])),
  },
];

export interface NamedFound {
  start: number;
  end: number;
  reading: DayReading;
}

/** Finds the first form that fits, in the order above (longer forms come first). */
export function findNamedDay(text: string, today: Day): NamedFound | null {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(text);
    const reading = match && read(match, today);
    if (match && reading) return { start: match.index, end: match.index + match[0].length, reading };
  }
  return null;
}
