import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_DEFAULTS, chunkDocument, type ChunkOptions } from "../../src/knowledge/chunk.ts";
import type { Block, Chunk } from "../../src/knowledge/parsed.ts";

const heading = (level: number, text: string, page = 1): Block => ({ kind: "heading", level, text, page });
const block = (kind: Exclude<Block["kind"], "heading">, text: string, page = 1): Block => ({ kind, text, page });
const chunks = (blocks: Block[], options?: ChunkOptions): Chunk[] => chunkDocument({ blocks }, options);
const texts = (blocks: Block[], options?: ChunkOptions): string[] => chunks(blocks, options).map(({ text }) => text);
const sentences = (count: number, from = 0): string =>
  Array.from({ length: count }, (_sentence, index) => `This is sentence number ${from + index} of it.`).join(" ");

describe("chunkDocument()", () => {
  test("headings begin a chunk, stand in its text and in its path", () => {
    const found = chunks([
      heading(1, "A"),
      block("paragraph", "a"),
      heading(2, "B", 2),
      block("paragraph", "b", 2),
      heading(3, "C", 3),
      block("paragraph", "c", 3),
      heading(2, "D", 4),
      block("paragraph", "d", 4),
    ]);
    expect(found).toEqual([
      { position: 0, headingPath: ["A"], page: 1, text: "# A\n\na" },
      { position: 1, headingPath: ["A", "B"], page: 2, text: "## B\n\nb" },
      { position: 2, headingPath: ["A", "B", "C"], page: 3, text: "### C\n\nc" },
      { position: 3, headingPath: ["A", "D"], page: 4, text: "## D\n\nd" },
    ]);
  });

  test("headings without text below them go with the next", () => {
    expect(texts([heading(1, "A"), heading(2, "B"), block("paragraph", "b"), heading(1, "C"), heading(1, "D")])).toEqual([
      "# A\n\n## B\n\nb",
      "# C\n\n# D",
    ]);
  });

  test("paragraphs share a chunk up to the target, items stand below each other", () => {
    const long = "x".repeat(500);
    expect(texts([block("paragraph", long), block("paragraph", long), block("paragraph", long)])).toEqual([`${long}\n\n${long}`, long]);
    expect(texts([block("list-item", "- a"), block("list-item", "- b"), block("paragraph", "c")])).toEqual(["- a\n- b\n\nc"]);
  });

  test("a long paragraph is cut between sentences, the pieces overlap by whole ones", () => {
    const found = texts([block("paragraph", sentences(100))]);
    expect(found.length).toBeGreaterThan(2);
    for (const [index, text] of found.entries()) {
      expect(text).toMatch(/^This is .* of it\.$/);
      const first = /number (\d+)/.exec(text)?.[1];
      if (index > 0) expect(found[index - 1]).toContain(`number ${first} of it.`);
    }
  });

  test.each([
    ["code", `\`\`\`ts\n${"const x = 1;\n".repeat(110)}\`\`\``],
    ["table", `| a | b |\n| - | - |\n${"| 1 | 2 |\n".repeat(150)}`.trim()],
    ["list-item", `- ${sentences(45)}`],
  ] as const)("%s that fits is not cut", (kind, text) => {
    expect(text.length).toBeGreaterThan(CHUNK_DEFAULTS.target);
    expect(texts([block("paragraph", sentences(20)), block(kind, text), block("paragraph", "end")])).toContain(text);
  });

  test("a large table is cut between rows under the same header, large code in the same fence", () => {
    const rows = Array.from({ length: 300 }, (_row, index) => `| ${index} | value |`);
    const tables = texts([block("table", ["| a | b |", "| - | - |", ...rows].join("\n"))]);
    expect(tables.flatMap((text) => text.split("\n").slice(2))).toEqual(rows);
    expect(tables.every((text) => text.startsWith("| a | b |\n| - | - |\n"))).toBe(true);
    const lines = Array.from({ length: 300 }, (_line, index) => `  line(${index});`);
    const codes = texts([block("code", ["````js", ...lines, "````"].join("\n"))]);
    expect(codes.flatMap((text) => text.split("\n").slice(1, -1))).toEqual(lines);
    expect(codes.every((text) => text.startsWith("````js\n") && text.endsWith("\n````"))).toBe(true);
  });

  test("a short paragraph stays with the large table below it", () => {
    const table = `| a | b |\n| - | - |\n${"| 1 | 2 |\n".repeat(170)}`.trim();
    expect(texts([heading(1, "A"), block("paragraph", "See:"), block("table", table)])).toEqual([`# A\n\nSee:\n\n${table}`]);
  });

  test("a heading that is a whole paragraph is cut like one, and shortened in the path", () => {
    const found = chunks([heading(2, "long ".repeat(1_000).trim()), block("paragraph", "a")]);
    expect(found.every(({ text, headingPath }) => text.length <= 2_000 && (headingPath[0]?.length ?? 0) <= 200)).toBe(true);
    expect(found.at(-1)?.text).toMatch(/long\n\na$/);
  });
});

const WORDS = fc.array(
  fc.constantFrom("word", "end.", "yes?", "a\nb", "été", "\u{1f600}", "|", "x".repeat(300), "(see", "no!)", "你好。"),
  { minLength: 1, maxLength: 400 },
);
const text = WORDS.map((words) => words.join(" "));
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    kind: fc.constant("heading" as const),
    text: fc.array(fc.constantFrom("Title", "of", "it"), { minLength: 1, maxLength: 100 }).map((words) => words.join(" ")),
    level: fc.integer({ min: 1, max: 6 }),
    page: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constantFrom("paragraph" as const, "list-item" as const), text, page: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    kind: fc.constant("table" as const),
    text: text.map(
      (cells) =>
        `| a | b |\n| - | - |\n${cells
          .split(" ")
          .map((cell) => `| ${cell.replaceAll("\n", " ")} | 2 |`)
          .join("\n")}`,
    ),
    page: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    kind: fc.constant("code" as const),
    text: text.map((code) => `\`\`\`\n${code.replaceAll(" ", "\n")}\n\`\`\``),
    page: fc.integer({ min: 1, max: 9 }),
  }),
);
const letters = (value: string): string => value.replaceAll(/\s/g, "");

/** Whether all of the first stands in the second, in its order, with other things between. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of part) {
    at = whole.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

describe("chunkDocument() of any document", () => {
  const options = fc.constantFrom<ChunkOptions>({}, { target: 300, max: 500, overlap: 50 }, { target: 900, max: 900, overlap: 0 });

  test("loses no text, keeps the order, never passes the maximum, numbers from 0", () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 12 }), options, (blocks, chosen) => {
        const found = chunks(blocks, chosen);
        const max = chosen.max ?? CHUNK_DEFAULTS.max;
        expect(found.map(({ position }) => position)).toEqual(found.map((_chunk, index) => index));
        for (const chunk of found) {
          expect(chunk.text.length).toBeLessThanOrEqual(max);
          expect(chunk.text.trim()).not.toBe("");
          expect(chunk.text.isWellFormed()).toBe(true);
        }
        const whole = letters(found.map((chunk) => chunk.text).join("\n"));
        expect(isWithin(letters(blocks.map((one) => one.text).join("\n")), whole)).toBe(true);
        expect(found.map(({ page }) => page).every((page) => blocks.some((one) => one.page === page))).toBe(true);
        expect(chunks(blocks, chosen)).toEqual(found);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("adds nothing but headings' marks, repeated headers and the overlap", () => {
    fc.assert(
      fc.property(text, (paragraph) => {
        const found = texts([block("paragraph", paragraph)], { target: 300, max: 500, overlap: 0 });
        expect(letters(found.join(""))).toBe(letters(paragraph));
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
