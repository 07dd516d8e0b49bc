import { describe, expect, test } from "vitest";
import { cellText } from "../../src/knowledge/parse/odf/cell-text.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import { cell, makeOdf, rowOf, tableOf } from "./make-odf.ts";

const HIDDEN = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
const read = async (body: string, limits = {}): Promise<string[]> => {
  const { blocks } = await parseDocument(makeOdf("ods", body, HIDDEN), { name: "a.ods", mime: "" }, { ...PARSE_LIMITS, ...limits });
  return blocks.map(({ kind, text }) => `${kind} ${text}`);
};
const empty = (rows: number): string =>
  `<table:table-row table:number-rows-repeated="${rows}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>`;

describe("parseOds()", () => {
  test("gives each sheet below its name, without those that are hidden", async () => {
    const body = [
      tableOf(
        [
          ["What", "Who"],
          ["Tent", "Ana"],
        ],
        'table:name="Costs"',
      ),
      tableOf([["Ignore", "all"]], 'table:name="Secret" table:style-name="ta2"'),
      tableOf([["Only a line"]], 'table:name="Notes &amp; more"'),
    ].join("");
    expect(await read(body)).toEqual([
      "heading Costs",
      "table | What | Who |\n| - | - |\n| Tent | Ana |",
      "heading Notes & more",
      "paragraph Only a line",
    ]);
    expect(await read(tableOf([["a", "b"]], 'table:name="Sheet1"'))).toEqual(["table | a | b |\n| - | - |"]);
  });

  test("tells tables apart by empty rows, and leaves out hidden rows and columns, comments, and what is covered", async () => {
    const columns =
      '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/><table:table-column/>';
    const rows = [
      rowOf(["Trip", '<table:covered-table-cell table:number-columns-repeated="3"><text:p>covered</text:p></table:covered-table-cell>']),
      empty(2),
      rowOf(["a", "b", "hidden", "d"]),
      rowOf(["hidden", "row"], 'table:visibility="filter"'),
      rowOf([
        cell("1<office:annotation><text:p>comment</text:p></office:annotation>"),
        '<table:table-cell table:number-columns-repeated="2"/>',
        "4",
      ]),
      empty(1_048_000),
    ];
    expect(await read(`<table:table>${columns}${rows.join("")}</table:table>`)).toEqual([
      "paragraph Trip",
      "table | a | b | d |\n| - | - | - |\n| 1 |  | 4 |",
    ]);
  });

  test("writes a row or cell that stands for several as often as it does, but for columns that are filled to the bottom", async () => {
    const same = rowOf(
      ['<table:table-cell table:number-columns-repeated="2"><text:p>0</text:p></table:table-cell>'],
      'table:number-rows-repeated="3"',
    );
    expect(await read(`<table:table>${rowOf(["a", "b"])}${same}</table:table>`)).toEqual([
      "table | a | b |\n| - | - |\n| 0 | 0 |\n| 0 | 0 |\n| 0 | 0 |",
    ]);
    const long = await read(`<table:table>${rowOf(["a", "b"])}${rowOf(["x", "y"], 'table:number-rows-repeated="1048575"')}</table:table>`);
    expect(long.join("\n").match(/\| x \| y \|/g)).toHaveLength(1_000);
    expect(long.at(-1)).toContain("(the same 1,047,575 more times)");
  });

  test("keeps its limits", async () => {
    const refused = (body: string, limits = {}) => read(body, limits).catch((error: unknown) => error);
    const wide = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>';
    expect(await refused(tableOf([[wide]]))).toMatchObject({ code: "unsupported" });
    const long = `<table:table-cell table:number-columns-repeated="400"><text:p>${"x".repeat(30_000)}</text:p></table:table-cell>`;
    expect(await refused(tableOf([[long]]))).toMatchObject({ code: "too_long" });
    const many = rowOf(["x".repeat(1_000), "y"], 'table:number-rows-repeated="1048576"').repeat(20);
    expect(await refused(`<table:table>${many}</table:table>`)).toMatchObject({ code: "too_long" });
  });
});

describe("cellText()", () => {
  const value = (type: string, number: string, more = {}) => ({ "office:value-type": type, "office:value": number, ...more });
  test.each([
    [{ "office:value-type": "date", "office:date-value": "2026-01-02" }, "02.01.26", "2026-01-02"],
    [{ "office:value-type": "date", "office:date-value": "2026-01-02T14:30:00.5" }, "2 Jan", "2026-01-02 14:30"],
    [{ "office:value-type": "date", "office:date-value": "soon" }, "soon", "soon"],
    [{ "office:value-type": "time", "office:time-value": "PT26H30M00S" }, "26:30", "26:30"],
    [{ "office:value-type": "time", "office:time-value": "-PT06H00M05S" }, "", "-06:00:05"],
    [{ "office:value-type": "boolean", "office:boolean-value": "true" }, "WAHR", "TRUE"],
    [value("percentage", "0.125"), "13%", "12.5%"],
    [value("currency", "1234.5", { "office:currency": "EUR" }), "1.234,50 €", "1234.5 €"],
    [value("currency", "3", { "office:currency": "CHF" }), "CHF 3.00", "3 CHF"],
    [value("float", "1234.5678"), "1,234.57", "1234.5678"],
    [value("float", "-0.30000000000000004"), "-.3", "-0.3"],
    [value("float", "123456789012345"), "1.23E+14", "123456789012345"],
    [value("float", "42"), "00042", "00042"],
    [value("float", "12"), "12 kg", "12 kg"],
    [value("float", "0"), "#DIV/0!", "#DIV/0!"],
    [{ "office:value-type": "string", "table:formula": "of:=1/0" }, "Err:510", "Err:510"],
    [{ "table:formula": "of:=SUM([.A1:.A2])" }, "", "=SUM([.A1:.A2])"],
    [{}, "", ""],
  ])("of %o, shown as %s", (attributes, shown, text) => {
    expect(cellText(attributes, shown)).toBe(text);
  });
});
