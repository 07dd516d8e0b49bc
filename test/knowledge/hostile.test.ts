import { strToU8, zipSync, zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { parseDocument, type ParseOptions } from "../../src/knowledge/parse/parse-document.ts";
import { inflatedSize } from "../../src/knowledge/parse/inflate.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { decodeAscii, lzwSize, runLengthSize } from "../../src/knowledge/parse/pdf/filters.ts";
import { unclosedObjects } from "../../src/knowledge/parse/pdf/objects.ts";
import { PARSE_LIMITS, type ParseLimits } from "../../src/knowledge/parsed.ts";
import { makeDocx, paragraph } from "./make-docx.ts";
import { makeOdf, p } from "./make-odf.ts";
import { concat, makePdf, replaced, stream } from "./make-pdf.ts";
import { makeXlsx, texts } from "./make-xlsx.ts";
import { SAMPLES } from "./samples.ts";

const refusal = (
  content: Uint8Array | string,
  name: string,
  limits: Partial<ParseLimits> = {},
  options: ParseOptions = {},
): Promise<unknown> =>
  parseDocument(
    typeof content === "string" ? strToU8(content) : content,
    { name, mime: "" },
    { ...PARSE_LIMITS, ...limits },
    { pdf: parsePdf, ...options },
  ).then(
    ({ type }) => ({ code: `read as ${type}` }),
    (error: unknown) => error,
  );
const ZEROS = zlibSync(new Uint8Array(36_000_000), { level: 1 });

/** A PDF with one more stream, that of its only page's content. */
const withContent = (content: Uint8Array, objects: readonly (string | Uint8Array)[] = []): Uint8Array =>
  replaced(makePdf({ pages: [["text"]], objects: [content, ...objects] }), "/Contents 6 0 R", "/Contents 7 0 R");

/** An Office file of the old kind, with a name in its directory. */
const compound = (name: string): Uint8Array =>
  concat([
    Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    new Uint8Array(1024),
    Array.from(name, (letter) => `${letter}\0`).join(""),
    new Uint8Array(100),
  ]);

const ENCRYPT = `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <${"28".repeat(32)}> /U <${"29".repeat(32)}> >> /ID [<00> <00>]`;

describe("parseDocument() refuses, with the reason", () => {
  test.each([
    ["nothing", "", "a.txt", "empty"],
    ["only white space", " \n\t\n", "a.md", "no_text"],
    [
      "binary junk named .txt",
      Uint8Array.from({ length: 4096 }, (_byte, index) => (index * 167 + (index >> 3) * 59) % 256),
      "a.txt",
      "unsupported",
    ],
    ["zeros", new Uint8Array(10_000), "a.csv", "unsupported"],
    ["a Linux program", concat(["\x7FELF\x02\x01\x01", new Uint8Array(100)]), "a.pdf", "unsupported"],
    ["a Windows program", concat(["MZ\x90\0", new Uint8Array(100)]), "a.docx", "unsupported"],
    ["a gzip", Uint8Array.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), "a.txt", "unsupported"],
    ["a binary workbook", zipSync({ "xl/workbook.bin": strToU8("x") }), "a.xlsx", "unsupported"],
    ["a workbook without a sheet", zipSync({ "xl/workbook.xml": strToU8("<x/>") }), "a.docx", "no_text"],
    ["a zip", zipSync({ "a.txt": strToU8("x") }), "a.docx", "unsupported"],
    ["an old Word file", compound("WordDocument"), "a.doc", "unsupported"],
    [
      "an OpenDocument drawing",
      makeOdf("odt", "", "", { mimetype: "application/vnd.oasis.opendocument.graphics" }),
      "a.odg",
      "unsupported",
    ],
    ["an ODT that is cut off", SAMPLES["a.odt"]?.().subarray(0, 700) ?? "", "a.odt", "damaged"],
    ["junk named .epub", Uint8Array.from({ length: 4096 }, (_byte, index) => (index * 167 + (index >> 3) * 59) % 256), "a.epub", "damaged"],
    ["RTF that is cut off", SAMPLES["a.rtf"]?.().subarray(0, 150) ?? "", "a.rtf", "damaged"],
    ["a DOCX with a password", compound("EncryptedPackage"), "a.docx", "encrypted"],
    ["a PDF with a password", makePdf({ pages: [["x"]], trailer: ENCRYPT }), "a.pdf", "encrypted"],
    ["junk named .pdf", Uint8Array.from({ length: 4096 }, (_byte, index) => (index * 167 + (index >> 3) * 59) % 256), "a.pdf", "damaged"],
    ["a PDF that is cut off", SAMPLES["a.pdf"]?.().subarray(0, 150) ?? "", "a.pdf", "damaged"],
    ["a PDF without text", makePdf({ pages: [[]] }), "a.pdf", "no_text"],
    [
      "a PDF whose pages are inside themselves",
      replaced(makePdf({ pages: [["x"]] }), "/Kids [5 0 R]", "/Kids [2 0 R]"),
      "a.pdf",
      "damaged",
    ],
    ["a DOCX that is cut off", SAMPLES["a.docx"]?.().subarray(0, 900) ?? "", "a.docx", "damaged"],
    ["a DOCX whose text is cut off", makeDocx("", { "word/document.xml": "<w:document><w:body><w:p><w:r><w:t>x" }), "a.docx", "damaged"],
    ["JSON that is cut off", '{"a": [1, 2', "a.json", "damaged"],
    ["JSON with something behind a comma", '{"a": 1,}', "a.json", "damaged"],
    ["a picture that ends at once", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]), "a.jpg", "damaged"],
    ["JSON in JSON", "[".repeat(100_000), "a.json", "too_deep"],
    ["elements in elements", `<html>${"<div>".repeat(100_000)}`, "a.html", "too_deep"],
    ["XML in XML", makeDocx("<w:p>".repeat(10_000)), "a.docx", "too_deep"],
    [
      "parts in parts",
      `From: a@b.c\nMIME-Version: 1.0\n${Array.from({ length: 200 }, (_part, index) => `Content-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\n`).join("")}`,
      "a.eml",
      "too_deep",
    ],
    ["more columns than a table has", `${"a,".repeat(100_000)}\n`, "a.csv", "unsupported"],
  ])("%s", async (_what, content, name, code) => {
    expect(await refusal(content, name)).toMatchObject({ name: code.startsWith("read") ? undefined : "DocumentError", code });
  });

  test.each([
    ["WordDocument", "DOCX"],
    ["Workbook", "XLSX"],
    ["PowerPoint Document", "PPTX"],
    ["__properties_version1.0", "EML"],
    ["Something", "DOCX, XLSX, PPTX or PDF"],
  ])("a file of an old Office version that has %s, with what to save it as", async (name, as) => {
    expect(await refusal(compound(name), "a")).toMatchObject({ code: "unsupported", message: expect.stringContaining(`save it as ${as}`) });
  });

  test("entities that a DOCX declares for itself are not unfolded", async () => {
    const xml =
      '<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]><w:document><w:body><w:p><w:r><w:t>x &b;</w:t></w:r></w:p></w:body></w:document>';
    const { blocks } = await parseDocument(makeDocx("", { "word/document.xml": xml }), { name: "a.docx", mime: "" });
    expect(blocks.map(({ text }) => text)).toEqual(["x &b;"]);
  });
});

describe("parseDocument() keeps its limits", () => {
  test.each([
    ["bytes", "x".repeat(101), "a.txt", { bytes: 100 }, "too_large"],
    ["characters of a text", "x ".repeat(100), "a.txt", { chars: 100 }, "too_long"],
    ["characters of a table", "a,b\n1,2\n3,4\n", "a.csv", { chars: 20 }, "too_long"],
    ["characters of a PDF", makePdf({ pages: [["x".repeat(80), "y".repeat(80)]] }), "a.pdf", { chars: 100 }, "too_long"],
    ["pages of a PDF", makePdf({ pages: [["a"], ["b"], ["c"]] }), "a.pdf", { pages: 2 }, "too_many_pages"],
    ["pages of a text", "a\f".repeat(100), "a.txt", { pages: 50 }, "too_many_pages"],
    ["what is in a DOCX", makeDocx(paragraph("x".repeat(5_000))), "a.docx", { unpackedBytes: 4_000 }, "too_large"],
    ["line ends of a DOCX", makeDocx(`<w:p><w:r>${"<w:br/>".repeat(101)}</w:r></w:p>`), "a.docx", { chars: 100 }, "too_long"],
    [
      "cells of a DOCX",
      makeDocx(`<w:tbl><w:tr>${'<w:tc><w:gridSpan w:val="50"/></w:tc>'.repeat(3)}</w:tr></w:tbl>`),
      "a.docx",
      { chars: 100 },
      "too_long",
    ],
    ["one piece of XML without an end", makeDocx(`<w:p w:a="${"x".repeat(5_000_000)}"/>`), "a.docx", {}, "too_long"],
    [
      "texts of one row that stand at one place",
      makeXlsx([{ name: "a", data: `<row>${'<c r="A1" t="s"><v>0</v></c>'.repeat(101)}</row>` }], `<si><t>${"x".repeat(30_000)}</t></si>`),
      "a.xlsx",
      {},
      "too_long",
    ],
    ["a bomb in a DOCX", makeDocx("", { "word/document.xml": " ".repeat(18_000_000) }), "a.docx", {}, "too_large"],
    ["a bomb in a PDF", withContent(stream(ZEROS, "/Filter /FlateDecode")), "a.pdf", {}, "too_large"],
    [
      "a bomb in a PDF whose filter stands elsewhere",
      withContent(stream(ZEROS, "/Filter 8 0 R"), ["/FlateDecode"]),
      "a.pdf",
      {},
      "too_large",
    ],
    ["a bomb in a bomb", withContent(stream(zlibSync(ZEROS), "/Filter [/FlateDecode /FlateDecode]")), "a.pdf", {}, "too_large"],
    ["a bomb that says it is a picture", withContent(stream(ZEROS, "/Subtype /Image /Filter /FlateDecode")), "a.pdf", {}, "no_text"],
    ["streams without an end", `%PDF-1.4\n${"1 0 obj stream\n".repeat(20_000)}`, "a.pdf", {}, "damaged"],
    ["objects without an end", `%PDF-1.4\n${"1 0 obj <<\n".repeat(20_000)}`, "a.pdf", {}, "damaged"],
  ])(
    "%s",
    async (_what, content, name, limits, code) => {
      expect(await refusal(content, name, limits)).toMatchObject({ code });
    },
    60_000,
  );

  test.each(["a.md", "a.json", "a.csv", "a.txt", "a.docx", "a.xlsx", "a.odt", "a.rtf", "a.pdf"])(
    "time, of %s",
    async (name) => {
      let now = 0;
      const long: Record<string, () => Uint8Array> = {
        "a.docx": () => makeDocx(paragraph("x").repeat(10_000)),
        "a.xlsx": () => makeXlsx([{ name: "a", data: texts(1, "x", "y").repeat(10_000) }]),
        "a.odt": () => makeOdf("odt", p("x").repeat(20_000)),
        "a.rtf": () => strToU8(`{\\rtf1 ${String.raw`{\b x}\par `.repeat(90_000)}}`),
        "a.pdf": () => makePdf({ pages: Array.from({ length: 60 }, () => ["x"]) }),
      };
      const content =
        name === "a.json" ? `[${"1,".repeat(300_000)}1]` : Object.hasOwn(long, name) ? (long[name]?.() ?? "") : "a,b\n".repeat(300_000);
      expect(await refusal(content, name, {}, { now: () => (now += 25_000) })).toMatchObject({ code: "timed_out" });
    },
    60_000,
  );

  test("a signal ends it with its reason", async () => {
    const control = new AbortController();
    const reason = new Error("enough");
    const reading = refusal("a,b\n".repeat(300_000), "a.csv", {}, { signal: control.signal });
    control.abort(reason);
    expect(await reading).toBe(reason);
    expect(await refusal("x", "a.txt", {}, { signal: control.signal })).toBe(reason);
  });

  test.each([
    ["quotations in quotations", ">".repeat(2_000_000)],
    ["dashes", `${"- ".repeat(1_000_000)}x`],
    ["marks of a heading", `# ${"#".repeat(2_000_000)}x`],
    ["bars", `${"|".repeat(500_000)}\n${"|-".repeat(500_000)}`],
    ["spaces", `a${" ".repeat(2_000_000)}b`],
    ["open brackets", "[".repeat(2_000_000)],
    ["marks of emphasis", "*a **b".repeat(300_000)],
    ["deeper and deeper items", Array.from({ length: 2_000 }, (_line, index) => `${" ".repeat(index)}- a\n`).join("")],
  ])(
    "Markdown of %s is read in one go",
    async (_what, text) => {
      expect(await refusal(text, "a.md", { ms: 3_600_000 })).toMatchObject({
        code: expect.stringMatching(/^(?:read as markdown|no_text)$/),
      });
    },
    60_000,
  );
});

describe("what the guard of PDF knows", () => {
  test("inflatedSize() stops where the stream ends, whatever follows", () => {
    const packed = zlibSync(new Uint8Array(1000), { level: 9 });
    const bytes = concat([packed, Uint8Array.from({ length: 200_000 }, (_byte, index) => index % 251)]);
    expect(inflatedSize(bytes, 2, 1e6)).toBe(1000);
    expect(inflatedSize(ZEROS, 2, 1e6)).toBeGreaterThan(1e6);
  });

  test("decodeAscii() reads both kinds", () => {
    expect(decodeAscii(strToU8("48 65 6C6c 6F>"), "ASCIIHexDecode")).toEqual(strToU8("Hello"));
    expect(decodeAscii(strToU8('87cURD]i,"Ebo80~>'), "A85")).toEqual(strToU8("Hello World!"));
    expect(decodeAscii(strToU8("z~>"), "A85")).toEqual(new Uint8Array(4));
  });

  test("runLengthSize() and lzwSize() count what comes out", () => {
    expect(runLengthSize(Uint8Array.from([2, 1, 2, 3, 255, 7, 128, 9]), 100)).toBe(5);
    // The example of the PDF reference: 45 45 45 45 45 65 45 45 45 66.
    expect(lzwSize(Uint8Array.from([0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01]), 100)).toBe(10);
  });

  test("unclosedObjects() counts only those that stand there again", () => {
    const count = (text: string): number => unclosedObjects(strToU8(text));
    expect(count("1 0 obj << endobj 2 0 obj << endobj")).toBe(0);
    expect(count("1 0 obj <<>> endobj 1 0 obj << /A (>>) /B [<00>] >> endobj 1 0 obj 5 endobj")).toBe(0);
    expect(count("1 0 obj <<>> endobj 1 0 obj << /A (>>) endobj 1 0 obj [ << ] >> endobj 1 0 obj <0 endobj")).toBe(3);
  });
});
