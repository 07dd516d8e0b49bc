import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toLocal } from "../../src/dates/zone.ts";
import { describeSpec } from "../../src/schedule/describe.ts";
import { nextAfter, upcoming } from "../../src/schedule/next.ts";
import { parseCron, parseWhen } from "../../src/schedule/parse.ts";
import { ScheduleSpec } from "../../src/schedule/spec.ts";
import { cpuMs } from "../support/cpu-time.ts";

const OSLO = "Europe/Oslo";
/** Wednesday 18 November 2026, 10:15 in Oslo. */
const NOW = Date.parse("2026-11-18T10:15:00+01:00");

/** What was understood, as `describeSpec()` says it, without the zone; `?` when asked back; `-` for nothing about time. */
function read(text: string, saidAt = NOW): string {
  const parsed = parseWhen(text, { saidAt, timeZone: OSLO });
  if (parsed.kind !== "spec") return parsed.kind === "ask" ? "?" : "-";
  return describeSpec(parsed.spec, OSLO).replace(/ \(Europe\/Oslo\)$/, "");
}

const CASES: Record<string, Record<string, string>> = {
  "one instant": {
    "in 20 minutes": "once, Wednesday 18 November 2026, 10:35", "tomorrow at 9": "once, Thursday 19 November 2026, 09:00",
    "at 5pm": "once, Wednesday 18 November 2026, 17:00", "at 17:00": "once, Wednesday 18 November 2026, 17:00", "at 8am": "once, Thursday 19 November 2026, 08:00",
    "friday at 15:00": "once, Friday 20 November 2026, 15:00", "this friday at 5": "once, Friday 20 November 2026, 17:00", "tomorrow at 5": "once, Thursday 19 November 2026, 17:00",
    "in 2 hours and 30 minutes": "once, Wednesday 18 November 2026, 12:45", "on 1 December at 14:00": "once, Tuesday 1 December 2026, 14:00",
    "on 3 March at 8am": "once, Wednesday 3 March 2027, 08:00", "monday next week at 10": "once, Monday 23 November 2026, 10:00", "next Monday at 9": "once, Monday 23 November 2026, 09:00",
    "2026-12-01 09:00": "once, Tuesday 1 December 2026, 09:00", "2026-12-01T09:00:00Z": "once, Tuesday 1 December 2026, 10:00", tonight: "once, Wednesday 18 November 2026, 20:00",
    "tomorrow evening at 8": "once, Thursday 19 November 2026, 20:00", "wednesday at 9:00": "once, Wednesday 25 November 2026, 09:00",
  },
  "a day without a time as 9:00, a part of the day as its hour": {
    "on Friday": "once, Friday 20 November 2026, 09:00", tomorrow: "once, Thursday 19 November 2026, 09:00", "in a week": "once, Wednesday 25 November 2026, 09:00",
    "tomorrow morning": "once, Thursday 19 November 2026, 09:00", "this evening": "once, Wednesday 18 November 2026, 20:00", "friday eod": "once, Friday 20 November 2026, 17:00",
    "every morning": "every day at 09:00", "every evening": "every day at 20:00", "every saturday afternoon": "every Saturday at 15:00", "every Tuesday": "every Tuesday at 09:00",
  },
  "an hour that only one time ahead can be": {
    "at 5": "once, Wednesday 18 November 2026, 17:00", "at 9": "once, Wednesday 18 November 2026, 21:00", "at 12": "once, Wednesday 18 November 2026, 12:00",
  },
  "every day and every few days": {
    "every day at 8": "every day at 08:00", "daily at 8am": "every day at 08:00", "at 8 every day": "every day at 08:00", "everyday at 10.30": "every day at 10:30", "9am daily": "every day at 09:00",
    "remind me daily to stretch": "every day at 09:00", "every night at 10": "every day at 22:00", "each morning at 6": "every day at 06:00", "every day at half past 7 pm": "every day at 19:30",
    "twice a day at 9 and 17": "every day at 09:00 and 17:00", "every day at 5 and 17": "every day at 05:00 and 17:00", "three times a day at 8, 13 and 20": "every day at 08:00, 13:00 and 20:00",
    "every day at 9:00 and 17:30": "every day at 09:00 and 17:30", "every day at noon and midnight": "every day at 00:00 and 12:00",
    "every other day at 8": "every other day at 08:00", "every 3 days at 10:00": "every 3 days at 10:00", "every day except Sunday at 9": "every day except Sunday at 09:00",
  },
  "weekdays and weeks": {
    "every weekday at 9": "every weekday at 09:00", "weekdays at 7:15": "every weekday at 07:15", "mon-fri 9am": "every weekday at 09:00", "every Monday till Friday at 9": "every weekday at 09:00",
    "from monday to friday at 8:30": "every weekday at 08:30", "every Monday and Thursday at 18:30": "every Monday and Thursday at 18:30", "mondays and wednesdays at noon": "every Monday and Wednesday at 12:00",
    "every mon, wed & fri at 6:30am": "every Monday, Wednesday and Friday at 06:30", "every weekend at 10": "every Saturday and Sunday at 10:00", "every weekday except Friday at 9": "every Monday, Tuesday, Wednesday and Thursday at 09:00",
    "every other Tuesday at 10": "every other Tuesday at 10:00", "every second Tuesday at 10": "every other Tuesday at 10:00", "fortnightly on friday at 3pm": "every other Friday at 15:00",
    "every 3 weeks on Friday at 9am": "every 3 weeks on Friday at 09:00", "every other week on Monday and Friday at 9:30": "every other week on Monday and Friday at 09:30",
    "weekly on Sunday at 8pm": "every Sunday at 20:00", "every week at 10": "every Wednesday at 10:00", "every 2 weeks": "every other Wednesday at 09:00", "every Sunday night at 9": "every Sunday at 21:00",
  },
  "months and years": {
    "on the 1st of each month at noon": "on the 1st of each month at 12:00", "every month on the 15th at 9:30": "on the 15th of each month at 09:30", "every 1st and 15th at 9": "on the 1st and the 15th of each month at 09:00",
    "monthly on the 1st at 9": "on the 1st of each month at 09:00", "at 9am on the first of every month": "on the 1st of each month at 09:00", "every month": "on the 18th of each month at 09:00",
    "on the 31st every month": "on the 31st of each month that has one at 09:00", "last day of each month at 18:00": "on the last day of each month at 18:00",
    "the last Friday of the month at 4pm": "on the last Friday of each month at 16:00", "every month on the last Friday at 4pm": "on the last Friday of each month at 16:00",
    "first and third Monday of the month at 10:00": "on the first and third Monday of each month at 10:00", "every second Tuesday of the month at 10am": "on the second Tuesday of each month at 10:00",
    "last weekday of the month at 16:00": "on the last weekday of each month at 16:00", "every 2 months on the 1st at 9": "on the 1st of every other month at 09:00",
    "every 3 months on the first Monday at 10": "on the first Monday of every 3 months at 10:00", quarterly: "on the 1st of January, April, July and October at 09:00",
    "every year on 3 March": "every year on 3 March at 09:00", "yearly on march 3rd at 10am": "every year on 3 March at 10:00", "every january 1st at 0:00": "every year on 1 January at 00:00",
    "every christmas at 8": "every year on 25 December at 08:00", "every 29 February at 9:00": "every year on 29 February (in leap years) at 09:00", "every 2 years on 1 may at 9": "every other year on 1 May at 09:00",
  },
  "hours and minutes": {
    "every 90 minutes": "every 90 minutes, counted from 18 November 2026, 10:15", "every hour and a half": "every 90 minutes, counted from 18 November 2026, 10:15",
    "every 2h": "every 2 hours, counted from 18 November 2026, 10:15", "every other hour": "every 2 hours, counted from 18 November 2026, 10:15", "every half hour": "every 30 minutes, counted from 18 November 2026, 10:15",
    "every 90 minutes starting at 12:00": "every 90 minutes, counted from 18 November 2026, 12:00", "every hour": "every hour", hourly: "every hour", "every hour at :15": "every hour at :15", "every minute": "every minute",
    "every hour from 9 to 17": "every hour from 09:00 to 17:00", "every 15 minutes between 9 and 17 on weekdays": "every 15 minutes from 09:00 to 16:45, every weekday", "every hour on weekdays": "every hour, every weekday",
  },
  "beginnings and ends": {
    "every weekday at 9 until June": "every weekday at 09:00 until 31 May 2027", "every weekday at 9 through June": "every weekday at 09:00 until 30 June 2027", "every weekday at 9 until 1 June": "every weekday at 09:00 until 1 June 2027",
    "every day until christmas at 9": "every day at 09:00 until 25 December 2026", "daily at 8am for two weeks": "every day at 08:00 until 2 December 2026", "every Monday at 9 for 5 times": "every Monday at 09:00 until 21 December 2026",
    "every day starting tomorrow at 8": "every day at 08:00 from 19 November 2026", "every monday at 9 from 1 january until 1 march": "every Monday at 09:00 from 1 January 2027 until 1 March 2027",
    "every 10 minutes for an hour": "every 10 minutes, counted from 18 November 2026, 10:15 until 18 November 2026, 11:15", "every hour until 18:00": "every hour until 18 November 2026, 18:00",
    "every day at 9 until further notice": "every day at 09:00", "every Monday at 9 until the last friday of january": "every Monday at 09:00 until 29 January 2027",
  },
  "cron lines": {
    "0 9 * * 1-5": "every weekday at 09:00", "@daily": "every day at 00:00", "cron: */15 * * * *": "every 15 minutes", "`0 9 1,15 * FRI`": "on the 1st and the 15th of each month and every Friday at 09:00",
    "0 0 12 * * ?": "every day at 12:00", "61 * * * *": "?", "* * * *": "?", "0 0 31 2 *": "?", "*/10 * * * * *": "?",
  },
  "what must be asked back": {
    "at 11": "?", "next Friday": "?", "next friday at 9": "?", wednesday: "?", "wednesday at 15:00": "?", "at 9 today": "?", "today at 8:00": "?", today: "?", "yesterday at 5": "?", "5 minutes ago": "?", "monday or tuesday": "?",
    "on 30 February": "?", "5/6 at 9": "?", "every day at 6": "?", "every day at 5:30": "?", "every 30 seconds": "?", "every second": "?", "every few hours": "?", biweekly: "?", "twice a week": "?", "three times a day": "?", "every year": "?", "every june": "?",
    "every Friday at midnight": "?", "every 45 minutes on weekdays": "?", "every 32nd": "?", "every 30 february": "?", "every Monday at 9 and every Thursday at 10": "?", "every day until yesterday": "?", "every day at 25:00": "?", "every 0 days": "?",
    "every day at 9am PT": "?", "every day between 9 and 17": "?", "5": "?", "every day at 8 until tomorrow at 7:00": "?", "every 0 minutes": "?",
  },
  "nothing about time": { "": "-", "call mum": "-", "buy 5 apples": "-", "what is the weather": "-", "I may go there": "-", "🎉": "-", "every time it rains": "-", "ask every guest": "-" },
}; // prettier-ignore

for (const [group, cases] of Object.entries(CASES)) {
  describe(`parseWhen() reads ${group}`, () => {
    test.each(Object.entries(cases))("%j as %s", (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });
}

test.each([
  ["remind me to call mum tomorrow at 5", "call mum"],
  ["in 20 minutes remind me to stretch", "stretch"],
  ["remind me in 3 days about the meeting", "the meeting"],
  ["remind me every friday evening to water the plants", "water the plants"],
  ["Remind me to take out the trash every Tuesday and Friday at 7pm.", "take out the trash"],
  ["post a summary at 18:00 every Friday, starting 1 December", "post a summary"],
  ["from monday to friday at 8:30 tell me the weather", "tell me the weather"],
  ["write the daily report tomorrow at 9", "write the daily report"],
  ["every day meditate for 30 minutes at 7", "meditate for 30 minutes"],
  ["please remind me tomorrow morning to buy milk", "buy milk"],
  ["on 1 December at 14:00 pay rent", "pay rent"],
  ["every day at 8!", ""],
  ["remind me tomorrow", ""],
  ["0 9 * * 1-5 summarise my inbox", "summarise my inbox"],
  ["@daily: remind me to stretch", "stretch"],
])("parseWhen() leaves of %j the words that are not about time", (text, rest) => {
  expect(parseWhen(text, { saidAt: NOW, timeZone: OSLO })).toMatchObject({ kind: "spec", rest });
});

describe("parseWhen()", () => {
  const times = (text: string, count: number, saidAt = NOW): string[] => {
    const parsed = parseWhen(text, { saidAt, timeZone: OSLO });
    if (parsed.kind !== "spec") throw new Error(parsed.kind);
    return upcoming(parsed.spec, saidAt, OSLO, count).map((at) => new Date(at).toISOString().slice(0, 16));
  };

  test("asks about an hour that comes twice today, and takes the one that is left", () => {
    const night = Date.parse("2026-11-18T03:15:00+01:00");
    expect([read("at 5", night), read("at 9", night), read("today at 5", night)]).toEqual(["?", "?", "?"]);
    expect(read("at 5", Date.parse("2026-11-18T16:59:00+01:00"))).toBe("once, Wednesday 18 November 2026, 17:00");
    expect(read("at 5", Date.parse("2026-11-18T17:00:00+01:00"))).toBe("?");
  });

  test("says in its question what the choices are", () => {
    const asked = (text: string): unknown => parseWhen(text, { saidAt: NOW, timeZone: OSLO });
    expect(asked("next Friday")).toEqual({ kind: "ask", question: expect.stringMatching(/20 Nov 2026.*27 Nov 2026/) });
    expect(asked("at 9 today")).toEqual({ kind: "ask", question: expect.stringMatching(/21:00.*tomorrow at 09:00/) });
    expect(asked("every day at 6")).toEqual({ kind: "ask", question: expect.stringMatching(/06:00.*18:00/) });
    expect(asked("61 * * * *")).toEqual({ kind: "ask", question: expect.stringMatching(/61.*minute/) });
  });

  test("takes what has an end so many times, and counts from the moment it is said", () => {
    expect(times("daily at 8am for two weeks", 20)).toHaveLength(14);
    expect(times("every Monday at 9, 5 times", 20)).toHaveLength(5);
    expect(times("every 10 minutes for an hour", 20)).toHaveLength(6);
    expect(times("every 90 minutes", 2)).toEqual(["2026-11-18T10:45", "2026-11-18T12:15"]);
    expect(times("every other Tuesday at 10", 3)).toEqual(["2026-11-24T09:00", "2026-12-08T09:00", "2026-12-22T09:00"]);
    expect(times("every 2 weeks", 2)).toEqual(["2026-12-02T08:00", "2026-12-16T08:00"]);
    expect(times("every 6 months", 2)).toEqual(["2027-05-18T07:00", "2027-11-18T08:00"]);
  });

  test("reads the clock of the user's zone, also on the day it changes", () => {
    const parsed = parseWhen("tomorrow at 9", { saidAt: Date.parse("2026-11-18T23:30:00Z"), timeZone: "Pacific/Auckland" });
    expect(parsed).toMatchObject({ spec: { kind: "once", at: Date.parse("2026-11-19T20:00:00Z") } });
    expect(times("tomorrow at 02:30", 1, Date.parse("2027-03-27T12:00:00Z"))).toEqual(["2027-03-28T01:00"]);
    expect(times("every day at 2:30am", 2, Date.parse("2027-03-27T12:00:00Z"))).toEqual(["2027-03-28T01:00", "2027-03-29T00:30"]);
  });

  const words = fc.array(
    fc.constantFrom(
      ..."every each other second last first day days week month year hour minute monday fri weekday weekend morning night at on in of the to until till for from starting between and or except 5 9 17:30 0 31 100 1st 31st noon midnight am pm june march 2027 daily hourly twice times a remind me * */5 - , . @daily L # 1-5".split(
        " ",
      ),
    ),
    { maxLength: 10 },
  );

  test("never throws for any text, and what it understands is ahead, can be stored and can be said", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          words.map((list) => list.join(" ")),
          words.map((list) => `every ${list.join(" ")}`),
        ),
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }),
        fc.constantFrom(OSLO, "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC"),
        (text, saidAt, timeZone) => {
          const parsed = parseWhen(text, { saidAt, timeZone });
          if (parsed.kind === "ask") expect(parsed.question).toMatch(/[.?]$/);
          if (parsed.kind !== "spec") return;
          expect(ScheduleSpec.parse(parsed.spec)).toEqual(parsed.spec);
          expect(nextAfter(parsed.spec, saidAt, timeZone)).toBeGreaterThan(saidAt);
          expect(describeSpec(parsed.spec, timeZone)).toContain(timeZone);
          expect(parsed.rest).toBe(parsed.rest.trim());
        },
      ),
      { numRuns: 1_500, examples: [['"0@0"', Date.UTC(2000, 0, 1), OSLO]] },
    );
  });

  test("reads back any instant that an ISO text gives", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 * 365 * 86_400 }), (seconds) => {
        const at = NOW + seconds * 1_000;
        expect(parseWhen(`call mum ${new Date(at).toISOString()}`, { saidAt: NOW, timeZone: OSLO })).toEqual({
          kind: "spec",
          spec: { kind: "once", at },
          rest: "call mum",
        });
        expect(toLocal(at, OSLO).year).toBeGreaterThan(2025);
      }),
      { numRuns: 200 },
    );
  });

  test("stays quick on long and hostile texts", () => {
    for (const piece of [
      "every ",
      "monday and ",
      "1st, ",
      "every 1 day ",
      "at 9, ",
      "until ",
      "from 9 to ",
      "mon-",
      "the first and ",
      "for 2 days ",
      "* ",
      "a ",
    ]) {
      const took = cpuMs(() => {
        parseWhen(piece.repeat(100_000 / piece.length), { saidAt: NOW, timeZone: OSLO });
        parseWhen(`every day ${piece.repeat(80)}`, { saidAt: NOW, timeZone: OSLO });
      });
      expect(took).toBeLessThan(2_000);
    }
  });
});

describe("parseCron()", () => {
  test.each([
    ["0 9 * * 1-5", "0 9 * * 1-5"],
    ["  0   9 * * MON ", "0 9 * * MON"],
    ["0 9 1 january Monday", "0 9 1 jan Mon"],
    ["5/20 * * * *", "5-59/20 * * * *"],
    ["0 0 9 * * ?", "0 9 * * ?"],
    ["@Weekly", "0 0 * * 0"],
    ["0 9 * * SUN-SUN", "0 9 * * 0"],
    ["0 0 31 2 *", "0 0 31 2 *"],
  ])("takes %j", (text, expression) => {
    expect(parseCron(text)).toEqual({ ok: true, expression });
  });

  test.each([
    ["60 * * * *", /“60”.*minute/],
    ["0 24 * * *", /“24”.*hour/],
    ["0 0 0 * *", /“0”.*day of the month/],
    ["0 0 * 13 *", /“13”.*month/],
    ["0 0 * * 8", /“8”.*day of the week/],
    ["*/0 * * * *", /minute/],
    ["0 22-2 * * *", /“22-23,0-2”/],
    ["5 * * * * *", /Seconds/],
    ["0 9 * *", /five fields/],
    ["", /five fields/],
    ["@reboot", /@hourly/],
    ["0 9 * * call", /“call”/],
    [`0 9 * * ${"1,".repeat(200)}1`, /too long/],
  ])("refuses %j with a sentence", (text, message) => {
    expect(parseCron(text)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom("*", "1", "L", "W", "#", "-", "/", ",", "MON", "+", "?", "99", " "), { maxLength: 15 })
            .map((parts) => parts.join("")),
        ),
        (text) => void parseCron(text),
      ),
      { numRuns: 1_000 },
    );
  });
});
