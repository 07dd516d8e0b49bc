import fc from "fast-check";
import { expect, test } from "vitest";
import { timeRange } from "../../src/memory/time-range.ts";
import { anyText } from "../support/any-text.ts";

/** A Wednesday. */
const now = Date.parse("2026-11-18T10:00:00Z");
const range = (text: string, timeZone = "UTC"): string[] | null => {
  const found = timeRange(text, { now, timeZone });
  return found && [new Date(found.from).toISOString().slice(0, 16), new Date(found.to).toISOString().slice(0, 16)];
};
const days = (from: string, to: string): string[] => [`${from}T00:00`, `${to}T00:00`];

test.each([
  ["What did I do last week?", days("2026-11-09", "2026-11-16")],
  ["this week", days("2026-11-16", "2026-11-23")],
  ["yesterday", days("2026-11-17", "2026-11-18")],
  ["the day before yesterday", days("2026-11-16", "2026-11-17")],
  ["what happened in May", days("2026-05-01", "2026-06-01")],
  ["in December", days("2025-12-01", "2026-01-01")],
  ["in March 2024", days("2024-03-01", "2024-04-01")],
  ["on 13 November, 2023", days("2023-11-13", "2023-11-14")],
  ["on October 13th", days("2026-10-13", "2026-10-14")],
  ["2025-02-03", days("2025-02-03", "2025-02-04")],
  ["in 2022", days("2022-01-01", "2023-01-01")],
  ["two weeks ago", days("2026-11-01", "2026-11-08")],
  ["a few days ago", days("2026-11-15", "2026-11-16")],
  ["in the last 3 days", days("2026-11-15", "2026-11-19")],
  ["on Friday", days("2026-11-13", "2026-11-14")],
  ["last Wednesday", days("2026-11-11", "2026-11-12")],
  ["last weekend", days("2026-11-14", "2026-11-16")],
  ["last summer", days("2026-06-01", "2026-09-01")],
  ["last Christmas", days("2025-12-23", "2025-12-28")],
  ["since March", days("2026-03-01", "2026-11-19")],
  ["between May and July", days("2026-05-01", "2026-08-01")],
  ["from 2024-05-01 to 2024-06-01", days("2024-05-01", "2024-06-02")],
  ["the week before August 3, 2023", days("2023-07-27", "2023-08-03")],
  ["two weeks before 11 August 2023", days("2023-07-25", "2023-08-01")],
  ["the day before the 3rd of May 2025", days("2025-05-02", "2025-05-03")],
  ["on the Sunday before October 25, 2022", days("2022-10-23", "2022-10-24")],
  ["what I did the week before, before June 2023", days("2022-06-01", "2023-06-01")],
  ["before June 2023", days("2022-06-01", "2023-06-01")],
])("timeRange() reads %j", (text, expected) => expect(range(text)).toEqual(expected));

test.each(["may I ask", "march on", "Who is May?", "a second opinion", "30 boxes", "", "2026 reasons"])(
  "timeRange() finds no time in %j",
  (text) => expect(range(text)).toBeNull(),
);

test("timeRange() means days of the user's zone", () => {
  expect(range("yesterday", "Asia/Tokyo")).toEqual(["2026-11-16T15:00", "2026-11-17T15:00"]);
});

test("timeRange() never throws, and what it gives is a stretch, for any text", () => {
  const words = fc.constantFrom(
    "in",
    "may",
    "last",
    "week",
    "31",
    "february",
    "2023",
    "ago",
    "two",
    "since",
    "between",
    "and",
    "on",
    "0",
    "before",
    "after",
    "today",
    "years",
    "999",
    "-",
  );
  const texts = fc.oneof(
    anyText(60),
    fc.array(words, { maxLength: 8 }).map((list) => list.join(" ")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const found = timeRange(text, { now, timeZone: "America/New_York" });
      if (found) expect(found.from).toBeLessThan(found.to);
    }),
    { numRuns: 500, examples: [["0 week before in 2023"], ["after today"], ["after this week"]] },
  );
});
