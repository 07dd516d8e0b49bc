import { expect, it } from "vitest";
import { isTangled } from "../../src/channels/is-tangled.ts";

it.each([
  ["one paragraph of open marks", "*a_ ".repeat(10_000), true],
  ["one of many lines", "*a_\n".repeat(10_000), true],
  ["one in a quote", "> *a_\n".repeat(10_000), true],
  ["one of brackets that nothing opened", "]".repeat(10_000), true],
  ["quotes in each other", `${">".repeat(30)} a`, true],
  ["lists in each other on one line", `${"1. - ".repeat(12)}a`, true],
  ["as many within a text", `a\n\n${"* ".repeat(24)}a\n\nb`, true],
  ["headings by the line below them", "a\n=\n".repeat(2_000), true],
  ["a line across", `a\n\n${"- ".repeat(40)}\n${"* * ".repeat(20)}*\n\nb`, false],
  ["lists in each other by their place", Array.from({ length: 30 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n"), false],
  ["parts with a line between", "a\n\n---\n\n".repeat(2_000), false],
  ["paragraphs with some marks each", "**a** and _b_\n\n".repeat(10_000), false],
  ["a list of links", "[a](https://example.com/)\n\n".repeat(10_000), false],
  ["a long list", "- **a**\n".repeat(10_000), false],
  ["a long table", "| **a** | _b_ |\n".repeat(10_000), false],
  ["a long text without", "word ".repeat(100_000), false],
] as const)("isTangled() of %s", (_what, text, expected) => {
  expect(isTangled(text)).toBe(expected);
});
