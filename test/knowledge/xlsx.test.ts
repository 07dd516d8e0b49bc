import { utils, write } from "@e965/xlsx";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { formatOfCode } from "../../src/knowledge/parse/xlsx/formats.ts";
import { numberText } from "../../src/knowledge/parse/xlsx/number-text.ts";
import { tableRow } from "../../src/knowledge/parse/markdown-table.ts";
import { PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import { makeXlsx, numbers, texts } from "./make-xlsx.ts";

const read = async (bytes: Uint8Array, limits = {}): Promise<string[]> => {
  const { blocks } = await parseDocument(bytes, { name: "a.xlsx", mime: "" }, { ...PARSE_LIMITS, ...limits });
  return blocks.map(({ kind, text }) => `${kind} ${text}`);
};
const one = (data: string, strings = "", parts = {}): Uint8Array => makeXlsx([{ name: "Sheet1", data }], strings, parts);

describe("parseXlsx()", () => {
  test("gives each sheet below its name, in the order in which they stand, without the hidden ones", async () => {
    const book = makeXlsx([
      { name: "Costs", data: texts(1, "What", "Who") + texts(2, "Tent", "Ana") },
      { name: "Secret", data: texts(1, "Ignore", "all"), state: 'state="veryHidden"' },
      { name: "Notes &amp; more", data: texts(1, "Only a line") },
    ]);
    expect(await read(book)).toEqual([
      "heading Costs",
      "table | What | Who |\n| - | - |\n| Tent | Ana |",
      "heading Notes & more",
      "paragraph Only a line",
    ]);
  });

  test("shows numbers as they are meant", async () => {
    const data =
      texts(1, "day", "at", "cost", "share", "worked", "from") +
      numbers(2, [45992, 1], [45992.604166667, 2], [1234.5, 3], [0.125, 4], [1.104166667, 5], [0.25, 6]);
    expect(await read(one(data))).toEqual([
      "table | day | at | cost | share | worked | from |\n| - | - | - | - | - | - |\n| 2025-12-01 | 2025-12-01 14:30 | 1234.5 € | 12.5% | 26:30 | 06:00 |",
    ]);
  });

  test("counts days from 1904 where the workbook does", async () => {
    const book = one(texts(1, "a", "b") + numbers(2, [1, 1], [0, 1]), "", {
      "xl/workbook.xml":
        '<x:workbook xmlns:x="y" xmlns:r="z"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="a" r:id="rId1"/></x:sheets></x:workbook>',
    });
    expect(await read(book)).toEqual(["table | a | b |\n| - | - |\n| 1904-01-02 | 1904-01-01 |"]);
  });

  test("reads shared texts of several runs, without how they are pronounced", async () => {
    const strings =
      '<si><r><t>To</t></r><r><t xml:space="preserve">tal </t></r></si><si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000D_&lt;b&gt;|c</t></si>';
    const data =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>99</v></c></row>';
    expect(await read(one(data, strings))).toEqual([String.raw`table | Total | 東京 | a <b>\|c |` + "\n| - | - | - |"]);
  });

  test("shows what a formula came to, itself where nobody has computed it, errors and truth", async () => {
    const data = [
      texts(1, "a", "b", "c", "d"),
      '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>SUM(A1:A2)</f></c><c r="C2" t="e"><v>#DIV/0!</v></c><c r="D2" t="b"><v>1</v></c></row>',
      '<row r="3"><c r="A3" t="str"><f>A1&amp;"x"</f><v>ax</v></c><c r="D3" t="b"><v>0</v></c></row>',
    ].join("");
    expect(await read(one(data))).toEqual([
      "table | a | b | c | d |\n| - | - | - | - |\n| 2 | =SUM(A1:A2) | #DIV/0! | TRUE |\n| ax |  |  | FALSE |",
    ]);
  });

  test("tells tables apart by the empty rows between them, with their titles, wherever they begin", async () => {
    const book = makeXlsx([
      {
        name: "a",
        dimension: "B2:D9",
        data: `<row r="2"><c r="B2" t="str"><v>Trip</v></c></row><row r="4"><c r="C4" t="str"><v>Mon</v></c><c r="D4" t="str"><v>Tue</v></c></row><row r="5"><c r="B5" t="str"><v>Ana</v></c><c r="C5"><v>1</v></c><c r="D5"><v>0.1</v></c></row><row r="6"><c r="B6"/></row><row r="8"><c r="B8" t="str"><v>x</v></c><c r="C8" t="str"><v>y</v></c></row>`,
      },
    ]);
    expect(await read(book)).toEqual([
      "paragraph Trip",
      "table |  | Mon | Tue |\n| - | - | - |\n| Ana | 1 | 0.1 |",
      "table | x | y |\n| - | - |",
    ]);
  });

  test("loses no cell where places are missing or wrong", async () => {
    const data =
      '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row r="junk"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="A2"><v>3</v></c></row>';
    expect(await read(makeXlsx([{ name: "a", data, dimension: "B1:C9" }]))).toEqual(["paragraph a b", "table | 1 3 | 2 |\n| - | - |"]);
  });

  test("keeps its limits", async () => {
    const refused = (bytes: Uint8Array, limits = {}) => read(bytes, limits).catch((error: unknown) => error);
    expect(await refused(one('<row r="1"><c r="XFD1"><v>1</v></c></row>'))).toMatchObject({ code: "unsupported" });
    expect(await refused(one(texts(1, "x".repeat(500), "y")), { chars: 100 })).toMatchObject({ code: "too_long" });
    expect(await refused(one("", `<si><t>${"x".repeat(500)}</t></si>`), { chars: 100 })).toMatchObject({ code: "too_long" });
    expect(await refused(one(" ".repeat(18_000_000)))).toMatchObject({ code: "too_large" });
    expect(await refused(one("<row>".repeat(300)))).toMatchObject({ code: "too_deep" });
    expect(await refused(one("", "", { "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c><v>1" }))).toMatchObject({
      code: "damaged",
    });
  });

  test("reads every table that SheetJS writes", async () => {
    const text = fc
      .string({ unit: fc.constantFrom(...Array.from("ab1 |&<>\"'_xé東\u{1f600}=")), minLength: 1, maxLength: 12 })
      .map((found) => found.trim() || "x");
    const cell = fc.oneof(text, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }));
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (rows, shared) => {
        const book = utils.book_new();
        utils.book_append_sheet(book, utils.aoa_to_sheet(rows), "Sheet1");
        const bytes: ArrayBuffer = write(book, { type: "array", bookType: "xlsx", bookSST: shared, compression: true });
        const shown = rows.map((row) =>
          tableRow(
            row.map((value) =>
              typeof value === "boolean"
                ? `${value}`.toUpperCase()
                : typeof value === "number"
                  ? `${Number(value.toPrecision(15))}`
                  : value,
            ),
          ),
        );
        expect(await read(new Uint8Array(bytes))).toEqual([
          `table ${[shown[0], `|${" - |".repeat(rows[0]?.length ?? 0)}`, ...shown.slice(1)].join("\n")}`,
        ]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe("formatOfCode()", () => {
  test.each([
    ["General", "number"],
    ["0.00E+00", "number"],
    ['0 "days"', "number"],
    ["#,##0;[Red]-#,##0", "number"],
    ["[$€-407] #,##0.00", "number €"],
    ['"kr" #,##0', "number"],
    ["#,##0.00 [$kr-414]", "number kr"],
    ["$#,##0", "number $"],
    ["0.0%", "percent"],
    ["@", "number"],
    ["yyyy\\-mm\\-dd", "date"],
    ["[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "date"],
    ["mmm", "date"],
    ["d/m/yy h:mm AM/PM", "date time"],
    ["h:mm AM/PM", "time"],
    ["mm:ss.0", "time"],
    ["[hh]:mm:ss", "duration"],
    ["", "number"],
    ['"', "number"],
  ])("%s is %s", (code, meant) => {
    const { kind, withTime, unit } = formatOfCode(code);
    expect([kind, ...(withTime ? ["time"] : []), ...(unit === "" ? [] : [unit])].join(" ")).toBe(meant);
  });
});

describe("numberText()", () => {
  const date = { kind: "date", withTime: false, unit: "" } as const;
  test.each([
    [1, "1900-01-01"],
    [59, "1900-02-28"],
    [61, "1900-03-01"],
    [2_958_465, "9999-12-31"],
    [2_958_466, "2958466"],
    [-1, "-1"],
    [45992.999999999, "2025-12-02"],
  ])("of day %s is %s", (value, shown) => {
    expect(numberText(value, date, false)).toBe(shown);
  });

  test("leaves out what binary fractions add", () => {
    expect(numberText(0.1 + 0.2, { kind: "number", withTime: false, unit: "" }, false)).toBe("0.3");
    expect(numberText(0.07, { kind: "percent", withTime: false, unit: "" }, false)).toBe("7%");
    expect(numberText(-1 / 48, { kind: "duration", withTime: false, unit: "" }, false)).toBe("-0:30");
  });
});
