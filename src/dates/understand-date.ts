import { addDays, compareDays, isRealDay, type Day } from "./calendar.ts";
import { findDuration, shiftDay } from "./duration.ts";
import { echoDue } from "./echo.ts";
import { findDays, type DaysFound } from "./find-days.ts";
import { findIsoInstant } from "./iso-instant.ts";
import { bareNumber, past, RECURRING, TOO_FAR, VAGUE } from "./questions.ts";
import { isRecurring } from "./recurring.ts";
import { findTime, type TimeFound } from "./time-of-day.ts";
import { blank, normalise, NUMBER_WORD, type Span } from "./words.ts";
import { at as localAt, endOfDay, toInstant, toLocal } from "./zone.ts";

/** A due date as understood. */
export interface UnderstoodDate {
  /**
   * `instant`: a day and a time. `date`: a day. `none`: no date in the text. `ambiguous`: more than one reading, or a day that does not
   * exist. `past`: a date that is over.
   */
  kind: "instant" | "date" | "none" | "ambiguous" | "past";
  /** UTC milliseconds for `instant` and `date` (the last millisecond of that local day), else null. */
  at: number | null;
  hasTime: boolean;
  /** Whether the person must say more: set with every `question`, and never with an `at`. */
  askedBack: boolean;
  question?: string;
  /** The pieces of the text that were understood as the date, in order, without overlaps. */
  matched: readonly Span[];
  /** The date in words, with its weekday; the question where there is one. */
  echo: string;
}

export interface DateContext {
  /** UTC milliseconds. */
  now: number;
  /** IANA name. An unknown one throws RangeError. */
  timeZone: string;
}

/** Longer texts are read up to here (UTF-16 units): a due date is a few words. */
const MAX_LENGTH = 1_000;
const LAST_INSTANT = Date.UTC(9999, 11, 31);

const NO_DATE =
  /^(?:no|none|never|nothing|n\/a|null|-|(?:no|without an?|remove(?: the)?|clear(?: the)?) (?:due ?date|due|date|deadline))?$/;
const VAGUELY =
  /^(?:due |by |do (?:it )?)?(?:asap|as soon as possible|soon|sooner or later|later|some ?day|one day|some ?time(?: soon)?|eventually|whenever(?: .*)?|when i (?:can|have time).*|at some point|in the future|in a (?:while|bit)|the other day|tbd|tba|(?:this|next|in) (?:spring|summer|autumn|fall|winter)|(?:in )?(?:spring|summer|autumn|winter))$/;
const NOW = /^(?:right )?now$|^(?:immediately|right away|straight away|at once)$/;
const BARE_NUMBER = new RegExp(`^(?:due |on |the )*#?(?!0\\d{3})(?:\\d{1,4}|${NUMBER_WORD})\\.?$`);
const LEAD = /(?:\b(?:due(?: date)?|by|on|at|for|before|until|till|deadline|is|no later than)\s*:?\s*)+$/;

/**
 * Understands a due date in plain English words or ISO 8601, as a careful person in this zone at this moment would. Never throws for any
 * text. It would rather ask back than guess where a guess could be a wrong day; `echo` says what it took, so that the person sees it.
 *
 * Decisions: a day without a time is due at its last millisecond. Parts of the day: morning 09:00, lunch 12:00, afternoon 15:00,
 * evening and night 20:00, close of business 17:00; midnight is the end of the named day. An hour alone is 7–11 in the morning,
 * 12 noon, 1–6 in the afternoon; today the later one where the earlier is over. A time alone is its next coming. Days are explained in
 * `named-days.ts`. A wall-clock time that a clock change skips moves forward by the gap, one that comes twice is the first.
 */
export function understandDate(text: string, context: DateContext): UnderstoodDate {
  const normal = normalise(text.slice(0, MAX_LENGTH));
  const whole = normal
    .replace(/["'!?.]+\s*$|^\s*["']/g, "")
    .replace(/ +/g, " ")
    .trim();
  const local = toLocal(context.now, context.timeZone);
  if (NO_DATE.test(whole)) return none();
  if (NOW.test(whole)) return instant(context.now, [{ start: 0, end: text.length }], context);
  if (VAGUELY.test(whole)) return ask("none", VAGUE);
  if (isRecurring(normal)) return ask("none", RECURRING);
  if (BARE_NUMBER.test(whole)) return ask("ambiguous", bareNumber(whole));

  const iso = findIsoInstant(normal, context.timeZone);
  if (iso) return "problem" in iso ? ask("ambiguous", iso.problem) : instant(iso.at, [iso.span], context, text);

  let rest = normal;
  let counted: (Span & { reading: Day }) | null = null;
  const duration = findDuration(rest);
  if (duration) {
    if ("problem" in duration) return ask("ambiguous", duration.problem);
    if (duration.duration.workingDays > 5_000) return ask("none", TOO_FAR);
    const day = shiftDay(local, duration.duration, duration.direction);
    if (!isRealDay(day)) return ask("none", TOO_FAR);
    const { ms } = duration.duration;
    const date = { year: day.year, month: day.month, day: day.day };
    if (ms > 0) {
      // Hours and minutes are counted as they pass, also over a clock change; only whole days follow the calendar.
      const whenDaysPassed = compareDays(date, local) === 0 ? context.now : toInstant({ ...local, ...date }, context.timeZone);
      return instant(whenDaysPassed + duration.direction * ms, [duration.span], context, text);
    }
    counted = { ...duration.span, reading: date };
    rest = blank(rest, duration.span);
  }

  const time = findTime(hideDates(rest));
  if (time && "problem" in time) return ask("ambiguous", time.problem);
  for (const span of time?.spans ?? []) rest = blank(rest, span);
  const zone = time?.timeZone ?? context.timeZone;
  const days = findDays(rest, zone === context.timeZone ? local : toLocal(context.now, zone), counted);
  if (days && "ask" in days) return ask("ambiguous", days.ask);
  if (!days && !time) return none();
  const spans = [...(days?.spans ?? []), ...(time?.spans ?? [])];
  for (const span of spans) rest = blank(rest, span);
  const left = rest.replace(/[\s,.]+/g, " ").trim();
  if (/^(?:the |at )?\d{1,2}$/.test(left)) return ask("ambiguous", bareNumber(left));
  return combine(days, time, spans, zone, context, text);
}

/** Dates in digits must not be taken for times ("by 5/12", "at 1.12."): they are hidden while the time is sought. */
const hideDates = (text: string): string =>
  text.replace(
    /\d{4}([-/.])\d{1,2}\1\d{1,2}|\b\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})\b|\b\d{1,2}\/\d{1,2}\b|\b\d{1,2}\.\d{1,2}\.(?!\d)/g,
    (date) => " ".repeat(date.length),
  );

function combine(
  days: DaysFound | null,
  time: TimeFound | null,
  spans: Span[],
  zone: string,
  context: DateContext,
  text: string,
): UnderstoodDate {
  const today = toLocal(context.now, zone);
  const day = days?.day ?? today;
  if (!isRealDay(day)) return ask("none", TOO_FAR);
  const isToday = compareDays(day, today) === 0;
  if (compareDays(day, today) < 0) return ask("past", past(echoDue(endOfDay(day, zone), false, zone)));
  if (!time || time.endOfDay) return wholeDay(day, spans, zone, text);
  const on = (base: Day, hour: number): number => {
    const date = addDays(base, Math.floor(hour / 24));
    return toInstant(localAt(date, hour % 24, time.minute, time.second), zone);
  };
  const { now } = context;
  const when = on(day, time.hour);
  const over = days ? when < now : when <= now;
  if (!isToday || !over) return instant(when, spans, context, text);
  if (time.open && time.hour < 12 && on(day, time.hour + 12) > now) return instant(on(day, time.hour + 12), spans, context, text);
  if (!days && !time.today) return instant(on(addDays(day, 1), time.hour), spans, context, text);
  if (time.vague && time.hour >= 18) return wholeDay(day, spans, zone, text);
  return ask("past", past(echoDue(when, true, context.timeZone)));
}

function instant(when: number, spans: Span[], context: DateContext, text?: string): UnderstoodDate {
  if (!Number.isFinite(when) || when > LAST_INSTANT) return ask("none", TOO_FAR);
  const echo = echoDue(when, true, context.timeZone);
  if (when < context.now) return ask("past", past(echo));
  return { kind: "instant", at: when, hasTime: true, askedBack: false, matched: tidy(spans, text), echo };
}

function wholeDay(day: Day, spans: Span[], zone: string, text: string): UnderstoodDate {
  const when = endOfDay(day, zone);
  if (when > LAST_INSTANT) return ask("none", TOO_FAR);
  return { kind: "date", at: when, hasTime: false, askedBack: false, matched: tidy(spans, text), echo: echoDue(when, false, zone) };
}

const ask = (kind: "none" | "ambiguous" | "past", question: string): UnderstoodDate => ({
  kind,
  at: null,
  hasTime: false,
  askedBack: true,
  question,
  matched: [],
  echo: question,
});

const none = (): UnderstoodDate => ({ kind: "none", at: null, hasTime: false, askedBack: false, matched: [], echo: "no due date" });

/** Sorts, takes the words that lead to a date with it ("due by tomorrow") and joins what touches. */
function tidy(spans: Span[], text = ""): Span[] {
  const normal = normalise(text);
  const wider = spans
    .map(({ start, end }) => ({ start: start - (LEAD.exec(normal.slice(0, start))?.[0].length ?? 0), end }))
    .sort((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const span of wider) {
    const last = joined.at(-1);
    if (last && /^[\s,]*$/.test(normal.slice(last.end, span.start))) last.end = Math.max(last.end, span.end);
    else joined.push(span);
  }
  return joined;
}
