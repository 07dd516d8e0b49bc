import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { cell, h, list, makeOdf, p, rowOf, tableOf } from "./make-odf.ts";

const parse = (bytes: Uint8Array, limits = {}): Promise<ParsedDocument> =>
  parseDocument(bytes, { name: "a.odt", mime: "" }, { ...PARSE_LIMITS, ...limits });
const read = async (body: string, styles = ""): Promise<string[]> =>
  (await parse(makeOdf("odt", body, styles))).blocks.map(({ kind, level, text }) => `${kind}${level ?? ""} ${text}`);

describe("parseOdt()", () => {
  test("gives headings, paragraphs, links and spaces as they are meant", async () => {
    const own = '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>';
    const body = [
      p("Our plan", "P1"),
      h(2, "Costs <text:span>\n and</text:span>  more"),
      p(
        '  See\n <text:a xlink:href="https://example.com/a?b=1&amp;c=2">the <text:span>page</text:span></text:a> or <text:a xlink:href="#Costs">above</text:a> <text:span> again</text:span>.',
      ),
      p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d'),
    ].join("\n");
    const parsed = await parse(
      makeOdf("odt", body, own, { "meta.xml": "<office:document-meta><dc:title>Plan A</dc:title></office:document-meta>" }),
    );
    expect([parsed.type, parsed.title, parsed.pages]).toEqual(["odt", "Plan A", 1]);
    expect(await read(body, own)).toEqual([
      "heading1 Our plan",
      "heading2 Costs and more",
      "paragraph See [the page](https://example.com/a?b=1&c=2) or above again.",
      "paragraph a   b\tc\nd",
    ]);
  });

  test("marks the items of lists, numbers what is numbered, and goes on where a list does", async () => {
    const body = [
      list([p("one") + list([p("deeper")]), p("two") + p("more of two")], 'text:style-name="Numbers"'),
      p("Between"),
      list([p("three")], 'text:style-name="Numbers" text:continue-numbering="true"'),
      list([p("dot")]),
    ].join("");
    expect(await read(body)).toEqual([
      "list-item 1. one",
      "list-item   - deeper",
      "list-item 2. two",
      "list-item   more of two",
      "paragraph Between",
      "list-item 3. three",
      "list-item - dot",
    ]);
  });

  test("gives tables, what is in one in a cell, and notes behind what they belong to", async () => {
    const note =
      "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See there.</text:p></text:note-body></text:note>";
    const body = [
      tableOf([
        ["What", "Cost"],
        [cell(`Tent${note}`), cell("").replace("</table", `${tableOf([["a", "b"]])}</table`)],
        ['<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'],
      ]),
      p("End"),
    ].join("");
    expect(await read(body)).toEqual([
      "table | What | Cost |\n| - | - |\n| Tent[^1] | a b |\n| x | x |",
      "paragraph [^1]: See there.",
      "paragraph End",
    ]);
  });

  test("leaves out what nobody sees, comments, what was struck, and lists of its headings", async () => {
    const own = '<style:style style:name="P1" style:family="paragraph"><style:text-properties text:display="none"/></style:style>';
    const body = [
      "<text:tracked-changes><text:changed-region><text:deletion><text:p>struck</text:p></text:deletion></text:changed-region></text:tracked-changes>",
      "<text:table-of-content><text:index-body><text:p>Costs 1</text:p></text:index-body></text:table-of-content>",
      p('Seen<text:span text:style-name="GoneToo"> unseen</text:span><office:annotation><text:p>a comment</text:p></office:annotation>.'),
      p("<draw:frame><svg:title>a picture</svg:title><draw:image><office:binary-data>AAAA</office:binary-data></draw:image></draw:frame>"),
      p("unseen", "P1"),
      `<text:section text:display="none">${p("unseen")}</text:section>`,
      p('unseen<text:hidden-paragraph text:is-hidden="true"/>'),
      `<text:section>${p("Seen too")}</text:section>`,
    ].join("");
    expect(await read(body, own)).toEqual(["paragraph Seen.", "paragraph Seen too"]);
  });

  test("tells pages by the breaks that were asked for and those that were noted", async () => {
    const own = '<style:style style:name="P1" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>';
    const { blocks, pages } = await parse(makeOdf("odt", `${p("a", "P1")}${p("b<text:soft-page-break/>c")}${p("d")}${p("e", "P1")}`, own));
    expect(blocks.map(({ text, page }) => `${page} ${text}`)).toEqual(["1 a", "1 bc", "2 d", "3 e"]);
    expect(pages).toBe(3);
  });

  test("says that a file has a password, in both ways in which programs lock it", async () => {
    const locked = {
      "META-INF/manifest.xml":
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
      "content.xml": "\u0001\u0002",
    };
    const whole = zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.text"), "encrypted-package": strToU8("\u0001") });
    for (const bytes of [makeOdf("odt", "", "", locked), whole])
      await expect(parse(bytes)).rejects.toMatchObject({ name: "DocumentError", code: "encrypted" });
  });

  test("keeps its limits", async () => {
    const refused = (body: string, limits = {}, parts = {}) =>
      parse(makeOdf("odt", body, "", parts), limits).catch((error: unknown) => error);
    expect(await refused(p('<text:s text:c="9999999"/>'.repeat(10) + "x"), { chars: 1_000 })).toMatchObject({ code: "too_long" });
    expect(
      await refused(tableOf([[]]).replace("<table:table-row", `${rowOf([cell("")]).repeat(5_000)}<table:table-row`), { chars: 100_000 }),
    ).toMatchObject({
      code: "too_long",
    });
    const repeated = `<table:table-cell table:number-columns-repeated="999999999"><text:p>${"x".repeat(1_000)}</text:p></table:table-cell>`;
    expect(await refused(tableOf([[repeated]]), { chars: 100_000 })).toMatchObject({ code: "too_long" });
    expect(await refused("<text:section>".repeat(300))).toMatchObject({ code: "too_deep" });
    expect(await refused(" ".repeat(18_000_000))).toMatchObject({ code: "too_large" });
    expect(await refused("", {}, { "content.xml": "<office:document-content><office:body><text:p>x" })).toMatchObject({ code: "damaged" });
    expect(await refused("")).toMatchObject({ code: "no_text" });
  });
});
