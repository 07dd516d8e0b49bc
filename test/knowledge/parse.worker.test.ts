import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { pdfDriver } from "../../durable-objects/pdf-driver.ts";
import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { parseDocument, type ParseOptions } from "../../src/knowledge/parse/parse-document.ts";
import { PARSE_LIMITS, type ParsedDocument } from "../../src/knowledge/parsed.ts";
import { encodeLegacy } from "../support/encode-legacy.ts";
import { makePdf } from "./make-pdf.ts";
import { SAMPLES } from "./samples.ts";

const pdf = pdfDriver({ env, userId: "parse-test" }, null);
const parse = (bytes: Uint8Array, name: string, options: ParseOptions = {}, limits = PARSE_LIMITS): Promise<ParsedDocument> =>
  parseDocument(bytes, { name, mime: "" }, limits, { pdf, ...options });
const sample = (name: string): Uint8Array => SAMPLES[name]?.() ?? new Uint8Array();

describe("parseDocument() in workerd", () => {
  test.each([
    ["a.pdf", "pdf", 2, "First line of a paragraph that goes on here."],
    ["a.docx", "docx", 1, "| A | B |"],
    ["a.xlsx", "xlsx", 1, "| 2025-12-01 | 12.5 € |"],
    ["a.pptx", "pptx", 2, "| A | B |"],
    ["a.odt", "odt", 1, "| A | B |"],
    ["a.ods", "ods", 1, "| 2025-12-01 | 3 |"],
    ["a.odp", "odp", 1, "A plan"],
    ["a.epub", "epub", 1, "# A plan"],
    ["a.rtf", "rtf", 1, "Café €"],
    ["a.eml", "eml", 1, "We meet at the café **tomorrow**."],
  ])(
    "reads %s",
    async (name, type, pages, text) => {
      const parsed = await parse(sample(name), name);
      expect([parsed.type, parsed.pages]).toEqual([type, pages]);
      expect(
        chunkDocument(parsed)
          .map((chunk) => chunk.text)
          .join("\n"),
      ).toContain(text);
    },
    120_000,
  );

  test("reads a table in an encoding that nobody named", async () => {
    const table = "日付,店名\n2026-11-01,東京駅弁屋\n2026-11-02,ホテル日航\n";
    const parsed = await parse(encodeLegacy(table, "shift_jis"), "a.csv");
    expect(parsed.blocks[0]?.text).toContain("| 2026-11-01 | 東京駅弁屋 |");
  });

  test("refuses a broken PDF with a sentence", async () => {
    await expect(parse(sample("a.pdf").subarray(0, 200), "a.pdf")).rejects.toMatchObject({ name: "DocumentError", code: "damaged" });
  });
});

describe("pdfDriver()", () => {
  const word = (number: number): string => Array.from(`${number}`, (digit) => "abcdefghij"[Number(digit)]).join("");
  const long = (): Uint8Array =>
    makePdf({ pages: Array.from({ length: 300 }, (_page, number) => [`The page ${word(number)} says a little.`]) });

  test("reads a PDF in a Worker of its own, with its title, and says how far it is", async () => {
    const progress: [number, number][] = [];
    const parsed = await parse(long(), "a.pdf", { onProgress: (done, total) => void progress.push([done, total]) });
    expect([parsed.pages, parsed.blocks.length, parsed.blocks[299]]).toEqual([
      300,
      300,
      { kind: "paragraph", text: "The page cjj says a little.", page: 300 },
    ]);
    expect(progress.at(-1)).toEqual([300, 300]);
    expect((await parse(sample("a.pdf"), "a.pdf")).title).toBe("A plan");
  });

  test("tells of each load, and says why where one may not be", async () => {
    let loads = 0;
    let refused: string | null = "Your cap is reached.";
    const meter = { refusal: () => refused, loaded: () => void loads++ };
    const reads = () => parse(sample("a.pdf"), "a.pdf", { pdf: pdfDriver({ env, userId: "parse-metered" }, meter) });
    await expect(reads()).rejects.toMatchObject({ name: "ReaderAway", message: "Your cap is reached." });
    refused = null;
    await reads();
    expect((await reads()).pages).toBe(2);
    expect(loads).toBe(1);
  });

  test("keeps the limits of pages, text and time", async () => {
    await expect(parse(long(), "a.pdf", {}, { ...PARSE_LIMITS, pages: 10 })).rejects.toMatchObject({ code: "too_many_pages" });
    await expect(parse(long(), "a.pdf", {}, { ...PARSE_LIMITS, chars: 100 })).rejects.toMatchObject({ code: "too_long" });
    await expect(parse(long(), "a.pdf", {}, { ...PARSE_LIMITS, ms: 1 })).rejects.toMatchObject({ code: "timed_out" });
  });

  test("stops when it is called off", async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("called off"));
    await expect(parse(long(), "a.pdf", { signal: stop.signal, onProgress })).rejects.toThrow("called off");
  });

  test("says that PDFs cannot be read where there is no loader, or where the reader was not built", async () => {
    const without = (own: object): Promise<ParsedDocument> =>
      parse(sample("a.pdf"), "a.pdf", { pdf: pdfDriver({ env: { ...env, ...own }, userId: "parse-test" }, null) });
    for (const own of [{ LOADER: undefined }, { ASSETS: undefined }, { ASSETS: { fetch: async () => new Response("The page.") } }])
      await expect(without(own)).rejects.toMatchObject({ name: "DocumentError", code: "unsupported" });
  });
});
