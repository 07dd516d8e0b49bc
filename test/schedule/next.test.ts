import { describe, expect, test } from "vitest";
import { missedBetween, nextAfter, upcoming } from "../../src/schedule/next.ts";
import { ScheduleSpec } from "../../src/schedule/spec.ts";
import { cpuMs } from "../support/cpu-time.ts";

const at = (iso: string): number => Date.parse(iso);
const cron = (expression: string, more: object = {}): ScheduleSpec =>
  ScheduleSpec.parse({ kind: "cron", expression, until: null, ...more });
/** The next instants, in UTC without seconds. */
const next = (expression: string, after: string, zone: string, count = 1, more: object = {}): string[] =>
  upcoming(cron(expression, more), at(after), zone, count).map((instant) => new Date(instant).toISOString().replace(":00.000Z", "Z"));

describe("nextAfter() when clocks go forward", () => {
  test("has a fixed time in the gap due at the gap's end, once", () => {
    expect(next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-03-29T01:00Z", "2026-03-30T00:30Z"]);
    expect(next("0,10,20 2 * * *", "2026-03-28T12:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-03-29T01:00Z", "2026-03-30T00:00Z"]);
    expect(next("30 2,3 * * *", "2026-03-28T12:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-03-29T01:00Z", "2026-03-29T01:30Z"]);
    expect(next("0 2,3 * * *", "2026-03-28T12:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-03-29T01:00Z", "2026-03-30T00:00Z"]);
  });

  test("has every hour be every real hour, and nothing in the gap", () => {
    expect(next("0 * * * *", "2026-03-29T00:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-03-29T01:00Z", "2026-03-29T02:00Z"]);
    expect(next("*/15 2 * * *", "2026-03-28T12:00:00Z", "Europe/Oslo")).toEqual(["2026-03-30T00:00Z"]);
  });

  test("knows gaps of half an hour, gaps at midnight and days that were left out", () => {
    expect(next("15 2 * * *", "2026-10-03T12:00:00Z", "Australia/Lord_Howe")).toEqual(["2026-10-03T15:30Z"]);
    expect(next("0 0 * * *", "2026-04-23T12:00:00Z", "Africa/Cairo", 2)).toEqual(["2026-04-23T22:00Z", "2026-04-24T21:00Z"]);
    expect(next("30 0 * * *", "2026-09-05T12:00:00Z", "America/Santiago")).toEqual(["2026-09-06T04:00Z"]);
    expect(next("0 0 29 3 *", "2026-01-01T00:00:00Z", "Asia/Beirut")).toEqual(["2026-03-28T22:00Z"]);
    expect(next("0 9 30 12 *", "2011-12-29T00:00:00Z", "Pacific/Apia", 2)).toEqual(["2011-12-30T10:00Z", "2012-12-29T19:00Z"]);
    expect(next("*/15 * 30 12 *", "2011-12-29T00:00:00Z", "Pacific/Apia")).toEqual(["2012-12-29T10:00Z"]);
  });
});

describe("nextAfter() when clocks go back", () => {
  test("has a fixed time that comes twice due the first time only", () => {
    expect(next("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Oslo", 2)).toEqual(["2026-10-25T00:30Z", "2026-10-26T01:30Z"]);
    expect(next("30 2 * * *", "2026-10-25T01:10:00Z", "Europe/Oslo")).toEqual(["2026-10-26T01:30Z"]);
    expect(next("30 23 * * *", "2026-10-29T12:00:00Z", "Africa/Cairo", 2)).toEqual(["2026-10-29T20:30Z", "2026-10-30T21:30Z"]);
  });

  test("has what comes every so often due in both passes", () => {
    expect(next("0 * * * *", "2026-10-24T23:30:00Z", "Europe/Oslo", 3)).toEqual([
      "2026-10-25T00:00Z",
      "2026-10-25T01:00Z",
      "2026-10-25T02:00Z",
    ]);
    expect(next("*/30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Oslo", 5)).toEqual([
      "2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-26T01:00Z",
    ]); // prettier-ignore
    expect(next("*/10 * * * *", "2026-04-04T14:45:00Z", "Australia/Lord_Howe", 3)).toEqual([
      "2026-04-04T14:50Z",
      "2026-04-04T15:00Z",
      "2026-04-04T15:10Z",
    ]);
  });
});

describe("nextAfter()", () => {
  test("is strictly after, to the millisecond", () => {
    const nine = at("2026-11-27T09:00:00Z");
    expect(nextAfter(cron("0 9 * * *"), nine - 1, "UTC")).toBe(nine);
    expect(nextAfter(cron("0 9 * * *"), nine, "UTC")).toBe(nine + 86_400_000);
    expect(nextAfter({ kind: "once", at: nine }, nine - 1, "UTC")).toBe(nine);
    expect(nextAfter({ kind: "once", at: nine }, nine, "UTC")).toBeNull();
  });

  test.each([
    ["0 0 29 2 *", "2026-11-26T00:00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 1 * FRI", "2026-11-26T00:00:00Z", ["2026-11-27T00:00Z", "2026-12-01T00:00Z", "2026-12-04T00:00Z"]],
    ["0 9 * * 0", "2026-11-26T00:00:00Z", ["2026-11-29T09:00Z", "2026-12-06T09:00Z"]],
    ["0 9 * * 7", "2026-11-26T00:00:00Z", ["2026-11-29T09:00Z", "2026-12-06T09:00Z"]],
    ["0 9 * * sun-tue", "2026-11-26T00:00:00Z", ["2026-11-29T09:00Z", "2026-11-30T09:00Z", "2026-12-01T09:00Z"]],
    ["0 9 * * Friday-Sunday", "2026-11-26T00:00:00Z", ["2026-11-27T09:00Z", "2026-11-28T09:00Z", "2026-11-29T09:00Z"]],
    ["10-30/10 8 1 JAN,jul *", "2026-11-26T00:00:00Z", ["2027-01-01T08:10Z", "2027-01-01T08:20Z"]],
    ["0 16 * * 5L", "2026-11-26T00:00:00Z", ["2026-11-27T16:00Z", "2026-12-25T16:00Z"]],
    ["0 16 LW * *", "2026-11-26T00:00:00Z", ["2026-11-30T16:00Z", "2026-12-31T16:00Z", "2027-01-29T16:00Z"]],
    ["@hourly", "2026-11-26T00:00:00Z", ["2026-11-26T01:00Z"]],
    ["@daily", "2026-11-26T00:00:00Z", ["2026-11-27T00:00Z"]],
    ["@weekly", "2026-11-26T00:00:00Z", ["2026-11-29T00:00Z"]],
    ["@monthly", "2026-11-26T00:00:00Z", ["2026-12-01T00:00Z"]],
    ["@yearly", "2026-11-26T00:00:00Z", ["2027-01-01T00:00Z"]],
  ])("reads %s", (expression, after, expected) => {
    expect(next(expression, after, "UTC", expected.length)).toEqual(expected);
  });

  test("gives null for what never comes, and does not look for long", () => {
    for (const expression of ["0 0 31 2 *", "0 0 30,31 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2 +MON"]) {
      const took = cpuMs(() => {
        for (let number = 0; number < 100; number++)
          expect(nextAfter(cron(expression), at("2026-11-26T00:00:00Z") + number, "Europe/Oslo")).toBeNull();
      });
      expect(took).toBeLessThan(2_000);
    }
    expect(nextAfter(cron("0 0 31 2 *", { nth: { count: 3, unit: "week", anchor: 0 } }), 0, "UTC")).toBeNull();
  });

  test("counts every other week from its anchor's, over the turn of the year and in the user's days", () => {
    const nth = { count: 2, unit: "week", anchor: at("2026-12-21T09:00:00Z") };
    expect(next("0 10 * * MON,WED", "2026-12-20T12:00:00Z", "Europe/Oslo", 4, { nth })).toEqual([
      "2026-12-21T09:00Z", "2026-12-23T09:00Z", "2027-01-04T09:00Z", "2027-01-06T09:00Z",
    ]); // prettier-ignore
    const late = { count: 2, unit: "day", anchor: at("2026-11-26T23:30:00Z") };
    expect(next("0 8 * * *", "2026-11-26T00:00:00Z", "Europe/Oslo", 2, { nth: late })).toEqual(["2026-11-27T07:00Z", "2026-11-29T07:00Z"]);
  });

  test("takes several lines for one schedule, each instant once", () => {
    expect(next("0 9 * * *", "2026-11-26T00:00:00Z", "UTC", 3, { also: ["30 17 * * *", "0 9 * * FRI"] })).toEqual([
      "2026-11-26T09:00Z",
      "2026-11-26T17:30Z",
      "2026-11-27T09:00Z",
    ]);
  });

  test("begins with from and ends with until, both included", () => {
    const more = { from: at("2026-11-28T09:00:00Z"), until: at("2026-11-29T09:00:00Z") };
    expect(next("0 9 * * *", "2026-11-26T00:00:00Z", "UTC", 5, more)).toEqual(["2026-11-28T09:00Z", "2026-11-29T09:00Z"]);
  });

  test("throws for a zone that nobody knows, and ScheduleSpec refuses a line that nobody can read", () => {
    expect(() => nextAfter(cron("0 9 * * *"), 0, "Mars/Olympus")).toThrow(RangeError);
    expect(ScheduleSpec.safeParse({ kind: "cron", expression: "0 25 * * *", until: null }).success).toBe(false);
    expect(ScheduleSpec.safeParse({ kind: "every", ms: 59_999, anchor: 0, until: null }).success).toBe(false);
  });
});

test("missedBetween() leaves out its start and takes in its end", () => {
  const spec = cron("0 * * * *");
  expect(
    missedBetween(spec, at("2026-11-26T09:00:00Z"), at("2026-11-26T11:00:00Z"), "UTC", 10).map((one) => new Date(one).getUTCHours()),
  ).toEqual([10, 11]);
});
