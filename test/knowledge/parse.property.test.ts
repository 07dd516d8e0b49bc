import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { FORMATS } from "../../src/knowledge/formats.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { DocumentError, PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import { unzip } from "../../src/knowledge/unzip.ts";
import { makeOdf } from "./make-odf.ts";
import { SAMPLES } from "./samples.ts";

const ENDINGS = [...FORMATS.flatMap(({ endings }) => endings), "png", "zip", ""];

/** Whether it was read or refused as it should be. What else is thrown fails the test. */
async function readOrRefused(bytes: Uint8Array, name: string): Promise<boolean> {
  try {
    const parsed = await parseDocument(bytes, { name, mime: "" }, PARSE_LIMITS, { pdf: parsePdf });
    const chunks = chunkDocument(parsed);
    expect(parsed.blocks.every(({ text, page }) => text.trim() !== "" && text.isWellFormed() && page >= 1 && page <= parsed.pages)).toBe(
      true,
    );
    expect(chunks.map(({ position }) => position)).toEqual(chunks.map((_chunk, index) => index));
    return true;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
    return false;
  }
}

describe("parseDocument() throws nothing but DocumentError", () => {
  test("for random bytes under any name", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), fc.constantFrom(...ENDINGS), async (bytes, ending) => {
        await readOrRefused(bytes, `file.${ending}`);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("for random text under any name", async () => {
    const marks = Array.from("#>-*|`~[]{}()<>/\\\"',;:=!& \t\n\r\f01ab\u00e9\u{1f600}");
    const text = fc.string({ unit: fc.constantFrom(...marks), maxLength: 2_000 });
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...ENDINGS), async (content, ending) => {
        await readOrRefused(new TextEncoder().encode(content), `file.${ending}`);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  test.each(["odt", "ods", "odp"] as const)(
    "for elements of OpenDocument in any order, in %s",
    async (kind) => {
      const names =
        "text:p text:h text:list text:list-item text:span text:a text:note text:note-citation text:note-body table:table table:table-row table:table-cell table:covered-table-cell table:table-column draw:page draw:frame presentation:notes office:annotation".split(
          " ",
        );
      const attributes = [
        "",
        ' table:number-columns-repeated="3"',
        ' table:number-rows-repeated="2" text:outline-level="2"',
        ' xlink:href="https://a.b" office:value-type="date"',
        ' table:visibility="collapse" presentation:class="title"',
      ];
      const name = fc.constantFrom(...names);
      const part = fc.oneof(
        fc.tuple(name, fc.constantFrom(...attributes)).map(([one, more]) => `<${one}${more}>`),
        name.map((one) => `</${one}>`),
        fc.constantFrom("a", " ", "<text:s/>", "<text:line-break/>", "<table:table-cell/>"),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
          await readOrRefused(makeOdf(kind, parts.join("")), `a.${kind}`);
        }),
        { numRuns: 60 },
      );
    },
    60_000,
  );

  test("for words of RTF in any order", async () => {
    const words =
      String.raw`{ } {\*\x \par \pard \cell \row \intbl {\field {\*\fldinst {\fldrslt HYPERLINK"https://a.b" {\footnote {\shptxt {\listtext {\stylesheet {\fonttbl {\info {\title \s1 heading\ 1; \outlinelevel0 \f1 \fcharset128 \'83 \u-5? \uc0 \bin2 \v \v0 \page \line a`.split(
        " ",
      );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 60 }), async (parts) => {
        await readOrRefused(new TextEncoder().encode(`{\\rtf1 ${parts.join(" ")}${"}".repeat(30)}`), "a.rtf");
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test.each(Object.keys(SAMPLES))(
    "for %s with bytes changed, taken out, doubled or cut off",
    async (name) => {
      const whole = SAMPLES[name]?.() ?? new Uint8Array();
      const at = fc.integer({ min: 0, max: whole.length - 1 });
      const change = fc.oneof(
        fc.record({ kind: fc.constant("set" as const), at, byte: fc.integer({ min: 0, max: 255 }) }),
        fc.record({ kind: fc.constant("cut" as const), at, length: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ kind: fc.constant("double" as const), at, length: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ kind: fc.constant("end" as const), at }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          let bytes = [...whole];
          for (const one of changes) {
            if (one.kind === "set") bytes[one.at] = one.byte;
            else if (one.kind === "cut") bytes.splice(one.at, one.length);
            else if (one.kind === "double") bytes.splice(one.at, 0, ...bytes.slice(one.at, one.at + one.length));
            else bytes = bytes.slice(0, one.at);
          }
          await readOrRefused(
            Uint8Array.from(bytes, (byte) => byte ?? 0),
            name,
          );
        }),
        { numRuns: name === "a.pdf" ? 100 : 150 },
      );
    },
    120_000,
  );
});

describe("unzip() throws nothing but DocumentError", () => {
  test("for a zip with bytes changed", async () => {
    const whole = SAMPLES["a.zip"]?.() ?? new Uint8Array();
    const place = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = whole.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          for await (const one of unzip(bytes)) expect("bytes" in one || one.message !== "").toBe(true);
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
