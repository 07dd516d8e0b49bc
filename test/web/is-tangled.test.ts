import { expect, it } from "vitest";
import { isTangled } from "../../src/web/chat/is-tangled.ts";

it.each([
  ["one paragraph of open marks", "*a_ ".repeat(10_000), true],
  ["one of many lines", "*a_\n".repeat(10_000), true],
  ["one in a quote", "> *a_\n".repeat(10_000), true],
  ["paragraphs with some marks each", "**a** and _b_\n\n".repeat(10_000), false],
  ["a long list", "- **a**\n".repeat(10_000), false],
  ["a long table", "| **a** | _b_ |\n".repeat(10_000), false],
  ["a long text without", "word ".repeat(100_000), false],
] as const)("isTangled() of %s", (_what, text, expected) => {
  expect(isTangled(text)).toBe(expected);
});
