import { addDays, addMonths, type Day, daysInMonth, isRealDay, mondayOf, weekdayOf } from "../dates/calendar.ts";
import { at, toInstant, toLocal } from "../dates/zone.ts";

/** A stretch of time that a question names. UTC milliseconds, `to` is past its end. */
export interface TimeRange {
  from: number;
  to: number;
}

/** A stretch of whole days; `to` is past its end. */
interface Days {
  from: Day;
  to: Day;
}

/** Longer questions are read up to here, UTF-16 units. */
const MAX_TEXT = 2_000;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH =
  "(?<month>january|february|march|april|may|june|july|august|september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\\b\\.?)";
const YEAR = "(?<year>(?:19|20)\\d\\d)";
const DAY = "(?<day>[0-2]?\\d|3[01])(?:st|nd|rd|th)?";
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const WEEKDAY = `(?<weekday>${WEEKDAYS.join("|")})`;
const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  couple: 2,
  three: 3,
  few: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
};
const COUNT = `(?:(?:the|a) )?(?<count>\\d{1,3}|${Object.keys(NUMBERS).join("|")})(?: of)?`;
const UNIT = "(?<unit>day|week|month|year)s?";
const SEASONS: Readonly<Record<string, number>> = { spring: 3, summer: 6, autumn: 9, fall: 9, winter: 12 };
const SEASON = `(?<season>${Object.keys(SEASONS).join("|")})`;
/** Days with a name: month, first day, how many. */
const FEASTS: Readonly<Record<string, readonly [number, number, number]>> = {
  "christmas eve": [12, 24, 1],
  "christmas day": [12, 25, 1],
  christmas: [12, 23, 5],
  "new year's eve": [12, 31, 1],
  "new year's day": [1, 1, 1],
  "new year's": [1, 1, 2],
  "new year": [1, 1, 2],
  "valentine's day": [2, 14, 1],
  "valentine's": [2, 14, 1],
  halloween: [10, 31, 1],
};
const FEAST = `(?<feast>${Object.keys(FEASTS).join("|")})`;

type Groups = Readonly<Record<string, string | undefined>>;
type Read = (groups: Groups, today: Day) => Days | null;

const days = (from: Day, count: number): Days => ({ from, to: addDays(from, count) });
const monthOf = (name = ""): number => MONTHS.indexOf(name.slice(0, 3)) + 1;
const wholeMonth = (year: number, month: number): Days => days({ year, month, day: 1 }, daysInMonth(year, month));
const wholeYear = (year: number): Days => ({ from: { year, month: 1, day: 1 }, to: { year: year + 1, month: 1, day: 1 } });
const countOf = (text = ""): number => NUMBERS[text] ?? Number(text);

/** Without a year it is the last one that has begun: questions are about what was. */
const yearOf = ({ year }: Groups, today: Day, month: number, day = 1): number =>
  year ? Number(year) : month > today.month || (month === today.month && day > today.day) ? today.year - 1 : today.year;

const season = (name: string, year: number): Days => {
  const from = { year, month: SEASONS[name] ?? 3, day: 1 };
  return { from, to: addMonths(from, 3) };
};

function unitAround(unit: string, day: Day): Days {
  if (unit === "day") return days(day, 1);
  if (unit === "week") return days(mondayOf(day), 7);
  return unit === "month" ? wholeMonth(day.year, day.month) : wholeYear(day.year);
}

function back(day: Day, unit: string, count: number): Day {
  if (unit === "day" || unit === "week") return addDays(day, -count * (unit === "week" ? 7 : 1));
  return addMonths(day, -count * (unit === "year" ? 12 : 1));
}

const dayMonth: Read = (groups, today) => {
  const [month, day] = [monthOf(groups["month"]), Number(groups["day"])];
  const date = { year: yearOf(groups, today, month, day), month, day };
  return isRealDay(date) ? days(date, 1) : null;
};

const month: Read = (groups, today) => {
  const number = monthOf(groups["month"]);
  return wholeMonth(yearOf(groups, today, number), number);
};

/** How far off "ago" may be, as a share of the time that is meant: two weeks ago is a day or two around it. */
const AGO_SLACK: Readonly<Record<string, number>> = { day: 0, week: 3, month: 12, year: 150 };

const BETWEEN = /\b(?:between|from) (.{3,40}?) (?:and|to|until|till|through|-|–) (.{3,40})/;

/** From the most exact to the least; the first that fits is taken. */
const READINGS: readonly (readonly [RegExp, Read])[] = (
  [
    [
      "\\b(?<year>(?:19|20)\\d\\d)-(?<m>\\d\\d)-(?<day>\\d\\d)\\b",
      (g) => {
        const date = { year: Number(g["year"]), month: Number(g["m"]), day: Number(g["day"]) };
        return isRealDay(date) ? days(date, 1) : null;
      },
    ],
    [`\\b${DAY}(?: of)? ${MONTH}(?:,? ${YEAR})?\\b`, dayMonth],
    [`\\b${MONTH} (?:the )?${DAY}(?!\\d)(?:,? ${YEAR})?\\b`, dayMonth],
    [`\\b${MONTH},?(?: of)? ${YEAR}\\b`, month],
    ["\\b(?:the )?day before yesterday\\b", (_, today) => days(addDays(today, -2), 1)],
    ["\\b(?:yesterday|last night)\\b", (_, today) => days(addDays(today, -1), 1)],
    ["\\b(?:today|tonight|this (?:morning|afternoon|evening))\\b", (_, today) => days(today, 1)],
    [
      `\\b${COUNT} ${UNIT} ago\\b`,
      ({ count, unit = "day" }, today) => {
        const [middle, slack] = [back(today, unit, countOf(count)), AGO_SLACK[unit] ?? 0];
        return days(addDays(middle, -slack), slack * 2 + 1);
      },
    ],
    [
      `\\b(?:last|past|previous|these) ${COUNT} ${UNIT}\\b`,
      ({ count, unit = "day" }, today) => ({ from: back(today, unit, countOf(count)), to: addDays(today, 1) }),
    ],
    ["\\b(?:this|the past|past) weekend\\b", (_, today) => days(addDays(mondayOf(addDays(today, -5)), 5), 2)],
    ["\\b(?:last|previous) weekend\\b", (_, today) => days(addDays(mondayOf(addDays(today, -7)), 5), 2)],
    [`\\b(?:this|current) ${UNIT}\\b`, ({ unit = "day" }, today) => unitAround(unit, today)],
    [`\\b(?:last|previous) ${UNIT}\\b`, ({ unit = "day" }, today) => unitAround(unit, back(today, unit, 1))],
    [`\\b(?:past) ${UNIT}\\b`, ({ unit = "day" }, today) => ({ from: back(today, unit, 1), to: addDays(today, 1) })],
    [
      `\\b(?:last|on|this|past|previous) ${WEEKDAY}\\b`,
      ({ weekday = "" }, today) => {
        const ago = (weekdayOf(today) - WEEKDAYS.indexOf(weekday) + 7) % 7;
        return days(addDays(today, -(ago || 7)), 1);
      },
    ],
    [
      `\\b(?:last|past|previous|this|in(?: the)?|during(?: the)?|over the) ${SEASON}(?:(?: of)? ${YEAR})?\\b`,
      (g, today) => {
        const name = g["season"] ?? "";
        return season(name, yearOf(g, today, SEASONS[name] ?? 3));
      },
    ],
    [
      `\\b(?:last |on |at |for |over |during |this )${FEAST}(?: ${YEAR})?\\b`,
      (g, today) => {
        const [number = 1, day = 1, count = 1] = FEASTS[g["feast"] ?? ""] ?? [];
        return days({ year: yearOf(g, today, number, day), month: number, day }, count);
      },
    ],
    [`\\b(?:in|during|of|since|for|from|by|until|before|after|last|this|early|mid|late)[ -]${MONTH}(?! \\d)\\b`, month],
    [`\\b(?:in|during|of|since|from|by|until|before|after|for) (?:the year )?${YEAR}\\b`, ({ year }) => wholeYear(Number(year))],
    ["\\b(?<month>january|february|april|june|july|august|september|october|november|december)\\b", month],
  ] satisfies [string, Read][]
).map(([pattern, take]) => [new RegExp(pattern), take]);

/**
 * The time that a question names, in the user's zone and as a person asking about the past means it: "in May" is the last May that has begun, "on Friday" the last one, "two weeks
 * ago" some days around. "Since …" goes on until now, "before …" ends there, "between … and …" takes both. null: it names none. Never throws for any text.
 */
export function timeRange(text: string, { now, timeZone }: { now: number; timeZone: string }): TimeRange | null {
  const plain = text.slice(0, MAX_TEXT).toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ");
  const local = toLocal(now, timeZone);
  const today: Day = { year: local.year, month: local.month, day: local.day };
  const start = (day: Day): number => toInstant(at(day, 0), timeZone);
  const both = BETWEEN.exec(plain);
  const ends = both && [firstIn(`in ${both[1] ?? ""}`, today), firstIn(`in ${both[2] ?? ""}`, today)];
  if (ends?.[0] && ends[1]) {
    const [from, to] = [start(ends[0].days.from), start(ends[1].days.to)];
    if (from < to) return { from, to };
  }
  const first = firstIn(plain, today);
  if (!first) return null;
  const lead = plain.slice(0, first.index) + first.text;
  if (/\b(?:since|after)\b[^.?!]*$/.test(lead) && start(first.days.from) <= now) {
    const [from, to] = [start(/\bafter\b[^.?!]*$/.test(lead) ? first.days.to : first.days.from), start(addDays(today, 1))];
    return from < to ? { from, to } : null;
  }
  const shortly = shortlyBefore(plain.slice(0, first.index), first.days.from);
  if (shortly) return { from: start(shortly.from), to: start(shortly.to) };
  if (/\b(?:before|until|till)\b[^.?!]{0,12}$/.test(plain.slice(0, first.index)) || /^(?:before|until)/.test(first.text)) {
    const to = start(first.days.from);
    return { from: to - 365 * 86_400_000, to };
  }
  const [from, to] = [start(first.days.from), start(first.days.to)];
  return from < to ? { from, to } : null;
}

const COUNTED_BEFORE = new RegExp(`\\b(?:the |${COUNT} )${UNIT} before (?:the |on )?$`);
const WEEKDAY_BEFORE = new RegExp(`\\b${WEEKDAY} before (?:the |on )?$`);

/** "The week before", "two weeks before" and "the Sunday before" a day, from what is said in front of it. A stretch reaches up to the day; a count of more than one is around then. */
function shortlyBefore(lead: string, day: Day): Days | null {
  const weekday = WEEKDAY_BEFORE.exec(lead)?.groups?.["weekday"];
  if (weekday !== undefined) {
    const ago = (weekdayOf(day) - WEEKDAYS.indexOf(weekday) + 7) % 7;
    return days(addDays(day, -(ago || 7)), 1);
  }
  const { unit, count = "1" } = COUNTED_BEFORE.exec(lead)?.groups ?? {};
  const number = countOf(count);
  if (unit === undefined || number === 0) return null;
  const slack = number > 1 ? (AGO_SLACK[unit] ?? 0) : 0;
  const from = addDays(back(day, unit, number), -slack);
  const found = number > 1 ? days(from, slack * 2 + 1) : { from, to: day };
  return isRealDay(found.from) && isRealDay(found.to) ? found : null;
}

function firstIn(text: string, today: Day): { days: Days; index: number; text: string } | null {
  for (const [pattern, take] of READINGS) {
    const match = pattern.exec(text);
    const found = match && take(match.groups ?? {}, today);
    if (match && found && isRealDay(found.from) && isRealDay(found.to)) return { days: found, index: match.index, text: match[0] };
  }
  return null;
}
