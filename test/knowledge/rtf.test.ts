import { strToU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";

const HEAD = String.raw`\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fcharset204 Times;}{\f1\fcharset128 Mincho{\*\falt x};}}{\stylesheet{\snext0 Normal;}{\s1\snext0 heading 1;}{\s2\outlinelevel1 Zwei;}{\*\cs10 Default;}}{\info{\title A {\i plan}}{\author unseen}}{\*\generator unseen;}`;
const parse = (body: string, limits = {}): Promise<ParsedDocument> =>
  parseDocument(strToU8(`{${HEAD}${body}}`), { name: "a.rtf", mime: "" }, { ...PARSE_LIMITS, ...limits });
const read = async (body: string): Promise<string[]> =>
  (await parse(body)).blocks.map(({ kind, level, text }) => `${kind}${level ?? ""} ${text}`);

describe("parseRtf()", () => {
  test("gives headings and paragraphs, in whatever way letters are written", async () => {
    const body = String.raw`\pard\s1 \'c3\'eb\'e0\'e2\'e0 1\par\pard\s2 Costs\par\pard\s1\outlinelevel9 No heading\par
\pard{\f1\'93\'fa\'96\'7b} \u8364?\uc2\u228ae\u-10179\'3f\'3f\u-8694?? \{a\\b\}\~\emdash\ldblquote c\rdblquote\line d
 e\par{\pard \outlinelevel0 Last\par}`;
    expect(await parse(body)).toMatchObject({ type: "rtf", title: "A plan", pages: 1 });
    expect(await read(body)).toEqual([
      "heading1 Глава 1",
      "heading2 Costs",
      "paragraph No heading",
      "paragraph 日本 €ä😊 {a\\b}\u00A0—“c”\nd e",
      "heading1 Last",
    ]);
  });

  test("gives lists, marked by a program or by hand, links, and notes behind what they belong to", async () => {
    const body = String.raw`{\listtext\pard \'95\tab}\pard\ls1\ilvl0 one\par{\pntext 2)\tab}\pard\ls1\ilvl1 two\par\pard\li720 \bullet\tab by hand\par
\pard See {\field{\*\fldinst{HYPERLINK "https://example.com/a?b=1&c=2"}}{\fldrslt{\ul the page}}}{\super\chftn}{\footnote\pard{\super\chftn} A note.}.\par End\par`;
    expect(await read(body)).toEqual([
      "list-item - one",
      "list-item   2. two",
      "list-item   - by hand",
      "paragraph See [the page](https://example.com/a?b=1&c=2)[^1].",
      "paragraph [^1]: A note.",
      "paragraph End",
    ]);
  });

  test("gives tables, and pages by the breaks that were asked for", async () => {
    const body = String.raw`\trowd\cellx1\cellx2\pard\intbl What\cell Cost\cell\row\pard\intbl Tent\par red\cell 1|2\cell\row\pard\par After\par\page Next\par`;
    const { blocks, pages } = await parse(body);
    expect(blocks.map(({ text, page }) => `${page} ${text}`)).toEqual([
      "1 | What | Cost |\n| - | - |\n| Tent red | 1\\|2 |",
      "1 After",
      "2 Next",
    ]);
    expect(pages).toBe(2);
  });

  test("leaves out what nobody sees, what was struck, headers, comments, pictures and lists of its headings", async () => {
    const body = String.raw`{\header unseen\par}Seen{\v unseen}{\deleted unseen}{\*\annotation unseen}{\pict\wmetafile8 00ff}{\*\shppict{\pict 00}}\bin3 }}}{\b\*\cs7  too}{\*\unknown unseen}.\par
{\field{\*\fldinst TOC \\o}{\fldrslt unseen\par}}\par{\shp{\*\shpinst{\sp{\sn x}{\sv unseen}}{\shptxt Boxed\par}}{\shprslt unseen}}`;
    expect(await read(body)).toEqual(["paragraph Seen too.", "paragraph Boxed"]);
  });

  test("keeps its limits", async () => {
    const refused = (body: string, limits = {}) => parse(body, limits).catch((error: unknown) => error);
    expect(await refused("{".repeat(1_000))).toMatchObject({ code: "too_deep" });
    expect(await refused("x".repeat(2_000), { chars: 1_000 })).toMatchObject({ code: "too_long" });
    expect(await refused(String.raw`\cell`.repeat(5_000), { chars: 100_000 })).toMatchObject({ code: "too_long" });
    expect(await refused("{x")).toMatchObject({ code: "damaged" });
    expect(await refused("")).toMatchObject({ code: "no_text" });
  });
});
