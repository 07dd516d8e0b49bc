import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { understandDate } from "../../src/dates/understand-date.ts";
import { toLocal } from "../../src/dates/zone.ts";
import { cpuMs } from "../support/cpu-time.ts";

const OSLO = "Europe/Oslo";
/** Wednesday 18 November 2026, 10:15 in Oslo. */
const NOW = Date.parse("2026-11-18T10:15:00+01:00");

/** What is understood, as a local date or date and time; `?` with a kind when asked back; `-` for no date. */
function read(text: string, now = NOW, timeZone = OSLO): string {
  const { kind, at, hasTime, askedBack } = understandDate(text, { now, timeZone });
  if (askedBack) return `?${kind}`;
  if (at === null) return "-";
  const local = toLocal(at, timeZone);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${local.year}-${two(local.month)}-${two(local.day)}`;
  return hasTime ? `${day} ${two(local.hour)}:${two(local.minute)}` : day;
}

const CASES: Record<string, Record<string, string>> = {
  "near days": {
    today: "2026-11-18", tomorrow: "2026-11-19", "TOMORROW": "2026-11-19", tmrw: "2026-11-19", "the day after tomorrow": "2026-11-20",
    "later today": "2026-11-18", eod: "2026-11-18", "eod friday": "2026-11-20", "end of day tomorrow": "2026-11-19",
  },
  weekdays: {
    friday: "2026-11-20", wednesday: "2026-11-25", "this wednesday": "2026-11-18", "next friday": "2026-11-27", "next monday": "2026-11-23",
    "monday after next": "2026-11-30", "friday week": "2026-11-27", "a week on monday": "2026-11-30", "friday next week": "2026-11-27",
    "next week monday": "2026-11-23", "last friday of the month": "2026-11-27", "first monday of december": "2026-12-07",
    "third thursday in jan": "2027-01-21", "3 fridays from now": "2026-12-04", "friday, 27 november": "2026-11-27",
  },
  "weeks, months and years": {
    "next week": "2026-11-23", "this week": "2026-11-20", "end of the week": "2026-11-20", "this weekend": "2026-11-21", "next weekend": "2026-11-28",
    "end of month": "2026-11-30", "next month": "2026-12-01", "end of next month": "2026-12-31", "mid december": "2026-12-15",
    december: "2026-12-01", november: "2026-11-30", "end of january": "2027-01-31", eoy: "2026-12-31", "next year": "2027-01-01",
    "in 2027": "2027-01-01", "end of q1": "2027-03-31", "last day of february": "2027-02-28", "first day of next month": "2026-12-01",
  },
  durations: {
    "in 3 days": "2026-11-21", "3d": "2026-11-21", "in 6 weeks": "2026-12-30", "in a fortnight": "2026-12-02", "in a month": "2026-12-18",
    "in two hours": "2026-11-18 12:15", "in an hour and a half": "2026-11-18 11:45", "2 hours and 30 minutes": "2026-11-18 12:45",
    "2h30m": "2026-11-18 12:45", "in 3 business days": "2026-11-23", "2 weeks from friday": "2026-12-04", "3 days before christmas": "2026-12-22",
    "in 2 days at 9am": "2026-11-20 09:00", "in three days' time": "2026-11-21",
  },
  "dates in digits": {
    "15/12": "2026-12-15", "12/15": "2026-12-15", "5/5": "2027-05-05", "24.12.": "2026-12-24", "1.12.2026": "2026-12-01", "2026-12-01": "2026-12-01",
    "20261224": "2026-12-24", "2026/12/24": "2026-12-24", "13/01/2027": "2027-01-13", "31/12/26 23:59": "2026-12-31 23:59", "the 5th": "2026-12-05",
    "on the 31st": "2026-12-31", "15th of next month": "2026-12-15", "29/02": "2028-02-29",
  },
  "dates with a month's name": {
    "Dec 1st": "2026-12-01", "1 December 2027 at 14:30": "2027-12-01 14:30", "3rd of january": "2027-01-03", "January 3rd, 2028 9:15 AM": "2028-01-03 09:15",
    "5 dec '27": "2027-12-05", "december twenty-fifth": "2026-12-25", "feb 29": "2028-02-29", "17 nov": "2027-11-17", "18 nov": "2026-11-18",
    "Saturday 5 Dec, 10:00": "2026-12-05 10:00", christmas: "2026-12-25",
  },
  "times of day": {
    "tomorrow at 9": "2026-11-19 09:00", "at 5": "2026-11-18 17:00", "tomorrow at 5": "2026-11-19 17:00", "at 9": "2026-11-18 21:00",
    "9am": "2026-11-19 09:00", "17:00": "2026-11-18 17:00", "10:00": "2026-11-19 10:00", "quarter past 3 pm": "2026-11-18 15:15", "ten to six": "2026-11-18 17:50",
    noon: "2026-11-18 12:00", midnight: "2026-11-19 00:00", "tomorrow at midnight": "2026-11-20 00:00", "12am tomorrow": "2026-11-19 00:00", "12pm": "2026-11-18 12:00",
    tonight: "2026-11-18 20:00", "tonight at 8": "2026-11-18 20:00", "tonight at 1": "2026-11-19 01:00", "tomorrow morning": "2026-11-19 09:00", "friday evening at 8": "2026-11-20 20:00",
    "by close of business friday": "2026-11-20 17:00", "from 2 to 4pm tomorrow": "2026-11-19 14:00", "tomorrow 9-10am": "2026-11-19 09:00",
    "tomorrow 17h30": "2026-11-19 17:30", "at 1730": "2026-11-18 17:30", "0900 tomorrow": "2026-11-19 09:00",
  },
  instants: {
    "2026-12-01 09:00": "2026-12-01 09:00", "2026-12-01 5:30": "2026-12-01 05:30", "2026-12-01T09:00:00Z": "2026-12-01 10:00",
    "2026-12-01T09:00:00+05:30": "2026-12-01 04:30", "20261201T090000Z": "2026-12-01 10:00", "5pm EST": "2026-11-18 23:00", "tomorrow 9am PT": "2026-11-19 18:00",
    "tomorrow 9am UTC+2": "2026-11-19 08:00", "tomorrow 9am America/New_York": "2026-11-19 15:00", "9am IST": "?ambiguous", "9am utc+99": "?ambiguous",
  },
  "what must be asked back": {
    "5/6": "?ambiguous", "01/02/2027": "?ambiguous", "5": "?ambiguous", "friday 5": "?ambiguous", "Feb 30": "?ambiguous", "29 feb 2027": "?ambiguous",
    "31 november": "?ambiguous", "2026-13-45": "?ambiguous", "25:00": "?ambiguous", "thursday 27 november 2026": "?ambiguous", "monday or tuesday": "?ambiguous",
    "dec 1-5": "?ambiguous", "in 2-3 weeks": "?ambiguous", "not tomorrow": "?ambiguous", "1m": "?ambiguous", "3 or 4pm tomorrow": "?ambiguous", easter: "?ambiguous",
    yesterday: "?past", "last friday": "?past", "3 days ago": "?past", "2020-01-01": "?past", "today at 9am": "?past", "an hour ago": "?past", "this morning": "?past",
    "every monday": "?none", "daily at 9": "?none", mondays: "?none", someday: "?none", asap: "?none", "in 9999 years": "?none",
  },
  "what is no date": { "": "-", banana: "-", "buy milk": "-", "I may call; the cat sat down": "-", "march to the shop": "-", "no due date": "-", "🎉": "-" },
  "dates inside a sentence": {
    "finish the report by next Friday at 3pm": "2026-11-27 15:00", "film the workout video due tomorrow": "2026-11-19", "buy 5 apples tomorrow": "2026-11-19",
    "buy tickets for friday's show by tomorrow": "2026-11-19", "pay rent on the 1st": "2026-12-01",
  },
}; // prettier-ignore

for (const [group, cases] of Object.entries(CASES)) {
  describe(`understandDate() reads ${group}`, () => {
    test.each(Object.entries(cases))("%j as %s", (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });
}

describe("understandDate()", () => {
  test("gives a day without a time its last local millisecond", () => {
    const { at, hasTime, kind } = understandDate("tomorrow", { now: NOW, timeZone: OSLO });
    expect({ at, hasTime, kind }).toEqual({ at: Date.parse("2026-11-19T23:59:59.999+01:00"), hasTime: false, kind: "date" });
  });

  test("uses the user's day, not UTC's", () => {
    const lateInOslo = Date.parse("2026-11-18T00:30:00+01:00");
    expect(read("today", lateInOslo)).toBe("2026-11-18");
    expect(read("today", lateInOslo, "America/Los_Angeles")).toBe("2026-11-17");
    expect(read("tomorrow", lateInOslo, "Pacific/Kiritimati")).toBe("2026-11-19");
  });

  test("moves a skipped local time forward by the gap and takes the first of a repeated one", () => {
    const spring = Date.parse("2027-03-27T12:00:00+01:00");
    expect(understandDate("tomorrow at 02:30", { now: spring, timeZone: OSLO }).at).toBe(Date.parse("2027-03-28T03:30:00+02:00"));
    const autumn = Date.parse("2026-10-24T12:00:00+02:00");
    expect(understandDate("tomorrow at 02:30", { now: autumn, timeZone: OSLO }).at).toBe(Date.parse("2026-10-25T02:30:00+02:00"));
  });

  test("counts hours as they pass and days by the calendar over a clock change", () => {
    const autumn = Date.parse("2026-10-25T00:30:00+02:00");
    expect(understandDate("in 4 hours", { now: autumn, timeZone: OSLO }).at).toBe(autumn + 4 * 3_600_000);
    expect(understandDate("in 1 day", { now: autumn, timeZone: OSLO }).at).toBe(Date.parse("2026-10-26T23:59:59.999+01:00"));
    expect(understandDate("today", { now: autumn, timeZone: OSLO }).at).toBe(Date.parse("2026-10-25T23:59:59.999+01:00"));
  });

  test("rolls over the year and a leap day", () => {
    const silvester = Date.parse("2027-12-31T12:00:00+01:00");
    expect(read("tomorrow", silvester)).toBe("2028-01-01");
    expect(read("next month", silvester)).toBe("2028-01-01");
    expect(read("in 2 months", silvester)).toBe("2028-02-29");
    expect(read("end of february", silvester)).toBe("2028-02-29");
  });

  test("names weeks from the weekend as a person would", () => {
    const saturday = Date.parse("2026-11-21T09:00:00+01:00");
    const cases = {
      saturday: "2026-11-28",
      "this weekend": "2026-11-21",
      "next friday": "2026-11-27",
      "next week": "2026-11-23",
      "next sunday": "2026-11-29",
      "end of the week": "2026-11-22",
      eow: "2026-11-22",
    };
    for (const [text, expected] of Object.entries(cases)) expect(`${text}: ${read(text, saturday)}`).toBe(`${text}: ${expected}`);
  });

  test("keeps tonight a day of its own when the evening is over", () => {
    const late = Date.parse("2026-11-18T22:00:00+01:00");
    expect(read("tonight", late)).toBe("2026-11-18");
    expect(read("at 9", late)).toBe("2026-11-19 09:00");
  });

  test("names the spans it used, so that a title can be cut out", () => {
    const text = "Film the video due by tomorrow at 9, please";
    const { matched } = understandDate(text, { now: NOW, timeZone: OSLO });
    expect(matched.map(({ start, end }) => text.slice(start, end))).toEqual(["due by tomorrow at 9"]);
  });

  test("says in words what it took, with the weekday", () => {
    expect(understandDate("next friday at 3pm", { now: NOW, timeZone: OSLO }).echo).toBe("Fri 27 Nov 2026, 15:00");
  });

  test("asks with a sentence whenever there is no answer to give", () => {
    for (const text of ["5/6", "yesterday", "every monday", "Feb 30"]) {
      const { at, question, askedBack } = understandDate(text, { now: NOW, timeZone: OSLO });
      expect(at).toBeNull();
      expect(askedBack).toBe(true);
      expect(question).toMatch(/\?$/);
    }
  });

  const zone = fc.constantFrom(
    "Europe/Oslo",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "Africa/Cairo",
    "Pacific/Apia",
    "UTC",
  );
  const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
  const words = fc.array(
    fc.constantFrom(
      ..."in on at by the next last this every end of day week month monday friday 5 9 30 31 2027 feb 1/2 13:45 pm am noon - or and half past quarter tomorrow tonight morning from after before 's dec 1st . : T Z".split(
        " ",
      ),
    ),
    { maxLength: 8 },
  );

  test("never throws, and is consistent, for any text in any zone", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          words.map((list) => list.join(" ")),
          words.map((list) => list.join("")),
        ),
        instant,
        zone,
        (text, now, timeZone) => {
          const found = understandDate(text, { now, timeZone });
          expect(found.at === null).toBe(found.kind !== "instant" && found.kind !== "date");
          expect(found.askedBack).toBe(found.question !== undefined);
          if (found.at !== null) expect(found.at).toBeGreaterThanOrEqual(now);
          let end = 0;
          for (const span of found.matched) {
            expect(span.start).toBeGreaterThanOrEqual(end);
            expect(span.end).toBeGreaterThan(span.start);
            end = span.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 800 },
    );
  });

  test("reads an ISO instant and an ISO day back as they are", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 40 * 365 * 86_400_000 }), zone, (now, ahead, timeZone) => {
        const at = now + ahead;
        expect(understandDate(new Date(at).toISOString(), { now, timeZone })).toMatchObject({ kind: "instant", at, hasTime: true });
        const day = toLocal(at, timeZone);
        const iso = `${day.year}-${String(day.month).padStart(2, "0")}-${String(day.day).padStart(2, "0")}`;
        const date = understandDate(iso, { now, timeZone });
        expect(toLocal(date.at ?? 0, timeZone)).toMatchObject({ year: day.year, month: day.month, day: day.day });
        expect(toLocal((date.at ?? 0) + 1, timeZone).day).not.toBe(day.day);
      }),
      { numRuns: 200 },
    );
  });

  test("stays quick on long and hostile texts", () => {
    for (const piece of ["1 day ", "at ", "a ", "- ", "9 to ", "1/", "in the ", "half ", "'", "\u00a0"])
      expect(cpuMs(() => void understandDate(piece.repeat(100_000 / piece.length), { now: NOW, timeZone: OSLO }))).toBeLessThan(2_000);
  });
});
