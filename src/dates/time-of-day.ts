import { blank, NUMBER_WORD, numberOf, WEEKDAY, type Span } from "./words.ts";
import { isTimeZone } from "./zone.ts";

/** A time of day found in a text. */
export interface TimeFound {
  spans: Span[];
  /** 0–23; 24 is the midnight that ends the day. */
  hour: number;
  minute: number;
  second: number;
  /** Hour 1–12 without am, pm or a part of the day: `hour` is the likelier reading (7–11 morning, 12 noon, 1–6 afternoon). */
  open: boolean;
  /** "tonight", "this morning": today is meant, without being named. */
  today: boolean;
  /** A part of the day without a clock time ("tomorrow morning"): may be over and still not be past ("tonight" at 22:00). */
  vague: boolean;
  /** "eod": the day counts, not a time. */
  endOfDay: boolean;
  /** The IANA zone that the text names ("9am PT"). */
  timeZone: string | null;
}

/** A text that looks like a time and is none ("25:00"), or names two. */
export interface TimeProblem {
  problem: string;
}

/** When a part of the day is given without a clock time. */
const PART_HOUR = { morning: 9, lunch: 12, afternoon: 15, evening: 20, night: 20 } as const;
type Part = keyof typeof PART_HOUR;

const ZONES: Record<string, string> = {
  jst: "Asia/Tokyo", sgt: "Asia/Singapore", hkt: "Asia/Hong_Kong", aest: "Australia/Sydney", aedt: "Australia/Sydney", nzst: "Pacific/Auckland", nzdt: "Pacific/Auckland",
  utc: "UTC", gmt: "UTC", z: "UTC",
  et: "America/New_York", est: "America/New_York", edt: "America/New_York",
  ct: "America/Chicago", cst: "America/Chicago", cdt: "America/Chicago",
  mt: "America/Denver", mst: "America/Denver", mdt: "America/Denver",
  pt: "America/Los_Angeles", pst: "America/Los_Angeles", pdt: "America/Los_Angeles",
  bst: "Europe/London", cet: "Europe/Paris", cest: "Europe/Paris", eet: "Europe/Athens", eest: "Europe/Athens",
}; // prettier-ignore

const LEAD =
  "(?:\\b(?:due |done |finished )?(?:at|by|before|until|till|around|about|from|after|for|kl\\.?)\\s+(?:about |around )?|@\\s*|~\\s*)";
/** "9am PT", "9am UTC+2", "9am America/New_York". */
const ZONE = `(?:\\s*\\b(?<zone>(?:utc|gmt)\\s?[+-]\\d{1,2}(?::?[0-5]\\d)?|[a-z]{2,}/[a-z_]{2,}(?:/[a-z_]{2,})?|ist|(?:${Object.keys(ZONES).join("|")}))\\b)?`;

/** The zone that a text names; a problem where it is none, or several places use the name. */
function zoneNamed(words: string): string | { problem: string } {
  const known = ZONES[words];
  if (known !== undefined) return known;
  const offset = /^(?:utc|gmt)\s?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(words);
  const zone = offset ? `${offset[1]}${(offset[2] ?? "").padStart(2, "0")}:${offset[3] ?? "00"}` : words;
  // "IST" is used in India, Israel and Ireland; the runtime would silently take the first.
  return zone !== "ist" && isTimeZone(zone) ? zone : { problem: `I do not know which time zone “${words}” is. When is it due in yours?` };
}
const MERIDIEM = "(?<meridiem>[ap](?=\\.?\\s?m\\b)|(?<=\\d)[ap]\\b)(?:\\.?\\s?m\\b\\.?)?";
/** Words that make a bare number an hour. Fewer than LEAD: "for 3 people" and "after 5 years" are no times. */
const HOUR_LEAD = "(?:\\b(?:due |done |finished )?(?:at|by|before|until|till|around|kl\\.?)\\s+(?:about |around )?|@\\s*|~\\s*)";
const HOUR_WORD = `(?:\\d{1,2}|${NUMBER_WORD})`;
const END = "(?![\\w:]|[.,/-]\\d)";

const RANGE = new RegExp(
  `(?:${LEAD}|\\bbetween\\s+|\\b)(?<hour>\\d{1,2})(?::(?<minute>\\d{2}))?\\s*(?:(?<meridiem>[ap])\\.?m\\.?)?\\s*(?:-|to|till|until|and)\\s*(?<hour2>\\d{1,2})(?::(?<minute2>\\d{2}))?\\s*(?:(?<meridiem2>[ap])\\.?m\\.?)?${END}`,
);
const MERIDIEM_TIME = new RegExp(`${LEAD}?\\b(?<hour>${HOUR_WORD})(?:[:.](?<minute>\\d{2})(?::(?<second>\\d{2}))?)?\\s*${MERIDIEM}${ZONE}`);
const COLON_TIME = new RegExp(
  `${LEAD}?(?<![\\d:.])(?<hour>\\d{1,2})(?::|h)(?<minute>\\d{2})(?::(?<second>\\d{2})(?:\\.\\d+)?)?(?:\\s*(?:h|hrs|hours|o'clock))?${ZONE}${END}`,
);
/** Two digits before the colon are a clock of 24 hours ("10:00"); one digit may be either ("5:30"). */
const LONG_COLON_TIME = new RegExp(COLON_TIME.source.replace("(?<hour>\\d{1,2})", "(?<hour>\\d{2})"));
const DOT_TIME = new RegExp(`${LEAD}(?<hour>\\d{1,2})\\.(?<minute>\\d{2})${ZONE}${END}`);
const MILITARY_TIME = new RegExp(
  `(?:(?:\\bat|@|\\bkl\\.?)\\s*(?<hour>[01]\\d|2[0-3])(?<minute>[0-5]\\d)(?!\\s*[-/]|\\d)|(?<![\\d+-])\\b(?<hourB>(?=0\\d{3}\\b|\\d{4}\\s*(?:h|hrs|hours)\\b)(?:[01]\\d|2[0-3]))(?<minuteB>[0-5]\\d)(?:\\s*(?:h|hrs|hours)\\b)?)${ZONE}${END}`,
);
const H_TIME = new RegExp(`${LEAD}(?<hour>\\d{1,2})\\s?h${END}`);
const SPOKEN = new RegExp(
  `${LEAD}?\\b(?<amount>half|(?:a )?quarter|5|10|20|25|five|ten|twenty|\\d{1,2}(?=\\s*min))\\s*(?:minutes?\\s+|mins?\\s+)?(?<side>past|after|to|before|till)\\s+(?<hour>${HOUR_WORD}|noon|midnight)(?:\\s*o'clock)?(?:\\s*${MERIDIEM})?${ZONE}${END}`,
);
const HALF = new RegExp(`^\\s*half ${HOUR_WORD}\\s*$|\\bat half ${HOUR_WORD}\\b`);
const O_CLOCK = new RegExp(`${LEAD}?\\b(?<hour>${HOUR_WORD})\\s*o'?\\s?clock(?:\\s*${MERIDIEM})?${ZONE}${END}`);
const NOON = new RegExp(`${LEAD}?\\b(?:12\\s+)?(?:high )?(?:noon|midday|mid-day)\\b${ZONE}`);
const MIDNIGHT = new RegExp(`${LEAD}?\\b(?:12\\s+)?mid-?\\s?night\\b${ZONE}`);
const CLOSE = new RegExp(`${LEAD}?\\b(?:cob|close of business|end of business(?: day)?|eob)\\b${ZONE}`);
const END_OF_DAY = new RegExp(`${LEAD}?\\b(?:(?:the )?end of (?:the )?(?:business |work(?:ing)? )?day|eod)\\b(?: on| of)?`);
const UNIT_AFTER =
  "(?!\\s*(?:st|nd|rd|th|%|secs?|seconds?|min(?:ute)?s?|hours?|hrs?|(?:business|working|work|week) ?days?|days?|weeks?|months?|years?|fortnights?)\\b)";
const AT_HOUR = new RegExp(
  `${HOUR_LEAD}(?<hour>${HOUR_WORD})(?:ish\\b)?(?:\\s+sharp)?${ZONE}${UNIT_AFTER}(?!\\s+(?:of\\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))${END}`,
);
const DAY_WORD = `(?:today|tod|tomorrow|tmrw?|tonight|(?:this |in the |tomorrow )?(?:morning|afternoon|evening)|tomorrow night|${WEEKDAY} (?:morning|afternoon|evening|night))`;
const AFTER_DAY = new RegExp(`(?<=\\b${DAY_WORD},?\\s+)(?<hour>${HOUR_WORD})(?:ish)?${UNIT_AFTER}(?=\\s*$)`);
const BEFORE_DAY = new RegExp(
  `^\\s*(?<hour>${HOUR_WORD})(?:ish)?(?=\\s+(?:(?:in the )?(?:morning|afternoon|evening)|at night|today|tonight|tomorrow|tmrw?)\\b)`,
);
const PART = new RegExp(
  `\\b(?:(?:by|before|until|in|during|due|on) )?(?:(?<today>this |to(?=night))|first thing (?:in )?(?:the )?|at |the |early (?:in the )?|late (?:in the )?|by |later )*(?<part>morning|lunch(?: ?time)?|afternoon|evening|night)\\b`,
);
const FIRST_THING = /\b(?:first thing)\b/;

const PATTERNS: { pattern: RegExp; fixed?: number; literal?: boolean; endOfDay?: boolean }[] = [
  { pattern: END_OF_DAY, endOfDay: true },
  { pattern: CLOSE, fixed: 17 },
  { pattern: SPOKEN },
  { pattern: NOON, fixed: 12 },
  { pattern: MIDNIGHT, fixed: 24 },
  { pattern: O_CLOCK },
  { pattern: MERIDIEM_TIME },
  { pattern: LONG_COLON_TIME, literal: true },
  { pattern: COLON_TIME },
  { pattern: MILITARY_TIME, literal: true },
  { pattern: DOT_TIME },
  { pattern: H_TIME, literal: true },
  { pattern: AT_HOUR },
  { pattern: AFTER_DAY },
  { pattern: BEFORE_DAY },
];

interface Clock {
  hour: number;
  minute: number;
  second: number;
  open: boolean;
}

/** Reads the groups of a match as a clock time; null where it cannot be one. */
function clockOf(groups: Record<string, string | undefined>, literal: boolean): Clock | null {
  const hourText = groups["hour"] ?? groups["hourB"] ?? "";
  const named = hourText === "noon" ? 12 : hourText === "midnight" ? 24 : numberOf(hourText);
  const minute = Number(groups["minute"] ?? groups["minuteB"] ?? 0);
  const second = Number(groups["second"] ?? 0);
  if (named === null || !Number.isInteger(named) || named > 24 || minute > 59 || second > 59) return null;
  if (named === 24 && (minute > 0 || second > 0)) return null;
  const meridiem = groups["meridiem"];
  let clock: Clock = { hour: named, minute, second, open: false };
  if (meridiem) {
    // "13pm" and "17:30pm" say the same thing twice; "13am" and "0pm" contradict themselves.
    if (named > 12) {
      if (meridiem === "a" || named === 24) return null;
    } else if (named === 0) {
      if (meridiem === "p") return null;
    } else clock = { ...clock, hour: (named % 12) + (meridiem === "p" ? 12 : 0) };
  } else if (!literal && named >= 1 && named <= 12 && !/^0\d/.test(hourText) && hourText !== "noon") {
    clock = { ...clock, hour: named <= 6 ? named + 12 : named, open: true };
  }
  const side = groups["side"];
  if (!side) return clock;
  const amountText = groups["amount"] ?? "";
  const amount = amountText === "half" ? 30 : amountText.endsWith("quarter") ? 15 : numberOf(amountText);
  if (amount === null || amount > 59 || minute > 0) return null;
  const minutes = clock.hour * 60 + (side === "past" || side === "after" ? amount : -amount);
  if (minutes >= 24 * 60 && clock.hour === 24) return { ...clock, hour: 0, minute: minutes - 24 * 60 };
  return { ...clock, hour: Math.floor((minutes + 1440) / 60) % 24, minute: (minutes + 1440) % 60 };
}

/** Fits an open hour to the part of the day that was said with it. */
function withPart(clock: Clock, part: Part): Clock {
  if (!clock.open) return clock;
  const twelve = clock.hour % 12;
  if (part === "morning") return { ...clock, hour: twelve, open: false };
  if (part === "night" && twelve < 6) return { ...clock, hour: 24 + twelve, open: false };
  return { ...clock, hour: twelve + 12, open: false };
}

/** Finds the time of day in a normalised text. Null: none is named. */
export function findTime(text: string): TimeFound | TimeProblem | null {
  const found: TimeFound = {
    spans: [],
    hour: 0,
    minute: 0,
    second: 0,
    open: false,
    today: false,
    vague: false,
    endOfDay: false,
    timeZone: null,
  };
  let rest = text;
  const take = (match: RegExpExecArray): void => {
    const span = { start: match.index, end: match.index + match[0].length };
    found.spans.push(span);
    rest = blank(rest, span);
  };

  const half = HALF.exec(rest);
  if (half)
    return { problem: `“${half[0].trim()}” is half an hour before or after, depending on where you are from. What time is it due?` };
  let clock: Clock | null = null;
  const range = RANGE.exec(rest);
  if (range?.groups && isTimeRange(range)) {
    const groups = { ...range.groups };
    const end = clockOf({ hour: groups["hour2"], minute: groups["minute2"], meridiem: groups["meridiem2"] }, false);
    if (!groups["meridiem"] && groups["meridiem2"] && Number(groups["hour"]) <= Number(groups["hour2"]) && groups["hour2"] !== "12") {
      groups["meridiem"] = groups["meridiem2"];
    }
    clock = clockOf(groups, false);
    if (!clock || !end) return { problem: `“${range[0].trim()}” is not a time of day. When is it due?` };
    take(range);
  }
  for (const { pattern, fixed, literal, endOfDay } of PATTERNS) {
    if (clock || found.endOfDay) break;
    const match = pattern.exec(rest);
    if (!match) continue;
    clock =
      fixed === undefined
        ? endOfDay
          ? null
          : clockOf(match.groups ?? {}, literal ?? false)
        : { hour: fixed, minute: 0, second: 0, open: false };
    if (!clock && !endOfDay) return { problem: `“${match[0].trim()}” is not a time of day. When is it due?` };
    const before = rest.slice(0, match.index);
    const after = rest.slice(match.index + match[0].length);
    if (/\d(?:\s*[ap]m)?\s*(?:\bor\b|\/)\s*$/.test(before) || /^\s*(?:or\b|\/)\s*\d/.test(after))
      return { problem: "Two times are named. Which one is it due at?" };
    found.endOfDay = endOfDay ?? false;
    const named = match.groups?.["zone"];
    const zone = named === undefined ? null : zoneNamed(named);
    if (zone !== null && typeof zone !== "string") return zone;
    found.timeZone = zone;
    take(match);
  }

  const partMatch = PART.exec(rest);
  let part: Part | null = null;
  if (
    partMatch &&
    !/\b(?:last|every|each) $/.test(rest.slice(0, partMatch.index)) &&
    !/^ (?:shift|club|owl|light|out)\b/.test(rest.slice(partMatch.index + partMatch[0].length))
  ) {
    const word = partMatch.groups?.["part"] ?? "";
    part = word.startsWith("lunch") ? "lunch" : word === "morning" || word === "afternoon" || word === "evening" ? word : "night";
    found.today = /\bthis |\bto(?=night)/.test(partMatch[0]);
    take(partMatch);
  } else if (!clock && FIRST_THING.test(rest)) {
    const match = FIRST_THING.exec(rest);
    if (match) {
      part = "morning";
      take(match);
    }
  }
  if (clock && part) clock = withPart(clock, part);
  if (!clock && part && !found.endOfDay) {
    clock = { hour: PART_HOUR[part], minute: 0, second: 0, open: false };
    found.vague = true;
  }
  if (!clock && !found.endOfDay) return null;
  if (clock && COLON_TIME.test(rest) && !found.vague) return { problem: "Two times are named. Which one is it due at?" };
  const { hour, minute, second, open } = clock ?? { hour: 24, minute: 0, second: 0, open: false };
  return { ...found, hour, minute, second, open };
}

/** "9-10am" and "from 2 to 4" are times; "10-12" alone, "1 to 5 people" and "12-01-2026" are not. */
function isTimeRange(match: RegExpExecArray): boolean {
  const groups = match.groups ?? {};
  const marked = groups["meridiem"] ?? groups["meridiem2"] ?? groups["minute"] ?? groups["minute2"];
  return marked !== undefined || /^(?:from|between|at)\s/.test(match[0]);
}
