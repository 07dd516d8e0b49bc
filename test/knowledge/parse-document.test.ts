import { strToU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { parseDocument, type ParseOptions } from "../../src/knowledge/parse/parse-document.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { type Block, PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { item, makeDocx, paragraph, row, run, styled } from "./make-docx.ts";
import { makePdf } from "./make-pdf.ts";
import { EML, SAMPLES } from "./samples.ts";

const parse = (content: Uint8Array | string, name: string, options: ParseOptions & { mime?: string } = {}): Promise<ParsedDocument> =>
  parseDocument(typeof content === "string" ? strToU8(content) : content, { name, mime: options.mime ?? "" }, PARSE_LIMITS, {
    pdf: parsePdf,
    ...options,
  });
const short = ({ kind, text, level, page }: Block): string => `${page} ${kind}${level ?? ""} ${text}`;
const blocks = async (content: Uint8Array | string, name: string): Promise<string[]> => (await parse(content, name)).blocks.map(short);

describe("parseDocument() tells the format", () => {
  test.each([
    ["by content, against the name", "a.pdf", "x.txt", "pdf"],
    ["by content, a DOCX called zip", "a.docx", "x.zip", "docx"],
    ["by content, HTML called text", "a.html", "x.txt", "html"],
    ["by content, a mail without a name", "a.eml", "", "eml"],
    ["by name", "a.csv", "x.CSV", "csv"],
    ["as text without anything else", "a.csv", "x", "text"],
  ])("%s", async (_what, sample, name, type) => {
    expect((await parse(SAMPLES[sample]?.() ?? "", name)).type).toBe(type);
  });

  test("by the media type when the name says nothing", async () => {
    expect((await parse("# A\n\nb", "download", { mime: "text/markdown; charset=utf-8" })).type).toBe("markdown");
  });

  test("by content where the media type is what anything is called, and the name says nothing", async () => {
    expect((await parse(SAMPLES["a.eml"]?.() ?? "", "download", { mime: "text/plain" })).type).toBe("eml");
  });
});

describe("parseDocument() of PDF", () => {
  test("joins lines to paragraphs and tells headings by their size, with pages", async () => {
    const pdf = makePdf({
      pages: [
        [
          { text: "A plan", size: 20 },
          "First line of a paragraph that",
          "goes on, with an auto-",
          "matic break.",
          { text: "A second one.", y: 600 },
        ],
        [{ text: "Costs", size: 16 }, "1. First thing.", "2. Second thing.", { text: "End.", y: 500 }],
      ],
    });
    expect(await blocks(pdf, "a.pdf")).toEqual([
      "1 heading1 A plan",
      "1 paragraph First line of a paragraph that goes on, with an automatic break.",
      "1 paragraph A second one.",
      "2 heading2 Costs",
      "2 list-item 1. First thing.",
      "2 list-item 2. Second thing.",
      "2 paragraph End.",
    ]);
  });

  test("tells headings by their number", async () => {
    const pdf = makePdf({
      pages: [
        [
          { text: "2.1 Results", y: 700 },
          { text: "It worked well, as the text below says.", y: 670 },
        ],
      ],
    });
    expect(await blocks(pdf, "a.pdf")).toEqual(["1 heading2 2.1 Results", "1 paragraph It worked well, as the text below says."]);
  });

  test("leaves out what stands at the edge of many pages", async () => {
    const pages = Array.from({ length: 6 }, (_page, index) => [
      { text: "My manual", y: 810 },
      `Text of number ${index + 1} is here.`,
      { text: `Page ${index + 1} of 6`, y: 30 },
    ]);
    expect(await blocks(makePdf({ pages }), "a.pdf")).toEqual(
      pages.map((_page, index) => `${index + 1} paragraph Text of number ${index + 1} is here.`),
    );
  });

  test("reads the title and says how far it is", async () => {
    const seen: string[] = [];
    const parsed = await parse(SAMPLES["a.pdf"]?.() ?? "", "a.pdf", { onProgress: (done, total) => void seen.push(`${done}/${total}`) });
    expect([parsed.title, parsed.pages, seen]).toEqual(["A plan", 2, ["1/2", "2/2"]]);
  });

  test("takes the bytes over, also those of a Node Buffer", async () => {
    const bytes = makePdf({ pages: [["Hello."]] });
    await parse(bytes, "a.pdf");
    expect(bytes.length).toBe(0);
    expect((await parse(Buffer.from(makePdf({ pages: [["Hello."]] })), "a.pdf")).blocks.map(short)).toEqual(["1 paragraph Hello."]);
  });

  test("reads what stands behind a few bytes of junk", async () => {
    expect((await parse(new Uint8Array([10, 10, ...makePdf({ pages: [["Hello."]] })]), "a.pdf")).blocks.map(short)).toEqual([
      "1 paragraph Hello.",
    ]);
  });
});

describe("parseDocument() of Markdown", () => {
  test.each([
    ["headings of both kinds", "# A #\n\nB\n===\nC c\n---\n####### d", ["heading1 A", "heading1 B", "heading2 C c", "paragraph ####### d"]],
    [
      "paragraphs, with wikilinks",
      "see [[Other note|that]]\nand more\n\nnext",
      ["paragraph see [[Other note|that]]\nand more", "paragraph next"],
    ],
    [
      "lists, nested ones with their item",
      "- a\n  - b\n    more\n- c\n\n  d\n\ne",
      ["list-item - a\n  - b\n    more", "list-item - c\n\n  d", "paragraph e"],
    ],
    ["code, with what looks like headings", "```sh\n# no\n\n- no\n```\nb", ["code ```sh\n# no\n\n- no\n```", "paragraph b"]],
    ["code that is not closed", "~~~\na", ["code ~~~\na\n~~~"]],
    ["code in an item", "- a\n  ```\n  # no\n  ```\n- b", ["list-item - a\n  ```\n  # no\n  ```", "list-item - b"]],
    ["code by indentation", "a\n\n    x = 1\n\n    y\nb", ["paragraph a", "code ```\nx = 1\n\ny\n```", "paragraph b"]],
    ["tables", "a | b\n--|--\n1 | 2\n\nend", ["table a | b\n--|--\n1 | 2", "paragraph end"]],
    ["quotations", "> a\n> b\n>\n> c", ["paragraph > a\n> b", "paragraph > c"]],
    ["rules, without text", "a\n\n---\n\n***\nb", ["paragraph a", "paragraph b"]],
  ])("reads %s", async (_what, text, expected) => {
    expect(await blocks(text, "a.md")).toEqual(expected.map((line) => `1 ${line}`));
  });

  test("takes the title from the frontmatter, which is no text, else from the first heading", async () => {
    expect(await parse("---\ntitle: 'My note'\ntags: [a]\n---\n# B\n\nc", "a.md")).toMatchObject({
      title: "My note",
      blocks: [{ text: "B" }, { text: "c" }],
    });
    expect(await parse("# B\n\nc", "a.md")).toMatchObject({ title: "B" });
    expect((await parse("---\nnot yaml at all\n---\nc", "a.md")).blocks.map(({ text }) => text).join(" ")).toContain("not yaml");
  });

  test("goes on with a large table under the same header, and with large code in the same fence", async () => {
    const rows = Array.from({ length: 9_000 }, (_row, index) => `| ${index} | x |`).join("\n");
    const tables = (await parse(`| a | b |\n| - | - |\n${rows}`, "a.md")).blocks;
    expect(tables.map(({ text }) => text.slice(0, 19))).toEqual(tables.map(() => "| a | b |\n| - | - |"));
    const code = (await parse(`\`\`\`js\n${"x = 1;\n".repeat(9_000)}\`\`\`\n`, "a.md")).blocks;
    expect(code.map(({ kind, text }) => kind + text.slice(0, 6) + text.slice(-4))).toEqual(code.map(() => "code```js\n\n```"));
    expect([tables.length, code.length]).toEqual([3, 2]);
  });
});

describe("parseDocument() of text", () => {
  test.each([
    ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0xc3, 0xa9], "é"],
    ["UTF-16 little-endian", [0xff, 0xfe, 0xe9, 0], "é"],
    ["UTF-16 big-endian", [0xfe, 0xff, 0, 0xe9], "é"],
    ["UTF-16 without a mark", [...strToU8("plain text")].flatMap((byte) => [byte, 0]), "plain text"],
    ["windows-1252", [0x93, 0xe9, 0x94, 0x20, 0x80], "“é” €"],
    ["UTF-8 with one broken byte", [...strToU8("é".repeat(40)), 0xe9], `${"é".repeat(40)}\uFFFD`],
  ])("decodes %s", async (_what, bytes, text) => {
    expect((await parse(Uint8Array.from(bytes), "a.txt")).blocks.map((block) => block.text)).toEqual([text]);
  });

  test("begins a page at a form feed", async () => {
    expect(await blocks("a\nb\n\nc\fd\r\n", "a.txt")).toEqual(["1 paragraph a\nb", "1 paragraph c", "2 paragraph d"]);
  });

  test("leaves out characters that nobody sees", async () => {
    expect(await blocks("a\u{E0041}\u{E0042}\u202Eb\u200B\u0007", "a.txt")).toEqual(["1 paragraph ab"]);
  });
});

describe("parseDocument() of HTML", () => {
  test("reads what a person sees of the content", async () => {
    const html =
      '<!doctype html><title>T</title><nav>menu</nav><main><h2>A</h2><p>b <a href="https://x.example/y">c</a> <a href="/rel">d</a><p hidden>no<script>no</script><ul><li>e<li>f</ul><table><tr><th>g<th>h<tr><td>1<td>2</table></main>';
    expect(await parse(html, "a.html")).toMatchObject({ title: "T", type: "html" });
    expect(await blocks(html, "a.html")).toEqual([
      "1 heading2 A",
      "1 paragraph b [c](https://x.example/y) d",
      "1 list-item - e",
      "1 list-item - f",
      "1 table | g | h |\n| - | - |\n| 1 | 2 |",
    ]);
  });

  test("takes the charset that the page names", async () => {
    const html = [...strToU8('<html><meta charset="iso-8859-2"><p>'), 0xe6];
    expect((await parse(Uint8Array.from(html), "a.html")).blocks.map(({ text }) => text)).toEqual(["ć"]);
  });
});

describe("parseDocument() of DOCX", () => {
  test("reads headings by style, lists, tables and pages", async () => {
    const body = [
      styled("Plan", "berschrift1"),
      styled("Mine is based on another", "Mine"),
      styled("In a circle", "Circle"),
      item("a", 1),
      item("b", 1, 1),
      item("one", 2),
      item("two", 2),
      `<w:tbl>${row("A|B", "C")}${row("1", "2")}</w:tbl>`,
      `<w:tbl>${row("only a frame")}</w:tbl>`,
      '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
      `<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second</w:t></w:r>${run(" page")}</w:p>`,
    ].join("");
    expect(await blocks(makeDocx(body), "a.docx")).toEqual([
      "1 heading1 Plan",
      "1 heading2 Mine is based on another",
      "1 paragraph In a circle",
      "1 list-item - a",
      "1 list-item   - b",
      "1 list-item 1. one",
      "1 list-item 2. two",
      "1 table | A\\|B | C |\n| - | - |\n| 1 | 2 |",
      "1 paragraph only a frame",
      "2 paragraph Second page",
    ]);
  });

  test("leaves out what is hidden or deleted, and reads text boxes and footnotes", async () => {
    const box = `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph("boxed")}</w:txbxContent></mc:Choice><mc:Fallback>${paragraph("twice")}</mc:Fallback></mc:AlternateContent></w:r>${run("around")}</w:p>`;
    const body = `<w:p>${run("seen")}${run("unseen", "<w:vanish/>")}<w:del>${run("gone")}</w:del><w:ins>${run(" new")}</w:ins></w:p>${box}`;
    const notes = `<w:footnotes><w:footnote>${paragraph("a note")}</w:footnote></w:footnotes>`;
    expect(await blocks(makeDocx(body, { "word/footnotes.xml": notes }), "a.docx")).toEqual([
      "1 paragraph seen new",
      "1 paragraph boxed",
      "1 paragraph around",
      "1 paragraph a note",
    ]);
  });

  test("takes the title from its properties", async () => {
    const core = "<cp:coreProperties><dc:title>T &amp; U</dc:title><dc:creator>x</dc:creator></cp:coreProperties>";
    expect(await parse(makeDocx(paragraph("a"), { "docProps/core.xml": core }), "a.docx")).toMatchObject({ title: "T & U" });
  });
});

describe("parseDocument() of tables and data", () => {
  test("CSV is tables of some rows, each with the header", async () => {
    const rows = Array.from({ length: 200 }, (_row, index) => `${index};"x; ""y""\nz"`).join("\r\n");
    const parsed = await parse(`id;note\r\n${rows}\r\n`, "a.csv");
    expect(parsed.blocks.length).toBeGreaterThan(2);
    expect(parsed.blocks.every(({ kind, text }) => kind === "table" && text.startsWith("| id | note |\n| - | - |\n| "))).toBe(true);
    expect(parsed.blocks[0]?.text).toContain('| 0 | x; "y" z |');
  });

  test("CSV with a header that is too long to repeat is a list a row", async () => {
    const names = Array.from({ length: 60 }, (_name, index) => `column ${index}`);
    expect(await blocks(`${names.join(",")}\n1,,3\n`, "a.csv")).toEqual(["1 paragraph column 0: 1\ncolumn 2: 3"]);
  });

  test.each([
    ["a quote that is not closed", 'a,b\n"1,2\n3,4', '| a | b |\n| - | - |\n| "1 | 2 |\n| 3 | 4 |'],
    ["rows of other lengths", "a,b\n1\n1,2,3", "| a | b |\n| - | - |\n| 1 |  |\n| 1 | 2 | 3 |"],
    ["only a header", "a,b\n", "| a | b |\n| - | - |"],
    ["tabs", "a\tb\n1,5\t2", "| a | b |\n| - | - |\n| 1,5 | 2 |"],
  ])("CSV with %s", async (_what, text, table) => {
    expect(await blocks(text, "a.csv")).toEqual([`1 table ${table}`]);
  });

  test("JSON is lines of path and value", async () => {
    const json = { name: "x\ny", "odd key": true, list: [{ a: 1, tags: ["p", "q"] }, { a: [] }], n: null };
    expect((await blocks(JSON.stringify(json), "a.json")).join("\n")).toBe(
      '1 paragraph name: x\ny\n["odd key"]: true\nlist[0].a: 1\nlist[0].tags: p, q\n1 paragraph n: null',
    );
    expect(await blocks('"text"', "a.json")).toEqual(["1 paragraph text"]);
    expect(await blocks("[1, 2, [3], 4]", "a.json")).toEqual(["1 paragraph 1, 2\n[2]: 3", "1 paragraph 4"]);
  });

  test("JSON Lines have the number of the line in the path", async () => {
    expect(await blocks('{"a":1}\n\n{"a":{"b":2}}\n', "a.jsonl")).toEqual(["1 paragraph [0].a: 1", "1 paragraph [1].a.b: 2"]);
  });
});

describe("parseDocument() of mail and pictures", () => {
  test("a mail is its headers, its text and the names of its attachments", async () => {
    expect(await parse(EML, "a.eml")).toMatchObject({ title: "Café plans", type: "eml" });
    expect(await blocks(EML, "a.eml")).toEqual([
      "1 heading1 Café plans",
      "1 paragraph From: Ana Lima <ana@example.com>\nTo: Bo <bo@example.com>, crew@example.com\nDate: 2024-01-01T10:00:00.000Z",
      "1 heading2 Hello",
      "1 paragraph We meet at the café **tomorrow**.",
      "1 paragraph Attachments:\n- menu.pdf (application/pdf)",
    ]);
  });

  const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array.from({ length: 40 }, () => 1)]);

  test("a mail is one page: a form feed in it ends a paragraph", async () => {
    const mail = "From: Ana <ana@example.com>\r\nSubject: Minutes\r\n\r\nFirst part.\f\r\nSecond\fthird.\r\n";
    const parsed = await parse(mail, "a.eml");
    expect(parsed.pages).toBe(1);
    expect(parsed.blocks.map(({ text, page }) => [text, page])).toEqual([
      ["Minutes", 1],
      ["From: Ana <ana@example.com>", 1],
      ["First part.", 1],
      ["Second", 1],
      ["third.", 1],
    ]);
  });

  test("a picture is what the model says of it, and needs one", async () => {
    const describeImage = (bytes: Uint8Array, mime: string): Promise<string> =>
      Promise.resolve(`${mime} of ${bytes.length} bytes\n\nA cat.`);
    expect((await parse(PNG, "a.jpg", { describeImage })).blocks.map(short)).toEqual([
      "1 paragraph image/png of 48 bytes",
      "1 paragraph A cat.",
    ]);
    await expect(parse(PNG, "a.png")).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining("vision model") });
  });

  test("what the model throws comes out as it is", async () => {
    const busy = new Error("busy");
    await expect(parse(PNG, "a.png", { describeImage: () => Promise.reject(busy) })).rejects.toBe(busy);
  });
});
