import { describe, expect, it } from "vitest";
import { dollars } from "../../src/dollars.ts";
import { budgetSentence } from "../../src/models/budget-sentence.ts";
import { daysBefore, localDay } from "../../src/models/local-day.ts";

describe("localDay()", () => {
  it("is the day where the user is", () => {
    const at = Date.UTC(2026, 11, 31, 23, 30);
    expect(localDay(at, "UTC")).toEqual({ day: "2026-12-31", month: "2026-12" });
    expect(localDay(at, "Europe/Berlin")).toEqual({ day: "2027-01-01", month: "2027-01" });
    expect(localDay(at, "Pacific/Kiritimati")).toEqual({ day: "2027-01-01", month: "2027-01" });
    expect(localDay(Date.UTC(2026, 0, 1, 5), "America/New_York")).toEqual({ day: "2026-01-01", month: "2026-01" });
    expect(localDay(Date.UTC(2026, 0, 1, 4), "America/New_York")).toEqual({ day: "2025-12-31", month: "2025-12" });
  });
  it("follows daylight saving", () => {
    expect(localDay(Date.UTC(2026, 9, 24, 22, 30), "Europe/Berlin").day).toBe("2026-10-25");
    expect(localDay(Date.UTC(2026, 9, 25, 22, 30), "Europe/Berlin").day).toBe("2026-10-25");
  });
  it("takes UTC where the zone is not one", () => {
    expect(localDay(0, "Mars/Olympus")).toEqual({ day: "1970-01-01", month: "1970-01" });
    expect(localDay(0, "")).toEqual({ day: "1970-01-01", month: "1970-01" });
  });
});

describe("daysBefore()", () => {
  it("counts by the calendar, over months, years and leap days", () => {
    expect(daysBefore("2026-11-21", 0)).toBe("2026-11-21");
    expect(daysBefore("2026-01-01", 1)).toBe("2025-12-31");
    expect(daysBefore("2028-03-01", 1)).toBe("2028-02-29");
    expect(daysBefore("2026-11-21", 365)).toBe("2025-11-21");
  });
});

describe("budgetSentence()", () => {
  const refusal = {
    cap: 1_000_000,
    spent: 1_000_000,
    reserved: 0,
    wanted: 5000,
    timeZone: "Europe/Berlin",
    now: Date.UTC(2026, 11, 31, 9),
  };
  it("names the limit and when it renews", () => {
    expect(budgetSentence({ ...refusal, period: "day" })).toBe(
      "Today's spending limit of $1.00 is used up. It renews on January 1 at 01:00 (Europe/Berlin); the owner of this Margay can raise it.",
    );
    const july = { ...refusal, now: Date.UTC(2026, 6, 14), timeZone: "America/New_York" };
    expect(budgetSentence({ ...july, period: "month" })).toContain("It renews on July 31 at 20:00 (America/New_York)");
  });
  it("says what is left when there is something left", () => {
    const text = budgetSentence({ ...refusal, period: "day", spent: 900_000, reserved: 60_000, wanted: 50_000 });
    expect(text).toContain("$0.90 is spent, $0.06 is set aside for work under way, and the answer could cost up to $0.05");
  });
  it("writes small amounts so that they say something", () => {
    expect([0, 4, 4999, 10_000, 1_234_567].map((amount) => dollars(amount))).toEqual(["$0.00", "$0.0000040", "$0.0050", "$0.01", "$1.23"]);
  });
});
