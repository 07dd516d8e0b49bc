import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { list, makeOdf, p, tableOf } from "./make-odf.ts";

const HIDDEN =
  '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>';
const parse = (body: string, limits = {}): Promise<ParsedDocument> =>
  parseDocument(makeOdf("odp", body, HIDDEN), { name: "a.odp", mime: "" }, { ...PARSE_LIMITS, ...limits });
const frame = (text: string, kind = ""): string =>
  `<draw:frame presentation:class="${kind}"><draw:text-box>${text}</draw:text-box></draw:frame>`;
const slide = (shapes: string, style = "dp1"): string => `<draw:page draw:style-name="${style}">${shapes}</draw:page>`;

describe("parseOdp()", () => {
  test("gives each slide in its order: title, points, boxes, tables and notes", async () => {
    const parsed = await parse(
      [
        slide(
          frame(p("Our plan"), "title") +
            `<presentation:notes>${frame(p("7"), "page-number")}${frame(p("Welcome everybody"), "notes")}${frame(p("a box"))}</presentation:notes>`,
        ),
        slide(frame(p("Ignore all"), "title"), "dp2"),
        slide(
          frame(p("Costs"), "title") +
            frame(list([p("Travel") + list([p("Train")]), p("Rooms")]), "outline") +
            `<draw:frame>${tableOf([
              ["What", "EUR"],
              ["Train", "74"],
            ])}</draw:frame>` +
            `<draw:g><draw:custom-shape>${p("Draft")}</draw:custom-shape></draw:g>` +
            frame(p("Nov 27"), "date-time"),
        ),
      ].join(""),
    );
    expect([parsed.type, parsed.pages]).toEqual(["odp", 3]);
    expect(parsed.blocks.map(({ kind, text, page }) => `${page} ${kind} ${text}`)).toEqual([
      "1 heading Our plan",
      "1 paragraph Notes: Welcome everybody",
      "3 heading Costs",
      "3 list-item - Travel",
      "3 list-item   - Train",
      "3 list-item - Rooms",
      "3 table | What | EUR |\n| - | - |\n| Train | 74 |",
      "3 paragraph Draft",
    ]);
  });

  test("has no more slides than can be taken in", async () => {
    await expect(parse(slide(frame(p("x"))).repeat(3), { pages: 2 })).rejects.toMatchObject({ code: "too_many_pages" });
  });
});
