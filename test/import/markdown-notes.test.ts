import { expect, test } from "vitest";
import { cut, notesIn, piecesOf } from "../../src/import/markdown-notes.ts";

const notes = (markdown: string) => [...notesIn(markdown)].map(({ heading, text }) => [heading, text]);

test("notesIn() gives items with what stands below them, and paragraphs, under their headings", () => {
  expect(
    notes("# Title\n\nIntro here.\nSecond line.\n\n## Work\n- one\n  - part\n- two\n\n### Deep\n1. three\n\n**Label:**\n\nA paragraph.\n"),
  ).toEqual([
    ["", "Intro here.\nSecond line."],
    ["Work", "one\n- part"],
    ["Work", "two"],
    ["Work › Deep", "three"],
    ["Work › Deep › Label", "A paragraph."],
  ]);
});

test("notesIn() leaves out properties, comments, hints of templates, and names without a value", () => {
  expect(notes("---\ntags: [a]\n---\n<!-- secret -->\n_Fill this in_\n\n- **Name:**\n- **City:** Oslo\n\n---\n\n- x\n")).toEqual([
    ["", "City: Oslo"],
  ]);
});

test("notesIn() keeps code with what it belongs to, and does not read headings in it", () => {
  expect(notes("- run\n  ```\n  # not a heading\n\n  x\n  ```\n")).toEqual([["", "run\n```\n# not a heading\nx\n```"]]);
});

test("cut() cuts at lines and sentences, and loses nothing but spaces", () => {
  const text = "One sentence here. Another one there. And a third of them.";
  const pieces = cut(text, 30);
  expect(pieces.every((piece) => piece.length <= 30)).toBe(true);
  expect(pieces.join(" ")).toBe(text);
  expect(cut("x".repeat(70), 30).map((piece) => piece.length)).toEqual([30, 30, 10]);
});

test("piecesOf() puts the heading before each piece, within the length", () => {
  const pieces = piecesOf({ heading: "Work", text: "word ".repeat(100) }, 120);
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) {
    expect(piece.startsWith("Work: ")).toBe(true);
    expect(piece.length).toBeLessThanOrEqual(120);
  }
});
