import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { citedSources } from "../../src/channels/cited-sources.ts";
import { markdownToRuns } from "../../src/channels/telegram/markdown.ts";

const parsed = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
const sources = (text: string): Record<string, string> => Object.fromEntries(citedSources(parsed(text)));
const A = "https://a.example/one";
const B = "https://b.example/two";

test.each([
  ["lines of one paragraph", `It is so [1][2].\n\n[1] One, ${A}\n[2] [Two](${B})`],
  ["a list with dashes", `So [1].\n\n**Sources**\n- [1] ${A}\n- [2]: Two **${B}**`],
  ["a numbered list", `So [1].\n\nSources:\n\n1. One: ${A}\n2. [Two](${B}), and ${A}`],
  [
    "what a task brought, quoted",
    `Task 1 is done. Its result:\n[content result from task 1]\n> So [1].\n>\n> [1] One ${A}\n> [2] Two ${B}`,
  ],
])("citedSources() reads %s", (_what, text) => {
  expect(sources(text)).toEqual({ 1: A, 2: B });
});

test.each([
  ["nothing of code", `\`[1] ${A}\`\n\n\`\`\`\n[1] ${A}\n\`\`\``],
  ["no address but of the web", `[1] [One](javascript:alert(1))\n[2] [Two](/files?file=/a.md)\n[3] mailto:a@b.example`],
  ["nothing of a number with two addresses", `[1] ${A}\n[1] ${B}`],
  ["no statement, though it has a link", `As [1] says, see ${A}`],
])("citedSources() takes %s", (_what, text) => {
  expect(sources(text)).toEqual({});
});

test("citedSources() takes a list with brackets for the sources, and not another one that is numbered", () => {
  expect(sources(`1. [Buy this](${B}) [1]\n2. Or that\n\n[1] Test of both: ${A}`)).toEqual({ 1: A });
});

test("markdownToRuns() leads from a number to its source, not in code and not where there is none", () => {
  const runs = markdownToRuns(`So [1], not [7], \`[1]\`.\n\n[1] One ${A}`);
  const linked = runs.flatMap(({ text, style }) => (style.link ? [[text, style.link.url]] : []));
  expect(linked).toEqual([
    ["[1]", A],
    ["[1]", A],
  ]);
  expect(runs.map(({ text }) => text).join("")).toBe(`So [1], not [7], [1].\n\n[1] One ${A}`);
});
