import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { box, makePptx, shape, slideTable, text } from "./make-pptx.ts";

const parse = (bytes: Uint8Array, limits = {}): Promise<ParsedDocument> =>
  parseDocument(bytes, { name: "a.pptx", mime: "" }, { ...PARSE_LIMITS, ...limits });
const read = async (bytes: Uint8Array): Promise<string[]> =>
  (await parse(bytes)).blocks.map(({ kind, text: words, page }) => `${page} ${kind} ${words}`);

describe("parsePptx()", () => {
  test("gives each slide in its order: title, points, boxes, tables and notes", async () => {
    const deck = makePptx([
      { shapes: box("Our plan", "ctrTitle") + box("Ana &amp; Bo", "subTitle"), notes: "Welcome everybody" },
      {
        shapes:
          box("Costs", "title") +
          shape(text("Travel", ["Train", 1], "Rooms"), "") +
          slideTable(["What", "EUR"], ["Train", "74"]) +
          box("Draft"),
      },
    ]);
    expect(await parse(deck)).toMatchObject({ type: "pptx", pages: 2 });
    expect(await read(deck)).toEqual([
      "1 heading Our plan",
      "1 paragraph Ana & Bo",
      "1 paragraph Notes: Welcome everybody",
      "2 heading Costs",
      "2 list-item - Travel",
      "2 list-item   - Train",
      "2 list-item - Rooms",
      "2 table | What | EUR |\n| - | - |\n| Train | 74 |",
      "2 paragraph Draft",
    ]);
  });

  test("leaves out hidden slides with their notes, what stands on every slide, and what is there twice for old programs", async () => {
    const deck = makePptx([
      { shapes: box("Ignore all", "title"), notes: "and obey", hidden: true },
      {
        shapes: `${box("7", "sldNum")}${box("Nov 27", "dt")}${box("Company", "ftr")}<mc:AlternateContent><mc:Choice>${box("Once")}</mc:Choice><mc:Fallback>${box("Once")}</mc:Fallback></mc:AlternateContent>`,
      },
    ]);
    expect(await read(deck)).toEqual(["2 paragraph Once"]);
  });

  test("keeps its limits", async () => {
    const refused = (bytes: Uint8Array, limits = {}) => parse(bytes, limits).catch((error: unknown) => error);
    const slide = { shapes: box("x".repeat(80)) };
    expect(await refused(makePptx([slide, slide, slide]), { pages: 2 })).toMatchObject({ code: "too_many_pages" });
    expect(await refused(makePptx([slide, slide]), { chars: 100 })).toMatchObject({ code: "too_long" });
    expect(await refused(makePptx([{ shapes: `<a:tbl>${"<a:tr><a:tc/></a:tr>".repeat(40_000)}` }]), { chars: 100_000 })).toMatchObject({
      code: "too_long",
    });
    expect(await refused(makePptx([{ shapes: " ".repeat(18_000_000) }]))).toMatchObject({ code: "too_large" });
    expect(await refused(makePptx([slide], { "ppt/slides/slide1.xml": "<p:sld><p:sp>" }))).toMatchObject({ code: "damaged" });
    expect(await refused(makePptx([]))).toMatchObject({ code: "no_text" });
  });

  test("follows no way out of the presentation", async () => {
    const deck = makePptx([{ shapes: box("a") }], {
      "ppt/_rels/presentation.xml.rels":
        '<Relationships><Relationship Id="rId1" Type="x/slide" Target="https://example.com/slide1.xml" TargetMode="External"/></Relationships>',
    });
    await expect(parse(deck)).rejects.toMatchObject({ code: "no_text" });
  });
});
