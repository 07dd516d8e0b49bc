import { expect, test } from "vitest";
import { cleaned, withoutCaptions } from "../../src/extract/clean.ts";
import { extractPage } from "../../src/extract/extract-page.ts";
import { findContent } from "../../src/extract/find-content.ts";
import { markBlocks, measure } from "../../src/extract/measure.ts";
import { withLead } from "../../src/extract/with-lead.ts";
import { withoutSurroundings } from "../../src/extract/without-surroundings.ts";
import { element, type HtmlElement, type HtmlNode } from "../../src/html/html-tree.ts";

const SENTENCE = "The committee met on Monday and agreed on most of what had been proposed.";

/** A tree that counts how often somebody looks into one of its elements. */
function countedTree(children: (count: (name: string, of: HtmlNode[], names?: string) => HtmlElement) => HtmlNode[]) {
  let looks = 0;
  const make = (name: string, of: HtmlNode[], names = ""): HtmlElement => {
    const made = element(name, names === "" ? {} : { class: names }, false);
    Object.defineProperty(made, "children", {
      get() {
        looks++;
        return of;
      },
    });
    return made;
  };
  const tree = make("html", children(make));
  markBlocks(tree);
  return { tree, looks: () => looks };
}

type Make = (name: string, of: HtmlNode[], names?: string) => HtmlElement;
const many = (times: number, one: (index: number) => HtmlNode): HtmlNode[] => Array.from({ length: times }, (_, index) => one(index));
const SHAPES: Record<string, (make: Make, times: number) => HtmlNode[]> = {
  paragraphs: (make, times) => many(times, () => make("p", [SENTENCE])),
  "text between rules": (make, times) => many(2 * times, (index) => (index % 2 === 0 ? "x" : make("hr", []))),
  labels: (make, times) => many(times, () => make("p", ["Related:"])),
  comments: (make, times) => many(times, () => make("div", [make("p", [SENTENCE])], "comment")),
  "lists of links": (make, times) => many(times, () => make("ul", [make("li", [make("a", ["A headline that is rather long"])])])),
  pictures: (make, times) => many(times, () => make("figure", [make("img", []), make("figcaption", [SENTENCE])])),
  "articles with their headline": (make, times) => many(times, () => make("article", [make("h1", ["Title"]), make("p", [SENTENCE])])),
};

const seenIn = (nodes: readonly HtmlNode[]): number =>
  nodes.reduce<number>((sum, node) => sum + (typeof node === "string" ? node.length : seenIn(node.children)), 0);

test.each([
  ["one paragraph", `<p>${SENTENCE.repeat(65_000)}`],
  ["many paragraphs", `<p>${SENTENCE}`.repeat(40_000)],
  ["words in many pieces", `<p>${"a&amp;b ".repeat(500_000)}`],
  ["nothing but white space", `<p>${" ".repeat(4_800_000)}x`],
])("extractPage() looks at 1,000,000 characters of text, and says that the rest is missing: %s", (_what, html) => {
  for (const whole of [true, false]) {
    const { cut, content } = extractPage(html, { whole });
    expect(cut).toBe(true);
    expect(seenIn(content)).toBeLessThanOrEqual(1_000_000);
  }
});

test("extractPage() counts what pictures are said to show as text", () => {
  const page = `<img alt="${SENTENCE.repeat(50)}">`.repeat(1_000);
  const { cut, content } = extractPage(page, { whole: true });
  expect(cut).toBe(true);
  expect(content.length).toBeLessThan(300);
});

test("extractPage() reads on behind scripts and what is hidden, however long they are", () => {
  const long = "x".repeat(2_000_000);
  const { cut, content } = extractPage(`<script>${long}</script><p hidden>${long}</p><p>${SENTENCE}</p>`);
  expect([cut, seenIn(content)]).toEqual([false, SENTENCE.length]);
});

test.each(Object.keys(SHAPES))("the steps of extraction look at each element of %s so many times, however many there are", (shape) => {
  const looks = [500, 2_000].map((times) => {
    const counted = countedTree((make) => SHAPES[shape]?.(make, times) ?? []);
    const measures = measure(counted.tree);
    withoutSurroundings(counted.tree, measures, true);
    findContent(counted.tree, measures, true);
    withoutCaptions(counted.tree);
    withLead(counted.tree, counted.tree);
    cleaned(counted.tree, { titles: ["Title"], article: true, plain: true });
    return counted.looks();
  });
  expect((looks[1] ?? Infinity) / (looks[0] ?? 1)).toBeLessThan(4.5);
});
