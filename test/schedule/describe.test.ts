import { expect, test } from "vitest";
import { describeInstant, describeSpec } from "../../src/schedule/describe.ts";
import { ScheduleSpec } from "../../src/schedule/spec.ts";

const at = (iso: string): number => Date.parse(iso);

test.each([
  ["0 9 * * 1-5", "every weekday at 09:00"],
  ["0 9 * * *", "every day at 09:00"],
  ["30 18 * * MON,THU", "every Monday and Thursday at 18:30"],
  ["0 9 * * 0,6", "every Saturday and Sunday at 09:00"],
  ["0 9 * * 1-6", "every day except Sunday at 09:00"],
  ["0,30 9,17 * * *", "every day at 09:00, 09:30, 17:00 and 17:30"],
  ["* * * * *", "every minute"],
  ["*/5 * * * *", "every 5 minutes"],
  ["*/7 * * * *", "by the cron line “*/7 * * * *”"],
  ["0 * * * *", "every hour"],
  ["5,35 * * * *", "every hour at :05 and :35"],
  ["0 */6 * * *", "every 6 hours from 00:00"],
  ["*/15 9-16 * * 1-5", "every 15 minutes from 09:00 to 16:45, every weekday"],
  ["0 9-17 * * *", "every hour from 09:00 to 17:00"],
  ["0 12 1 * *", "on the 1st of each month at 12:00"],
  ["0 12 2,23,31 * *", "on the 2nd, the 23rd and the 31st of each month that has one at 12:00"],
  ["0 12 L * *", "on the last day of each month at 12:00"],
  ["0 12 15W * *", "on the weekday nearest the 15th of each month at 12:00"],
  ["0 16 * * 5L", "on the last Friday of each month at 16:00"],
  ["0 16 * 3,9 TUE#2", "on the second Tuesday of March and September at 16:00"],
  ["0 9 3 3 *", "every year on 3 March at 09:00"],
  ["0 9 1 1,7 *", "on the 1st of January and July at 09:00"],
  ["0 9 * 6-8 1", "every Monday in June, July and August at 09:00"],
  ["0 9 13 * FRI", "on the 13th of each month and every Friday at 09:00"],
  ["0 9 13 * +FRI", "by the cron line “0 9 13 * +FRI”"],
])("describeSpec() says %s as a person would", (expression, words) => {
  expect(describeSpec({ kind: "cron", expression, until: null }, "Europe/Oslo")).toBe(`${words} (Europe/Oslo)`);
});

test("describeSpec() says beginnings, ends and what counts, in the zone", () => {
  const say = (spec: unknown): string => describeSpec(ScheduleSpec.parse(spec), "Europe/Oslo");
  const monday = { kind: "cron", expression: "0 9 * * 1", until: null };
  expect(say({ kind: "once", at: at("2026-11-27T16:00:00Z") })).toBe("once, Friday 27 November 2026, 17:00 (Europe/Oslo)");
  expect(say({ ...monday, expression: "0 9 * * 1-5", until: at("2027-06-01T21:59:59.999Z") })).toBe(
    "every weekday at 09:00 until 1 June 2027 (Europe/Oslo)",
  );
  expect(say({ ...monday, until: at("2027-06-01T07:00:00Z"), from: at("2026-11-30T23:00:00Z") })).toBe(
    "every Monday at 09:00 from 1 December 2026 until 1 June 2027, 09:00 (Europe/Oslo)",
  );
  expect(say({ ...monday, nth: { count: 2, unit: "week", anchor: 0 } })).toBe("every other Monday at 09:00 (Europe/Oslo)");
  expect(say({ ...monday, expression: "0 9 * * *", nth: { count: 3, unit: "day", anchor: 0 } })).toBe(
    "every 3 days at 09:00 (Europe/Oslo)",
  );
  expect(say({ ...monday, expression: "0 9 1 * *", nth: { count: 2, unit: "month", anchor: 0 } })).toBe(
    "on the 1st of every other month at 09:00 (Europe/Oslo)",
  );
  expect(say({ ...monday, also: ["30 17 * * 1"] })).toBe("every Monday at 09:00 and 17:30 (Europe/Oslo)");
  expect(say({ kind: "every", ms: 5_400_000, anchor: at("2026-11-26T15:07:00Z"), until: null })).toBe(
    "every 90 minutes, counted from 26 November 2026, 16:07 (Europe/Oslo)",
  );
});

test("describeInstant() names the weekday", () => {
  expect(describeInstant(at("2026-11-27T16:00:00Z"), "Europe/Oslo")).toBe("Fri 27 Nov 2026, 17:00");
});
