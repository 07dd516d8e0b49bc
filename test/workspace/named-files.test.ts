import { expect, test } from "vitest";
import { namedFiles } from "../../src/workspace/named-files.ts";

const named = (markdown: string): string[] => namedFiles(markdown).map(({ path, shown }) => `${shown ? "!" : ""}${path}`);

test("namedFiles() tells what is shown from what is only named, each once and in its order", () => {
  expect(
    named(
      "See `/outputs/my data.csv`, /uploads/a.pdf.\n\n![Chart](/outputs/chart.png) [it](</outputs/a b (2).md> 't') [u](/uploads/c%20d.csv)\n\nAgain /outputs/chart.png and /uploads/a.pdf",
    ),
  ).toEqual(["/outputs/my data.csv", "/uploads/a.pdf", "!/outputs/chart.png", "!/outputs/a b (2).md", "!/uploads/c d.csv"]);
});

test.each([
  ["a program", "```js\nread('/outputs/a.csv')\n```"],
  ["a fence without an end", "~~~\n/outputs/a.csv"],
  ["another site", "https://example.com/outputs/a.csv [x](https://example.com/outputs/a.csv)"],
  ["a way out", "[x](/outputs/../etc/passwd.txt) /outputs/./a.txt"],
  ["a folder", "/outputs/trips and /outputs/trips/"],
  ["elsewhere", "/notes/a.md"],
])("namedFiles() finds none in %s", (_what, markdown) => {
  expect(named(markdown)).toEqual([]);
});

test("namedFiles() is quick with texts made to be slow", () => {
  for (const text of ["](", "](<", "`", "/outputs/a.", "](/outputs/a(", "```\n"]) expect(named(text.repeat(20_000))).toEqual([]);
});
