import fc from "fast-check";
import { expect, test } from "vitest";
import { toLocal } from "../../src/dates/zone.ts";
import { dayAround, quietUntil } from "../../src/heartbeat/quiet-hours.ts";

const utc = (hour: number, minute = 0, day = 26): number => Date.UTC(2026, 10, day, hour, minute);

test("quietUntil() waits for the end of the quiet hours, over midnight and within a day", () => {
  const night = { from: "22:00", to: "07:00" };
  expect(quietUntil(utc(21, 59), night, "UTC")).toBe(utc(21, 59));
  expect(quietUntil(utc(22), night, "UTC")).toBe(utc(7, 0, 27));
  expect(quietUntil(utc(3), night, "UTC")).toBe(utc(7));
  expect(quietUntil(utc(7), night, "UTC")).toBe(utc(7));
  expect(quietUntil(utc(13), { from: "12:30", to: "14:00" }, "UTC")).toBe(utc(14));
  expect(quietUntil(utc(3), { from: "03:00", to: "03:00" }, "UTC")).toBe(utc(3));
  // 22:30 in Oslo.
  expect(quietUntil(utc(21, 30), night, "Europe/Oslo")).toBe(utc(6, 0, 27));
});

const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const zone = fc.constantFrom("UTC", "Europe/Oslo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo");
const instant = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) });

test("quietUntil() never gives the past, nor more than a day and an hour, and never an instant in the quiet hours", () => {
  fc.assert(
    fc.property(instant, time, time, zone, (now, from, to, timeZone) => {
      let at = quietUntil(now, { from, to }, timeZone);
      expect(at).toBeGreaterThanOrEqual(now);
      expect(at - now).toBeLessThanOrEqual(25 * 3_600_000);
      // A clock that is set back passes the end twice.
      for (let again = 0; again < 61; again++) at = quietUntil(at, { from, to }, timeZone);
      expect(quietUntil(at, { from, to }, timeZone)).toBe(at);
    }),
  );
});

test("dayAround() is the zone's own day", () => {
  fc.assert(
    fc.property(instant, zone, (now, timeZone) => {
      const { start, next } = dayAround(now, timeZone);
      expect(start).toBeLessThanOrEqual(now);
      expect(next).toBeGreaterThan(now);
      const days = [start - 1, start, next - 1, next].map((at) => toLocal(at, timeZone).day);
      expect(days[1]).toBe(days[2]);
      expect(days[0]).not.toBe(days[1]);
      expect(days[3]).not.toBe(days[2]);
    }),
  );
});
