import type { HtmlElement, HtmlNode } from "../html/html-tree.ts";
import { contentIn, mainContent } from "../html/main-content.ts";
import { type HtmlLimits, readHtml } from "../html/read-html.ts";
import { cleaned, withoutCaptions } from "./clean.ts";
import { findContent } from "./find-content.ts";
import { type Line, linesOf } from "./lines.ts";
import { markBlocks, measure } from "./measure.ts";
import { FactsReader, type PageFacts } from "./page-facts.ts";
import { plainText } from "./plain-text.ts";
import { withLead } from "./with-lead.ts";
import { without, withoutSurroundings } from "./without-surroundings.ts";

/** Pages hold megabytes of scripts around their text, which cost next to nothing; elements cost memory and time, and text is looked at many times over. */
export const PAGE_LIMITS: HtmlLimits = { characters: 5_000_000, depth: 300, elements: 50_000, text: 1_000_000 };

export interface ExtractedPage {
  facts: PageFacts;
  /** Its main part in the elements that Markdown knows; all of it, without menus, where no part of it is the main one. */
  content: HtmlNode[];
  /** The same as plain text, without the words under pictures: paragraphs with an empty line between them. */
  text(): string;
  /** The part of what is seen that `content` was taken from, from 0 to 1, by length. */
  share: number;
  /** What relative links start from, when the page says so. */
  base: string | null;
  /** Whether a limit was reached: the rest is missing. */
  cut: boolean;
}

const ATTRIBUTES = ["class", "id", "itemprop", "rel", "lang"];

/** Reads a page and finds what it is there for. `whole`: all of it but its menus. Linear in its length, whatever is written there. */
export function extractPage(
  html: string,
  { whole = false, limits = PAGE_LIMITS }: { whole?: boolean; limits?: HtmlLimits } = {},
): ExtractedPage {
  const reader = new FactsReader();
  const { tree, title, base, cut } = readHtml(html, limits, {
    keep: ATTRIBUTES,
    flatten: true,
    meta: (attributes) => reader.meta(attributes),
    data: (json) => reader.data(json),
  });
  markBlocks(tree);
  const lines = linesOf(tree);
  const facts = reader.facts({
    title,
    headings: lines.filter(({ level }) => level === 1).map(({ text }) => text),
    text: lines.map(({ text }) => text).join(" "),
    language: languageOf(tree),
  });
  const part = whole ? null : mainPart(tree, facts.article);
  if (part === null) {
    const text = (): string => plainText(mainContent(without(tree, ({ name }) => name === "img")));
    return { facts, content: mainContent(tree), text, share: 1, base, cut };
  }
  const { main, page } = part;
  const titles = [facts.title, title];
  const { article } = facts;
  return {
    facts,
    content: contentIn(cleaned(withLead(main, page), { titles, article, plain: false })),
    text: () => plainText(cleaned(withoutCaptions(main), { titles, article, plain: true }).children),
    share: lengthOf(linesOf(main)) / Math.max(1, lengthOf(lines)),
    base,
    cut,
  };
}

const lengthOf = (lines: readonly Line[]): number => lines.reduce((sum, { text }) => sum + text.length, 0);

const languageOf = (tree: HtmlElement): string | undefined => {
  const root = tree.children.find((child) => typeof child !== "string" && child.name === "html");
  return typeof root === "object" ? root.attributes["lang"]?.trim() : undefined;
};

/** Good text in characters that a main part has at least. */
const LEAST = 120;
/** Of all good text of the page: a part that has less is one among several, where the page does not say that it is an article. */
const LEAST_SHARE = 0.25;

interface MainPart {
  main: HtmlElement;
  /** What is left of the page without what stands around its content. */
  page: HtmlElement;
}

function mainPart(tree: HtmlElement, article: boolean): MainPart | null {
  const all = measure(tree);
  const page = withoutSurroundings(tree, all, article);
  const measures = measure(page);
  const goodIn = (node: HtmlElement): number => measure(node).get(node)?.good ?? 0;
  const main = findContent(page, measures, article);
  if (main === null) return null;
  const least = article ? LEAST : Math.max(LEAST, LEAST_SHARE * goodIn(tree));
  return goodIn(main) >= least ? { main, page } : null;
}
