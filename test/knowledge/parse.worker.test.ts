import { describe, expect, test } from "vitest";
import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { SAMPLES } from "./samples.ts";

describe("parseDocument() in workerd", () => {
  test.each([
    ["a.pdf", "pdf", 2, "First line of a paragraph that goes on here."],
    ["a.docx", "docx", 1, "| A | B |"],
    ["a.eml", "eml", 1, "We meet at the café **tomorrow**."],
  ])(
    "reads %s",
    async (name, type, pages, text) => {
      const parsed = await parseDocument(SAMPLES[name]?.() ?? new Uint8Array(), { name, mime: "" });
      expect([parsed.type, parsed.pages]).toEqual([type, pages]);
      expect(
        chunkDocument(parsed)
          .map((chunk) => chunk.text)
          .join("\n"),
      ).toContain(text);
    },
    120_000,
  );

  test("refuses a broken PDF with a sentence", async () => {
    const bytes = SAMPLES["a.pdf"]?.().subarray(0, 200) ?? new Uint8Array();
    await expect(parseDocument(bytes, { name: "a.pdf", mime: "" })).rejects.toMatchObject({ name: "DocumentError", code: "damaged" });
  });
});
