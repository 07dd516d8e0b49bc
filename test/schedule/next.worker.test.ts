import { expect, test } from "vitest";
import { nextAfter, upcoming } from "../../src/schedule/next.ts";
import { parseWhen } from "../../src/schedule/parse.ts";

const iso = (at: number): string => new Date(at).toISOString();

test("nextAfter() and parseWhen() know the same zones and clock changes in workerd", () => {
  const daily = { kind: "cron", expression: "30 2 * * *", until: null } as const;
  expect(upcoming(daily, Date.parse("2026-03-28T12:00:00Z"), "Europe/Oslo", 2).map(iso)).toEqual([
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  expect(upcoming(daily, Date.parse("2026-10-24T12:00:00Z"), "Europe/Oslo", 2).map(iso)).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
  expect(
    nextAfter({ kind: "cron", expression: "15 2 * * *", until: null }, Date.parse("2026-10-03T12:00:00Z"), "Australia/Lord_Howe"),
  ).toBe(Date.parse("2026-10-03T15:30:00Z"));
  expect(nextAfter({ kind: "cron", expression: "0 0 31 2 *", until: null }, 0, "UTC")).toBeNull();
  expect(
    parseWhen("remind me to stretch every other Monday at 10", { saidAt: Date.parse("2026-11-18T10:15:00Z"), timeZone: "Europe/Oslo" }),
  ).toMatchObject({ kind: "spec", rest: "stretch" });
});
