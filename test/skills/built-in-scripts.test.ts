import { read } from "@e965/xlsx";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentText } from "../../src/knowledge/document-text.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { runScript } from "./run-script.ts";

/** The lines of a workbook as Margay reads it. */
async function bookText(book: ArrayBuffer | undefined): Promise<string[]> {
  const parsed = await parseDocument(new Uint8Array(book ?? expect.fail("no workbook")), { name: "a.xlsx", mime: "" });
  return documentText(parsed).split("\n");
}

test.each([
  ["timesheet/scripts/hours.js", { entries: "9 to 5" }],
  ["timesheet/scripts/hours.js", { entries: [null] }],
  ["expense-report/scripts/report.js", { items: 5 }],
  ["trip-planner/scripts/check.js", { start: "2027-05-03", end: "2027-05-04", items: ["Lyon"] }],
  ["trip-planner/scripts/check.js", {}],
])("%s answers in words to what it cannot read", async (script, args) => {
  const { value, written } = await runScript(script, args);
  expect(value["problems"]).toHaveLength(1);
  expect(written).toEqual({});
});

test.each([
  ["Spesen März / Café", "spesen-marz-cafe"],
  ["Отчёт: ноябрь", "отчёт-ноябрь"],
  ["議事録 がんばる", "議事録-がんばる"],
  ["समय", "समय"],
  ["../../etc", "etc"],
  [`${"a".repeat(59)} b`, "a".repeat(59)],
])("a title in any script names its own file: %s", async (title, name) => {
  const hours = await runScript("timesheet/scripts/hours.js", { title, entries: [{ date: "2026-11-25", hours: 1 }] });
  expect(hours.value["file"]).toBe(`/outputs/timesheets/${name}.xlsx`);
  const items = [{ date: "2026-11-03", merchant: "M", amount: "1", currency: "EUR" }];
  const expenses = await runScript("expense-report/scripts/report.js", { title, home: "EUR", items });
  expect(expenses.value["file"]).toBe(`/outputs/expenses/${name}.xlsx`);
});

describe("timesheet: hours.js", () => {
  const script = "timesheet/scripts/hours.js";

  test("adds up by day, week and project, and writes the table", async () => {
    const { value, written, books } = await runScript(script, {
      title: "Timesheet November 2026",
      currency: "EUR",
      rates: { Website: "80.00", Support: "65.50" },
      entries: [
        { date: "2026-11-23", start: "09:00", end: "12:20", project: "Website", note: "Start page, forms" },
        { date: "2026-11-23", start: "13:00", end: "17:30", break: 15, project: "Support" },
        { date: "2026-11-29", hours: "7:30", project: "Website" },
        { date: "2026-11-30", start: "22:30", end: "01:15", project: "Support", note: '=HYPERLINK("x")' },
      ],
    });
    expect(value).toEqual({
      file: "/outputs/timesheets/timesheet-november-2026.xlsx",
      csv: "/outputs/timesheets/timesheet-november-2026.csv",
      entries: 4,
      days: [
        { date: "2026-11-23", time: "7:35", hours: 7.58 },
        { date: "2026-11-29", time: "7:30", hours: 7.5 },
        { date: "2026-11-30", time: "2:45", hours: 2.75 },
      ],
      weeks: [
        { week_of: "2026-11-23", time: "15:05", hours: 15.08 },
        { week_of: "2026-11-30", time: "2:45", hours: 2.75 },
      ],
      projects: [
        // 4 h 15 and 2 h 45 at 65.50; 3 h 20 and 7 h 30 at 80.
        { project: "Support", time: "7:00", hours: 7, amount: "458.50", currency: "EUR" },
        { project: "Website", time: "10:50", hours: 10.83, amount: "866.67", currency: "EUR" },
      ],
      total: { time: "17:50", hours: 17.83, amount: "1325.17", currency: "EUR" },
      warnings: [],
    });
    expect(written["/outputs/timesheets/timesheet-november-2026.csv"]?.split("\n")).toEqual([
      "Date,Day,Start,End,Break (min),Project,Time,Hours,Note,Amount EUR",
      '2026-11-23,Mon,09:00,12:20,0,Website,3:20,3.33,"Start page, forms",',
      "2026-11-23,Mon,13:00,17:30,15,Support,4:15,4.25,,",
      "2026-11-29,Sun,,,0,Website,7:30,7.5,,",
      `2026-11-30,Mon,22:30,01:15,0,Support,2:45,2.75,"'=HYPERLINK(""x"")",`,
      "Project,,,,,Support,7:00,7,,458.50",
      "Project,,,,,Website,10:50,10.83,,866.67",
      "Total,,,,,,17:50,17.83,,1325.17",
      "",
    ]);
    expect(await bookText(books["/outputs/timesheets/timesheet-november-2026.xlsx"])).toEqual([
      "| Date | Day | Start | End | Break (min) | Project | Time | Hours | Note | Amount EUR |",
      "| - | - | - | - | - | - | - | - | - | - |",
      "| 2026-11-23 | Mon | 09:00 | 12:20 | 0 | Website | 3:20 | 3.33 | Start page, forms |  |",
      "| 2026-11-23 | Mon | 13:00 | 17:30 | 15 | Support | 4:15 | 4.25 |  |  |",
      "| 2026-11-29 | Sun |  |  | 0 | Website | 7:30 | 7.5 |  |  |",
      '| 2026-11-30 | Mon | 22:30 | 01:15 | 0 | Support | 2:45 | 2.75 | =HYPERLINK("x") |  |',
      "| Project |  |  |  |  | Support | 7:00 | 7 |  | 458.5 |",
      "| Project |  |  |  |  | Website | 10:50 | 10.83 |  | 866.67 |",
      "| Total |  |  |  |  |  | 17:50 | 17.83 |  | 1325.17 |",
    ]);
    const sheet = read(books["/outputs/timesheets/timesheet-november-2026.xlsx"]).Sheets["Timesheet"];
    expect([sheet?.["A2"], sheet?.["G2"], sheet?.["I5"]]).toMatchObject([{ t: "n", w: "2026-11-23" }, { t: "n", w: "3:20" }, { t: "s" }]);
    expect(sheet?.["I5"]).not.toHaveProperty("f");
  });

  test("a table without rates has no amounts", async () => {
    const { written } = await runScript(script, { title: "W", entries: [{ date: "2026-11-25", hours: 1, project: "A" }] });
    expect(written["/outputs/timesheets/w.csv"]?.split("\n").slice(1)).toEqual(["2026-11-25,Wed,,,0,A,1:00,1,", "Total,,,,,,1:00,1,", ""]);
  });

  test("rounds to a step, and tells overlaps, long days and projects without a rate", async () => {
    const { value } = await runScript(script, {
      title: "W",
      round: 15,
      rates: { A: "10" },
      entries: [
        { date: "2026-11-23", start: "06:00", end: "14:08", project: "A" },
        { date: "2026-11-23", start: "14:00", end: "20:10", project: "B" },
      ],
    });
    expect(value).toMatchObject({
      total: { time: "14:30" },
      warnings: ["Entries 1 and 2 overlap on 2026-11-23.", "2026-11-23 has 14:30 hours.", "There is no rate for B."],
    });
  });

  test("says what is wrong with a break", async () => {
    const entry = (pause: unknown) => ({ date: "2026-11-23", start: "09:00", end: "10:00", break: pause });
    const { value } = await runScript(script, { entries: [entry("0:30"), entry(60), entry(null)] });
    expect(value["problems"]).toEqual([
      'Entry 1: "0:30" is no break in minutes, like 30.',
      "Entry 2: a break of 60 minutes does not fit into 1:00.",
    ]);
  });

  test("writes nothing while an entry cannot be read, and says which", async () => {
    const { value, written } = await runScript(script, {
      title: "W",
      entries: [
        { date: "2026-02-30", hours: "3" },
        { date: "2026-11-23", start: "9", end: "17:00" },
        { date: "2026-11-23", start: "09:00", end: "10:00", break: 90 },
        { date: "2026-11-23", hours: "seven" },
      ],
    });
    expect(value["problems"]).toHaveLength(4);
    expect(written).toEqual({});
  });
});

describe("expense-report: report.js", () => {
  const script = "expense-report/scripts/report.js";
  const items = [
    {
      date: "2026-11-03",
      merchant: "TAP Air Portugal",
      category: "travel",
      amount: "214.90",
      currency: "EUR",
      receipt: "/uploads/flight.pdf",
    },
    {
      date: "2026-11-04",
      merchant: "Café, A Brasileira",
      category: "Meals",
      amount: "0.10",
      currency: "EUR",
      tax: "0.01",
      receipt: "a.jpg",
    },
    { date: "2026-11-04", merchant: "Tasca", category: "meals", amount: "0.20", currency: "EUR", tax: "0.02", receipt: "b.jpg" },
    { date: "2026-11-05", merchant: "Hotel", category: "lodging", amount: "129.99", currency: "usd", receipt: "c.pdf" },
    { date: "2026-11-06", merchant: "Hotel", category: "lodging", amount: "-20.00", currency: "USD", receipt: "d.pdf", note: "refund" },
  ];

  test("adds up to the cent, in the home currency at the rate that was given", async () => {
    const { value, written, books } = await runScript(script, { title: "Expenses Lisbon", home: "EUR", rates: { USD: "0.9235" }, items });
    expect(value).toEqual({
      file: "/outputs/expenses/expenses-lisbon.xlsx",
      csv: "/outputs/expenses/expenses-lisbon.csv",
      items: 5,
      // 129.99 · 0.9235 = 120.0457…; 20 · 0.9235 = 18.47
      total: "316.78 EUR",
      by_category: { lodging: "101.58", meals: "0.30", travel: "214.90" },
      by_currency: { EUR: "215.20", USD: "109.99" },
      tax_by_currency: { EUR: "0.03" },
      warnings: [],
    });
    const lines = written["/outputs/expenses/expenses-lisbon.csv"]?.split("\n") ?? [];
    expect(lines[2]).toBe('2026-11-04,"Café, A Brasileira",meals,0.10,EUR,0.10,0.01,a.jpg,');
    expect(lines[5]).toBe("2026-11-06,Hotel,lodging,-20.00,USD,-18.47,,d.pdf,refund");
    expect(lines[6]).toBe("Total,,,,,316.78,,,");
    expect(await bookText(books["/outputs/expenses/expenses-lisbon.xlsx"])).toEqual([
      "| Date | Merchant | Category | Amount | Currency | Amount EUR | Tax | Receipt | Note |",
      "| - | - | - | - | - | - | - | - | - |",
      "| 2026-11-03 | TAP Air Portugal | travel | 214.9 | EUR | 214.9 |  | /uploads/flight.pdf |  |",
      "| 2026-11-04 | Café, A Brasileira | meals | 0.1 | EUR | 0.1 | 0.01 | a.jpg |  |",
      "| 2026-11-04 | Tasca | meals | 0.2 | EUR | 0.2 | 0.02 | b.jpg |  |",
      "| 2026-11-05 | Hotel | lodging | 129.99 | USD | 120.05 |  | c.pdf |  |",
      "| 2026-11-06 | Hotel | lodging | -20 | USD | -18.47 |  | d.pdf | refund |",
      "| Total |  |  |  |  | 316.78 |  |  |  |",
    ]);
  });

  test("tells a receipt that is there twice, days outside, a missing rate and a missing receipt", async () => {
    const { value } = await runScript(script, {
      title: "E",
      home: "EUR",
      from: "2026-11-04",
      items: [...items.slice(0, 2), { ...items[1], merchant: "café, a brasileira", receipt: "" }, { ...items[3], currency: "CHF" }],
    });
    expect(value).toMatchObject({
      total: "215.10 EUR",
      warnings: [
        "Item 1 (2026-11-03) is outside the days of the report.",
        "Items 2 and 3 look like the same receipt (café, a brasileira, 2026-11-04, 0.10 EUR).",
        "Item 3 (café, a brasileira) has no receipt.",
        "There is no rate for CHF: its items are not in the total.",
      ],
    });
  });

  test("writes nothing for an amount that could be read in two ways", async () => {
    const { value, written } = await runScript(script, { title: "E", home: "EUR", items: [{ ...items[0], amount: "1,234" }] });
    expect(value).toEqual({ problems: ['Item 1: "1,234" is no amount like 1234.50.'] });
    expect(written).toEqual({});
  });

  test("a receipt's text never becomes a formula or a second line of the table", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', "'", ",", ";", "\n", "\r", "\t", "=", "a") }),
        fc.constantFrom("=", "+", "-", "@", "\t=", "|"),
        async (text, start) => {
          const merchant = `${start}1${text}`;
          const { written } = await runScript(script, { title: "E", home: "EUR", items: [{ ...items[0], merchant, note: merchant }] });
          const [csv = ""] = Object.values(written);
          const [, row = ""] = csv.split(/\n(?=2026)/);
          expect(row.startsWith("2026-11-03,'") || row.startsWith("2026-11-03,\"'")).toBe(true);
          // Outside of quotes there are as many lines as rows.
          expect(
            csv
              .replaceAll(/"(?:[^"]|"")*"/g, "")
              .trimEnd()
              .split("\n"),
          ).toHaveLength(3);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("the sum is the sum, however many items there are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -99_999, max: 999_999 }), { minLength: 1, maxLength: 40 }), async (cents) => {
        const { value } = await runScript(script, {
          title: "E",
          home: "EUR",
          items: cents.map((amount) => ({ ...items[0], amount: (amount / 100).toFixed(2) })),
        });
        expect(value["total"]).toBe(`${(cents.reduce((sum, amount) => sum + amount, 0) / 100).toFixed(2)} EUR`);
      }),
      { numRuns: 100 },
    );
  });
});

describe("trip-planner: check.js", () => {
  const script = "trip-planner/scripts/check.js";
  const trip = { start: "2027-05-03", end: "2027-05-06", currency: "EUR", budget: "500", rates: { GBP: "1.17" } };
  const items = [
    { date: "2027-05-03", time: "08:10", until: "12:40", kind: "travel", what: "Train to Lyon", cost: "74.00", booked: false },
    { date: "2027-05-03", kind: "stay", what: "Hotel", nights: 3, cost: "310.50" },
    { date: "2027-05-04", time: "10:00", until: "12:00", kind: "see", what: "Museum", cost: "12.00", currency: "GBP" },
    { date: "2027-05-06", time: "17:00", until: "21:30", kind: "travel", what: "Train home" },
  ];

  test("counts days, nights, costs and what is left", async () => {
    const { value } = await runScript(script, { ...trip, items });
    expect(value).toEqual({
      days: [
        { date: "2027-05-03", weekday: "Mon", cost: "384.50", items: ["08:10 Train to Lyon", "Hotel"] },
        { date: "2027-05-04", weekday: "Tue", cost: "14.04", items: ["10:00 Museum"] },
        { date: "2027-05-05", weekday: "Wed", cost: "0.00", items: [] },
        { date: "2027-05-06", weekday: "Thu", cost: "0.00", items: ["17:00 Train home"] },
      ],
      nights: 3,
      empty_days: ["2027-05-05"],
      total: "398.54 EUR",
      by_kind: { see: "14.04", stay: "310.50", travel: "74.00" },
      left: "101.46 EUR",
      without_cost: ["Train home"],
      to_book: ["Train to Lyon"],
      problems: [],
    });
  });

  test("takes currencies in small letters, and null for what is not known", async () => {
    const { value } = await runScript(script, {
      ...trip,
      budget: null,
      rates: { gbp: "1.17" },
      items: [...items, { date: "2027-05-05", kind: "see", what: "Castle", cost: null, time: null, until: null }],
    });
    expect(value).toMatchObject({ total: "398.54 EUR", without_cost: ["Train home", "Castle"], problems: [] });
  });

  test("finds nights without a bed, two things at once, days outside and a passed budget", async () => {
    const { value } = await runScript(script, {
      ...trip,
      budget: "80",
      items: [
        ...items.slice(0, 1),
        { date: "2027-05-03", time: "12:00", until: "13:00", kind: "eat", what: "Lunch", cost: "10" },
        { date: "2027-05-04", kind: "stay", what: "Hotel" },
        { date: "2027-05-05", time: "22:00", until: "06:30", kind: "travel", what: "Night train" },
        { date: "2027-06-01", what: "Late" },
      ],
    });
    expect(value["problems"]).toEqual([
      "Item 5 (Late): 2027-06-01 is not within the trip.",
      "Item 1 (Train to Lyon) and Item 2 (Lunch) are at the same time.",
      "No bed for the night of 2027-05-03.",
      "It costs 4.00 EUR more than the budget.",
    ]);
  });
});

describe("weekly-review: week.js", () => {
  const script = "weekly-review/scripts/week.js";
  const tools = {
    list_todos: async (input: unknown) =>
      (input as { status: string }).status === "open"
        ? {
            todos: [
              { title: "Pay rent", due: "Thu 26 Nov 2026", overdue: true, priority: "p1" },
              { title: "Call Ana", due: "Fri 27 Nov 2026, 15:00" },
              { title: "Report", due: "Thu 3 Dec 2026" },
              { title: "Trip", due: "Fri 4 Dec 2026" },
              { title: "Read" },
            ],
          }
        : {
            todos: [
              { title: "Taxes", done_on: "Fri 27 Nov 2026" },
              { title: "Shoes", done_on: "Sat 21 Nov 2026" },
              { title: "Old", done_on: "Fri 20 Nov 2026" },
            ],
          },
    list_activity: async () => ({ entries: [{ tool: "add_todo" }, { tool: "add_todo" }, { tool: "write_file" }] }),
  };

  test("counts what was done, is late, comes and has no date", async () => {
    const { value } = await runScript(script, { today: "2026-11-27" }, tools);
    expect(value).toEqual({
      year: 2026,
      week: 48,
      done: {
        count: 2,
        todos: [
          { title: "Taxes", done_on: "Fri 27 Nov 2026" },
          { title: "Shoes", done_on: "Sat 21 Nov 2026" },
        ],
      },
      overdue: { count: 1, todos: [{ title: "Pay rent", due: "Thu 26 Nov 2026", priority: "p1" }] },
      next_seven_days: {
        count: 2,
        todos: [
          { title: "Call Ana", due: "Fri 27 Nov 2026, 15:00" },
          { title: "Report", due: "Thu 3 Dec 2026" },
        ],
      },
      later: 1,
      no_date: { count: 1, todos: [{ title: "Read" }] },
      activity: { entries: 3, by_tool: { add_todo: 2, write_file: 1 } },
    });
  });

  test.each([
    ["2026-01-01", 2026, 1],
    ["2027-01-03", 2026, 53],
    ["2024-12-30", 2025, 1],
    ["2021-01-03", 2020, 53],
  ])("%s is in the week that the standard says", async (today, year, week) => {
    const { value } = await runScript(script, { today }, tools);
    expect(value).toMatchObject({ year, week });
  });

  test("asks for the day where it is not one", async () => {
    const { value } = await runScript(script, { today: "Friday" }, tools);
    expect(value["problems"]).toHaveLength(1);
  });
});
