import { describe, expect, test } from "vitest";
import { parseDocument, type ParseOptions } from "../../src/knowledge/parse/parse-document.ts";
import { pdfInWorker, type PdfReader } from "../../src/knowledge/parse/pdf-in-worker.ts";
import reader from "../../src/knowledge/parse/pdf/reader-module.ts";
import { PARSE_LIMITS, type ParsedDocument, type ParseLimits } from "../../src/knowledge/parsed.ts";
import { SAMPLES } from "./samples.ts";

const parse = (answer: PdfReader, options: ParseOptions = {}, limits: Partial<ParseLimits> = {}): Promise<ParsedDocument> =>
  parseDocument(
    SAMPLES["a.pdf"]?.() ?? new Uint8Array(),
    { name: "a.pdf", mime: "" },
    { ...PARSE_LIMITS, ...limits },
    { pdf: pdfInWorker(answer), ...options },
  );
const fails =
  (message: string): PdfReader =>
  async () => ({ fetch: () => Promise.reject(new Error(message)) });
const says = (...lines: unknown[]): PdfReader => {
  const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
  return async () => ({ fetch: async () => new Response(text) });
};
const block = (text: string) => ({ kind: "paragraph", text, page: 1 });

describe("pdfInWorker()", () => {
  test("gives what the reader found, by the product's own module", async () => {
    const asked: string[] = [];
    const module: PdfReader = async () => ({
      async fetch(input, init) {
        asked.push(String(input));
        return reader.fetch(new Request(String(input), { ...(init as RequestInit), duplex: "half" } as RequestInit));
      },
    });
    const parsed = await parse(module);
    expect([parsed.title, parsed.pages, parsed.blocks[1]?.text]).toEqual(["A plan", 2, "First line of a paragraph that goes on here."]);
    expect(new URL(asked[0] ?? "").searchParams.get("pages")).toBe("2000");
  });

  test.each([
    ["Worker exceeded CPU time limit.", "DocumentError", "timed_out"],
    ["Worker exceeded memory limit.", "DocumentError", "too_large"],
    ["internal error", "ReaderAway", undefined],
  ])("tells why the reader was ended: %s", async (message, name, code) => {
    const error: unknown = await parse(fails(message)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name, ...(code === undefined ? {} : { code }) });
    expect(String(error)).not.toContain(message);
  });

  test.each([
    ["ends in the middle", says({ blocks: [block("a")] })],
    ["says what is no line of it", says("<html>")],
    ["says a line of another kind", says({ blocks: [{ kind: "script", text: "x", page: 1 }] }, { title: null, pages: 1 })],
    ["says nothing", async () => ({ fetch: async () => new Response(null) })],
    ["cannot be had", () => Promise.reject(new Error("no assets"))],
  ] as [string, PdfReader][])("takes a reader for away that %s", async (_what, answer) => {
    await expect(parse(answer)).rejects.toMatchObject({ name: "ReaderAway" });
  });

  test("counts what the reader says, and takes away what nobody sees", async () => {
    await expect(
      parse(says({ blocks: [block("a".repeat(2_000))] }, { title: null, pages: 1 }), {}, { chars: 1_000 }),
    ).rejects.toMatchObject({
      code: "too_long",
    });
    const { blocks } = await parse(says({ blocks: [block("a\u200Bb\u0000")] }, { title: null, pages: 1 }));
    expect(blocks[0]?.text).toBe("ab");
  });

  test("waits for a reader that says nothing no longer than there is time, or until it is called off", async () => {
    const silent: PdfReader = async () => ({ fetch: async () => new Response(new ReadableStream()) });
    await expect(parse(silent, {}, { ms: 20 })).rejects.toMatchObject({ name: "DocumentError", code: "timed_out" });
    const stop = new AbortController();
    const parsed = parse(silent, { signal: stop.signal });
    stop.abort(new Error("called off"));
    await expect(parsed).rejects.toThrow("called off");
  });
});
