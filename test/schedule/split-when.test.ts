import { expect, test } from "vitest";
import { splitWhen } from "../../src/schedule/split-when.ts";
import { THURSDAY } from "../support/schedule-home.ts";

const CASES: [text: string, when: string, what: string | null][] = [
  ["0 9 * * 1-5 sum up my to-dos", "0 9 * * 1-5", "sum up my to-dos"],
  ["@daily say hello", "@daily", "say hello"],
  ["cron: 0 9 * * * hello", "0 9 * * *", "hello"],
  ["0 9 * * *", "0 9 * * *", ""],
  ["every weekday at 9: the news: all of it", "every weekday at 9", "the news: all of it"],
  ["every weekday at 9\nRead this\nand that", "every weekday at 9", "Read this\nand that"],
  ["in 20 minutes - the oven", "in 20 minutes", "the oven"],
  ["call mum tomorrow at 17:00", "call mum tomorrow at 17:00", null],
  ["buy: milk, tomorrow at 9", "buy: milk, tomorrow at 9", null],
  ["5 apples for tomorrow", "5 apples for tomorrow", null],
];

test.each(CASES)("splitWhen() tells the time of %j from what is to be done", (text, when, what) => {
  expect(splitWhen(text, { saidAt: THURSDAY, timeZone: "Europe/Oslo" })).toEqual({ when, what });
});
