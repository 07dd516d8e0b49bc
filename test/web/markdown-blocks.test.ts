import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownBlocks } from "../../src/web/chat/markdown-blocks.ts";

describe("markdownBlocks()", () => {
  it("loses nothing, whatever the text", () => {
    const line = fc.constantFrom("", "text", "- item", "  more", "```", "```js", "~~~", "1. one", "# head", "| a | b |");
    fc.assert(fc.property(fc.array(line), (lines) => markdownBlocks(lines.join("\n")).join("") === lines.join("\n")));
    fc.assert(fc.property(fc.string(), (text) => markdownBlocks(text).join("") === text));
  });

  it("cuts between paragraphs", () => {
    expect(markdownBlocks("one\n\ntwo\nstill two\n\n\nthree")).toEqual(["one\n\n", "two\nstill two\n\n\n", "three"]);
  });

  it("keeps fenced code whole, also while it is open", () => {
    expect(markdownBlocks("```\na\n\nb\n```\n\nc")).toEqual(["```\na\n\nb\n```\n\n", "c"]);
    expect(markdownBlocks("````\n```\n\nx\n")).toEqual(["````\n```\n\nx\n"]);
  });

  it("keeps a list with its further items and paragraphs", () => {
    expect(markdownBlocks("1. a\n\n   more\n\n2. b\n\nend")).toEqual(["1. a\n\n   more\n\n2. b\n\n", "end"]);
  });

  it("does not change finished pieces when text is added", () => {
    const before = markdownBlocks("one\n\ntwo\n\nthr");
    const after = markdownBlocks("one\n\ntwo\n\nthree\n\nfour");
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  });
});
