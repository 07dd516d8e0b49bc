import { daysInMonth } from "../../dates/calendar.ts";
import { DURATION, readDuration } from "../../dates/duration.ts";
import { MONTH, monthOf, NUMBER_WORD, numberOf, type Span, WEEKDAY, weekdayNamed } from "../../dates/words.ts";
import { ordinal } from "../names.ts";

/** How often, as the words say it, without the time of the day. Weekdays: 0 is Sunday. */
export type Frequency =
  /** Counted in time that passes. */
  | { kind: "interval"; ms: number }
  /** At these minutes of every hour of the clock; `*` is every minute. */
  | { kind: "hourly"; minute: string }
  | { kind: "daily"; every: number }
  /** null: no weekday was said. */
  | { kind: "weekly"; every: number; weekdays: number[] | null }
  /** Fields of a cron line; null: no day was said. */
  | { kind: "monthly"; every: number; on: { dayOfMonth: string } | { dayOfWeek: string } | null; months?: string }
  /** null: the date is elsewhere in the text. */
  | { kind: "yearly"; every: number; on: { month: number; day: number } | null };

/** `text`: the words with what was understood taken out, with the parts of the day in it left in ("every morning" leaves "the morning"). */
export type FrequencyFound = { frequency: Frequency; span: Span; text: string } | { ask: string };

const NTH = `(?:other|alternate|second|third|fourth|fifth|sixth|\\d{1,3}(?:st|nd|rd|th)?|${NUMBER_WORD})`;
const EACH = "(?:(?:once|each\\s+and)\\s+)?(?:every|each)(?:\\s+single)?";
const DAYS_OFF = `${WEEKDAY}s?\\b`;
const AND = "(?:\\s*,\\s*(?:and\\s+)?(?:on\\s+|every\\s+)?|\\s+(?:and|or|plus)\\s+(?:on\\s+|every\\s+|each\\s+)?|\\s*[&/+]\\s*)";
const WEEKDAYS = `(?<weekdays>${DAYS_OFF}(?:${AND}${DAYS_OFF})*)`;
const RANGE = `(?<first>${WEEKDAY})s?\\s*(?:-|to|through|thru|till|until)\\s*(?<last>${WEEKDAY})s?\\b`;
const WORKDAYS = "(?:week[ -]?days?|work(?:ing)?[ -]?days?|business[ -]days?)";
const ORDINAL = "(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)";
const MONTHLY = `(?:of|in)\\s+(?:(?:every|each)\\s+(?:(?<nth>${NTH})\\s+)?|the\\s+|a\\s+)months?\\b`;
const EVERY_MONTH = `(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?months?|(?<!bi-?)monthly|once\\s+(?:a|per|every)\\s+month)`;
const MONTH_DAYS =
  "(?<days>(?:\\d{1,2}(?:st|nd|rd|th)?|first|last(?:\\s+day)?)(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+|\\s*&\\s*)(?:the\\s+)?(?:\\d{1,2}(?:st|nd|rd|th)?|first|last(?:\\s+day)?))*)";
const NTH_DAY = `(?<which>${ORDINAL}(?:(?:\\s*,\\s*|\\s+and\\s+|\\s*&\\s*)(?:the\\s+)?${ORDINAL})*)\\s+(?:(?<weekday>${WEEKDAY})s?|(?<working>${WORKDAYS})|(?<day>day))`;
/** Words like "daily" are also adjectives ("the daily report"). */
const STANDS_ALONE =
  "(?=\\s*(?:$|[,.:;!?\\d@-]|at\\b|on\\b|from\\b|until\\b|till\\b|for\\b|in\\b|starting\\b|beginning\\b|between\\b|except\\b|by\\b|to\\b(?!-)|that\\b))";

type Groups = Record<string, string | undefined>;
type Form = [pattern: string, read: (groups: Groups, words: string) => Frequency | { ask: string } | null];

/** "other" and "second" are 2. null: not a number that can be counted. */
function countOf(word: string | undefined): number {
  if (word === undefined) return 1;
  if (word === "other" || word === "alternate" || word === "second") return 2;
  const index = ["third", "fourth", "fifth", "sixth"].indexOf(word);
  return index >= 0 ? index + 3 : (numberOf(word.replace(/(?:st|nd|rd|th)$/, "")) ?? 1);
}

const weekdaysIn = (words: string): number[] => [
  ...new Set([...words.matchAll(new RegExp(`\\b(${WEEKDAY})s?\\b`, "g"))].map((match) => weekdayNamed(match[1] ?? ""))),
];

function weekdayRange(first: string, last: string): number[] {
  const [from, to] = [weekdayNamed(first), weekdayNamed(last)];
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

/** "1st and 15th", "the 1st and the last day" as a cron field. */
function monthDays(words: string): { dayOfMonth: string } | { ask: string } {
  const days = [...words.matchAll(/\d{1,2}|first|last/g)].map(([day]) => (day === "first" ? "1" : day));
  const wrong = days.find((day) => day !== "last" && (Number(day) < 1 || Number(day) > 31));
  if (wrong !== undefined) return { ask: `No month has a ${ordinal(Number(wrong))}. Which day of the month should it be?` };
  return { dayOfMonth: days.map((day) => (day === "last" ? "L" : String(Number(day)))).join(",") };
}

function nthDay(groups: Groups): Frequency | { ask: string } {
  const every = countOf(groups["nth"]);
  const which = [...(groups["which"] ?? "").matchAll(new RegExp(ORDINAL, "g"))].map(([word]) =>
    word === "last" ? "L" : String("first second third fourth fifth".split(" ").indexOf(word) + 1 || Number.parseInt(word, 10)),
  );
  if (groups["weekday"] !== undefined) {
    const weekday = weekdayNamed(groups["weekday"]);
    return { kind: "monthly", every, on: { dayOfWeek: which.map((nth) => `${weekday}#${nth}`).join(",") } };
  }
  if (groups["working"] === undefined) return { kind: "monthly", every, on: { dayOfMonth: which.join(",") } };
  if (which.join() === "L") return { kind: "monthly", every, on: { dayOfMonth: "LW" } };
  if (which.join() === "1") return { kind: "monthly", every, on: { dayOfMonth: "1W" } };
  return { ask: "Of the weekdays of a month I can only count the first and the last. Which day of the month should it be?" };
}

function yearDay(groups: Groups): Frequency | { ask: string } {
  const day = Number((groups["d1"] ?? groups["d2"] ?? "").replace(/\D/g, ""));
  const month = monthOf(groups["m1"] ?? groups["m2"] ?? "");
  if (day < 1 || day > daysInMonth(2000, month)) return { ask: "There is no such day in any year. Which date should it be?" };
  return { kind: "yearly", every: countOf(groups["nth"]), on: { month, day } };
}

const DATE = `(?:(?:the\\s+)?(?<d1>\\d{1,2}(?:st|nd|rd|th)?)(?:\\s+of)?\\s+(?<m1>${MONTH})|(?<m2>${MONTH})\\s+(?:the\\s+)?(?<d2>\\d{1,2}(?:st|nd|rd|th)?))\\b(?![:\\d])`;
const TIMES = "(?<times>once|twice|thrice|(?:\\d{1,2}|two|three|four|five|six)\\s+times)";
const timesOf = (word: string | undefined): number =>
  ({ once: 1, twice: 2, thrice: 3 })[word ?? ""] ?? numberOf((word ?? "").split(/\s/)[0] ?? "") ?? 1;

/** The first that fits, longer ones first. */
const FORMS: Form[] = [
  // Hours and minutes.
  [
    `\\b(?:(?:${EACH}\\s+hour|hourly)\\s+(?:at|on)\\s+(?:minute\\s+|:)?(?<minute>[0-5]?\\d)\\b(?!\\s*[ap:.]\\s*[m\\d])(?:\\s*(?:minutes?\\s+)?past)?)`,
    (groups) => ({ kind: "hourly", minute: String(Number(groups["minute"])) }),
  ],
  [`\\b${EACH}\\s+half(?:\\s+an)?[ -]hour\\b|\\bhalf[ -]hourly\\b`, () => ({ kind: "interval", ms: 1_800_000 })],
  [`\\b${EACH}\\s+quarter(?:\\s+of\\s+an)?[ -]hour\\b`, () => ({ kind: "interval", ms: 900_000 })],
  [`\\b${EACH}\\s+(?<amount>\\d{1,5})\\s?m\\b`, (groups) => ({ kind: "interval", ms: Number(groups["amount"]) * 60_000 })],
  [
    `\\b${EACH}\\s+(?:other|second)\\s+(?<unit>hour|minute)\\b`,
    (groups) => ({ kind: "interval", ms: groups["unit"] === "hour" ? 7_200_000 : 120_000 }),
  ],
  [`\\b${EACH}\\s+hours?\\b(?!\\s+and\\b)|\\bhourly\\b|\\bonce\\s+(?:an|per|every)\\s+hour\\b`, () => ({ kind: "hourly", minute: "0" })],
  [`\\b${EACH}\\s+minutes?\\b(?!\\s+and\\s+a)|\\bonce\\s+(?:a|per)\\s+minute\\b`, () => ({ kind: "hourly", minute: "*" })],
  [`\\b${EACH}\\s+(?:(?:few|couple\\s+of)\\s+)?(?:seconds\\b|secs?\\b|second\\b(?=\\s*(?:$|[,.!?])))`, () => ({ ask: TOO_OFTEN })],
  [
    `\\b${EACH}\\s+(?:few|several|couple\\s+of)\\s+\\w+`,
    (_groups, words) => ({ ask: `How many is “${words}”? Say for example “every 3 hours”.` }),
  ],
  [`\\b${EACH}\\s+(?<hour>hour(?=\\s+and\\b))?(?<duration>(?:(?<=hour) and (?:a half|${DURATION}))|${DURATION})`, interval],
  [
    `\\b${TIMES}\\s+(?:an|per|every|each)\\s+hour\\b`,
    (groups) => (60 % timesOf(groups["times"]) === 0 ? { kind: "interval", ms: 3_600_000 / timesOf(groups["times"]) } : null),
  ],
  // Years.
  [`\\b(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?years?|yearly|annually|once\\s+(?:a|per|every)\\s+year)\\s+(?:on\\s+|in\\s+)?${DATE}`, yearDay],
  [`\\b(?:on\\s+)?${DATE}\\s+(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?years?|yearly|annually)\\b`, yearDay],
  [`\\b${EACH}\\s+${DATE}`, yearDay],
  [
    `\\b${EACH}\\s+(?:(?<nth>${NTH})\\s+)?years?\\b|\\b(?:yearly|annually)${STANDS_ALONE}|\\bonce\\s+(?:a|per|every)\\s+year\\b`,
    (groups) => ({ kind: "yearly", every: countOf(groups["nth"]), on: null }),
  ],
  [`\\b${EACH}\\s+(?=christmas|xmas|new year|halloween|valentine)`, () => ({ kind: "yearly", every: 1, on: null })],
  // Months.
  [`\\b(?:on\\s+)?(?:the\\s+|every\\s+|each\\s+)*${NTH_DAY}\\s+${MONTHLY}`, nthDay],
  [`\\b${EVERY_MONTH},?\\s+(?:on\\s+)?(?:the\\s+)?${NTH_DAY}\\b`, nthDay],
  [`\\b(?:on\\s+)?(?:the\\s+)?${NTH_DAY},?\\s+${EVERY_MONTH}\\b`, nthDay],
  [`\\b(?:every|each)\\s+(?<which>first|last|1st)\\s+(?:(?<weekday>${WEEKDAY})\\b)`, nthDay],
  [`\\b${EVERY_MONTH},?\\s+(?:on\\s+)?(?:the\\s+)?${MONTH_DAYS}(?![:\\d])(?!\\s*[ap]\\.?m\\b)`, onMonthDays],
  [`\\b(?:on\\s+)?(?:the\\s+|every\\s+|each\\s+|day\\s+)*${MONTH_DAYS}(?:\\s+day)?\\s+${MONTHLY}`, onMonthDays],
  [`\\b(?:on\\s+)?(?:the\\s+)?${MONTH_DAYS},?\\s+${EVERY_MONTH}\\b`, onMonthDays],
  [
    `\\b(?:every|each)\\s+(?=\\d{1,2}(?:st|nd|rd|th)\\b)${MONTH_DAYS}\\b(?!\\s+(?:day|week|month|year|hour|minute|${WEEKDAY}|${MONTH}))`,
    onMonthDays,
  ],
  [
    `\\b(?:at\\s+the\\s+)?end\\s+of\\s+(?:every|each)\\s+month\\b|\\b(?:every|each)\\s+month[ -]end\\b`,
    () => ({ kind: "monthly", every: 1, on: { dayOfMonth: "L" } }),
  ],
  [
    `\\b(?:at\\s+the\\s+)?(?:start|beginning)\\s+of\\s+(?:every|each)\\s+month\\b`,
    () => ({ kind: "monthly", every: 1, on: { dayOfMonth: "1" } }),
  ],
  [
    `\\b${EACH}\\s+quarter\\b(?!\\s+(?:of\\s+an\\s+)?hour)|\\bquarterly${STANDS_ALONE}`,
    () => ({ kind: "monthly", every: 1, on: { dayOfMonth: "1" }, months: "1,4,7,10" }),
  ],
  [
    `\\b(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?months?\\b|once\\s+(?:a|per|every)\\s+month\\b|(?<!bi-?)monthly${STANDS_ALONE})`,
    (groups) => ({ kind: "monthly", every: countOf(groups["nth"]), on: null }),
  ],
  [
    `\\b${EACH}\\s+(?:${MONTH})\\b`,
    (_groups, words) => ({ ask: `On which day is “${words}”? Say for example “every year on 3 March at 9:00”.` }),
  ],
  // Weeks.
  [
    `\\bbi-?weekly\\b|\\bbi-?monthly\\b`,
    (_groups, words) => ({
      ask: `“${words}” can be twice a ${/week/.test(words) ? "week" : "month"} or every two ${/week/.test(words) ? "weeks" : "months"}. Say for example “every other ${/week/.test(words) ? "week on Monday" : "month on the 1st"}”.`,
    }),
  ],
  [
    `\\b(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?weeks?|(?<fortnight>${EACH}\\s+fortnight|fortnightly)|weekly|${TIMES}\\s+(?:a|per|every|each)\\s+week),?\\s+(?:on\\s+)?${WEEKDAYS}`,
    (groups) => ({
      kind: "weekly",
      every: groups["fortnight"] ? 2 : countOf(groups["nth"]),
      weekdays: weekdaysIn(groups["weekdays"] ?? ""),
    }),
  ],
  [
    `\\b(?:on\\s+)?${WEEKDAYS},?\\s+(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?weeks?\\b|(?<fortnight>${EACH}\\s+fortnight|fortnightly))`,
    (groups) => ({
      kind: "weekly",
      every: groups["fortnight"] ? 2 : countOf(groups["nth"]),
      weekdays: weekdaysIn(groups["weekdays"] ?? ""),
    }),
  ],
  [
    `\\b(?:${EACH}\\s+(?:day\\s+)?(?:from\\s+)?|on\\s+|from\\s+|daily\\s+(?:from\\s+)?)?${RANGE}`,
    (groups) => ({ kind: "weekly", every: 1, weekdays: weekdayRange(groups["first"] ?? "", groups["last"] ?? "") }),
  ],
  [
    `\\b(?:${EACH}\\s+(?:(?<nth>other|alternate|second|third|\\d{1,2}(?:st|nd|rd|th)?)\\s+)?|on\\s+alternate\\s+)${WEEKDAYS}`,
    (groups, words) => ({
      kind: "weekly",
      every: words.startsWith("on alt") ? 2 : countOf(groups["nth"]),
      weekdays: weekdaysIn(groups["weekdays"] ?? ""),
    }),
  ],
  [
    `\\b(?:(?:${EACH}|on(?:\\s+(?:every|all))?|all)\\s+)?(?:week[ -]?days|work(?:ing)?[ -]?days|business[ -]days)\\b|\\b${EACH}\\s+${WORKDAYS}`,
    () => ({ kind: "weekly", every: 1, weekdays: [1, 2, 3, 4, 5] }),
  ],
  [
    `\\b${EACH}\\s+(?:(?<nth>other|second)\\s+)?weekend\\b|\\b(?:on\\s+|at\\s+|(?<nth2>alternate)\\s+)?(?:the\\s+)?weekends\\b`,
    (groups) => ({ kind: "weekly", every: countOf(groups["nth"] ?? groups["nth2"]), weekdays: [6, 0] }),
  ],
  [
    `\\b(?:on\\s+)?(?=[a-z ,&/]*days\\b)${WEEKDAYS.replaceAll("s?\\b", "s\\b")}`,
    (groups) => ({ kind: "weekly", every: 1, weekdays: weekdaysIn(groups["weekdays"] ?? "") }),
  ],
  [
    `\\b(?<fortnight>${EACH}\\s+fortnight\\b|fortnightly)|\\b(?:${EACH}\\s+(?:(?<nth>${NTH})\\s+)?weeks?\\b|once\\s+(?:a|per|every)\\s+week\\b|weekly${STANDS_ALONE})`,
    (groups) => ({ kind: "weekly", every: groups["fortnight"] ? 2 : countOf(groups["nth"]), weekdays: null }),
  ],
  [
    `\\b${TIMES}\\s+(?:a|per|every|each)\\s+(?<unit>week|month|year)\\b`,
    (_groups, words) => ({ ask: `On which days is “${words}”? Say for example “every Monday and Thursday at 9:00”.` }),
  ],
  // Days.
  [
    `\\b${EACH}\\s+(?<nth>${NTH})\\s+(?:days?|(?<part>mornings?|afternoons?|evenings?|nights?))\\b|\\bon\\s+alternate\\s+days\\b`,
    (groups) => ({ kind: "daily", every: groups["nth"] === undefined ? 2 : countOf(groups["nth"]) }),
  ],
  [
    `\\b(?:${EACH}\\s+day\\b|everyday\\b|(?:once|${TIMES})\\s+(?:a|per|every|each)\\s+day\\b|daily(?:${STANDS_ALONE}|(?<=^\\s*daily)))`,
    () => ({ kind: "daily", every: 1 }),
  ],
  [
    `\\b(?:${EACH}\\s+(?<part>morning|lunch(?:\\s?time)?|noon|midday|afternoon|evening|night)|nightly${STANDS_ALONE}|(?<=^\\s*|\\bin\\s+the\\s+)(?:mornings|evenings|afternoons))\\b`,
    () => ({ kind: "daily", every: 1 }),
  ],
];

function onMonthDays(groups: Groups): Frequency | { ask: string } {
  const on = monthDays(groups["days"] ?? "");
  return "ask" in on ? on : { kind: "monthly", every: countOf(groups["nth"]), on };
}

export const TOO_OFTEN = "The shortest I can repeat something is once a minute. Say for example “every 5 minutes”.";

function interval(_groups: Groups, words: string): Frequency | { ask: string } | null {
  const length = readDuration(
    words.replace(/^(?:(?:once|each\s+and)\s+)?(?:every|each)(?:\s+single)?\s+/, "").replace(/^hour and/, "1 hour and"),
  );
  // Days, weeks and months follow the calendar and are other forms.
  if (!length || length.months > 0 || length.workingDays > 0) return null;
  if (length.ms === 0) return null;
  const ms = length.ms + length.days * 86_400_000;
  return ms < 60_000 ? { ask: TOO_OFTEN } : { kind: "interval", ms };
}

const COMPILED = FORMS.map(([pattern, read]) => [new RegExp(pattern), read] as const);

/** Finds how often something comes, in normalised text. Null: nothing says that it comes again. */
export function findFrequency(text: string): FrequencyFound | null {
  for (const [pattern, read] of COMPILED) {
    const match = pattern.exec(text);
    if (!match) continue;
    const frequency = read(match.groups ?? {}, match[0].trim());
    if (!frequency) continue;
    if ("ask" in frequency) return frequency;
    const [start, end] = [match.index, match.index + match[0].length];
    const part = /\b(morning|lunch|afternoon|evening|noon|midday|night)s?(?:ly|time)?$/.exec(match[0])?.[1];
    const left = part === undefined ? " ".repeat(end - start) : `the ${part}`.padStart(end - start).slice(-(end - start));
    return { frequency, span: { start, end }, text: text.slice(0, start) + left + text.slice(end) };
  }
  return null;
}

const LIMIT = new RegExp(
  `\\b(?:but\\s+)?(?:only\\s+)?on\\s+${WEEKDAYS}|\\b(?:but\\s+)?(?:only\\s+)?(?:on\\s+)?(?:${RANGE}|(?<workdays>week[ -]?days|work(?:ing)?[ -]?days|business[ -]days)|(?<weekends>weekends))\\b`,
);
const EXCEPT = new RegExp(
  `,?\\s*\\b(?:except(?:\\s+for)?|but\\s+not|excluding|apart\\s+from)\\s+(?:on\\s+)?(?:the\\s+)?(?:(?<weekends>weekends?)|(?<workdays>week[ -]?days)|${WEEKDAYS})\\b`,
);

/** The weekdays that "every 15 minutes on weekdays" or "every day except Sunday" is limited to. */
export function findWeekdayLimit(text: string): { weekdays: number[]; span: Span } | null {
  const except = EXCEPT.exec(text);
  const match = except ?? LIMIT.exec(text);
  if (!match?.groups) return null;
  const { weekdays, workdays, weekends, first, last } = match.groups;
  const named = workdays ? [1, 2, 3, 4, 5] : weekends ? [6, 0] : first && last ? weekdayRange(first, last) : weekdaysIn(weekdays ?? "");
  const days = except ? [1, 2, 3, 4, 5, 6, 0].filter((day) => !named.includes(day)) : named;
  return { weekdays: days, span: { start: match.index, end: match.index + match[0].length } };
}
