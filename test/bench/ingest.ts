import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { parseDocument } from "../../src/knowledge/parse/parse-document.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { PARSE_LIMITS } from "../../src/knowledge/parsed.ts";
import { makePdf } from "../knowledge/make-pdf.ts";
import type { Row } from "./table.ts";

const PAGES = 200;
/** Lines of a full page of text. */
const LINES = 50;
const LINE = "The quick brown fox jumps over the lazy dog near the river bank while it rains";
/** Characters of what is called a page where a format has none. */
const PAGE = 3_000;

/** How fast documents are parsed and cut into chunks, in plain Node, one after the other. */
export async function benchIngest(): Promise<Row[]> {
  const pdf = makePdf({
    packed: true,
    pages: Array.from({ length: PAGES }, (_page, number) => [
      { text: `Chapter ${number + 1}`, size: 18 },
      ...Array.from({ length: LINES }, (_line, line) => ({ text: `${LINE}${line % 5 === 4 ? "." : ""}`, size: 10 })),
    ]),
  });
  const section = (number: number): string =>
    `## Chapter ${number}\n\n${`${LINE}. `.repeat(30)}\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n`;
  const markdown = new TextEncoder().encode(Array.from({ length: PAGES * 5 }, (_section, number) => section(number)).join(""));
  return [
    await measured("PDF", "a.pdf", () => pdf.slice(), PAGES),
    await measured(`Markdown (${PAGE.toLocaleString("en")} characters a page)`, "a.md", () => markdown, markdown.length / PAGE),
  ];
}

async function measured(what: string, name: string, bytes: () => Uint8Array, pages: number): Promise<Row> {
  const once = async (): Promise<number> => {
    const started = performance.now();
    chunkDocument(await parseDocument(bytes(), { name, mime: "" }, PARSE_LIMITS, { pdf: parsePdf }));
    return performance.now() - started;
  };
  // The first loads the driver, and warms it.
  await once();
  const times = [await once(), await once(), await once()].sort((a, b) => a - b);
  return { name: `ingest: ${what}`, value: `${Math.round((1000 * pages) / (times[1] ?? 1)).toLocaleString("en")} pages/s` };
}
