import fc from "fast-check";
import { expect, test } from "vitest";
import { endOfDay, isTimeZone, toInstant, toLocal } from "../../src/dates/zone.ts";

const ZONES = [
  "Europe/Oslo",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Havana",
  "Africa/Cairo",
  "Asia/Beirut",
  "Pacific/Apia",
  "UTC",
];

test("toInstant() takes back what toLocal() gives, but for the second of a repeated hour", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2090, 0, 1) }), fc.constantFrom(...ZONES), (at, zone) => {
      const local = toLocal(at, zone);
      const back = toInstant(local, zone);
      expect(toLocal(back, zone)).toEqual(local);
      expect(back).toBeLessThanOrEqual(at);
    }),
    { numRuns: 500 },
  );
});

test("toInstant() moves a day that a zone left out forward", () => {
  const local = { year: 2011, month: 12, day: 30, hour: 12, minute: 0, second: 0, millisecond: 0 };
  expect(toLocal(toInstant(local, "Pacific/Apia"), "Pacific/Apia")).toMatchObject({ year: 2011, month: 12, day: 31, hour: 12 });
});

test("endOfDay() is the last millisecond where midnight is skipped and where the day's last hour comes twice", () => {
  for (const [zone, day] of [
    ["Africa/Cairo", { year: 2026, month: 4, day: 23 }],
    ["America/Havana", { year: 2026, month: 10, day: 31 }],
    ["America/Asuncion", { year: 2023, month: 3, day: 25 }],
  ] as const) {
    const end = endOfDay(day, zone);
    expect(toLocal(end, zone)).toMatchObject({ ...day, hour: 23, minute: 59, second: 59, millisecond: 999 });
    expect(toLocal(end + 1, zone).day).not.toBe(day.day);
  }
});

test("isTimeZone() knows IANA names and nothing else", () => {
  expect(ZONES.every(isTimeZone)).toBe(true);
  for (const name of ["", "Mars/Olympus", "Europe/Oslo\n", "x".repeat(65)]) expect(isTimeZone(name)).toBe(false);
});
