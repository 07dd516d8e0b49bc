import type { HtmlElement } from "../html/html-tree.ts";
import { type Line, linesOf, withoutDropped } from "./lines.ts";
import { measure } from "./measure.ts";
import { ABOUT_NAME, CAPTION_NAME, namesOf } from "./names.ts";
import { isAuthorLabel, isCredit, isElsewhereLabel, isRequest, isTitle, startsElsewhere } from "./phrases.ts";
import { without } from "./without-surroundings.ts";

interface CleanOptions {
  /** What is shown as its title elsewhere. */
  titles: readonly string[];
  /** Whether the page calls itself an article: then short lists of nothing but links lead elsewhere. */
  article: boolean;
  /** Whether only running text is wanted. */
  plain: boolean;
}

/** The content of a page without what stands in it and is not of it: lines about the article, links to others, requests. */
export function cleaned(content: HtmlElement, { titles, article, plain }: CleanOptions): HtmlElement {
  const measures = measure(content);
  const all = measures.get(content)?.good ?? 0;
  const named = without(content, (node) => {
    if (!node.block) return false;
    const good = measures.get(node)?.good ?? 0;
    return good < ABOUT_LENGTH && good <= 0.2 * all && ABOUT_NAME.test(namesOf(node));
  });
  const lines = linesOf(named);
  // On other pages (documentation, forums, shops) short lines and links can be what is looked for.
  const strict = plain || article;
  if (strict) dropElsewhere(lines, article);
  if (strict) dropAuthor(lines);
  for (const line of lines) if (strict && (isRemark(line) || (plain && isCaption(line)))) line.dropped = true;
  if (strict) dropRepeated(lines);
  dropStart(lines, titles, plain, strict);
  if (strict) dropEnd(lines);
  return withoutDropped(named, lines);
}

/** Characters of good text; with more it is not only about the article. */
const ABOUT_LENGTH = 150;

const isRemark = (line: Line): boolean =>
  !line.fixed && line.level === 0 && (line.tags || isRequest(line.text, line.links) || (line.image !== null && isCredit(line.text)));

const isCaption = ({ fixed, level, image, text, alt, good }: Line): boolean =>
  !fixed && level === 0 && ((image !== null && text === alt) || (image === "in" && good === 0));

/** The same content without the words under its pictures. */
export const withoutCaptions = (content: HtmlElement): HtmlElement => {
  const measures = measure(content);
  const all = measures.get(content)?.good ?? 0;
  return without(content, (node) => {
    if (node.name === "figcaption") return true;
    const found = measures.get(node);
    if (!found || found.good > 0.3 * all) return false;
    // A figure can hold code or a table.
    if (node.name === "figure") return !holds(node, "pre", "table");
    return CAPTION_NAME.test(namesOf(node));
  });
};

const holds = (node: HtmlElement, ...names: string[]): boolean =>
  node.children.some((child) => typeof child !== "string" && (names.includes(child.name) || holds(child, ...names)));

/** Lines that lead to other pages: what a label announces, up to the next text, and in an article headlines of others. */
function dropElsewhere(lines: Line[], article: boolean): void {
  const lists = listsOf(lines);
  let following = false;
  for (const line of lines) {
    const list = line.list === null ? undefined : lists.get(line.list);
    const links = list === undefined ? line.links : list.links / list.length;
    if (isElsewhereLabel(line.text) && !(list && line.links < 0.5)) {
      line.dropped = true;
      following = true;
    } else if (line.links > 0.4 && startsElsewhere(line.text)) line.dropped = true;
    else if (following && (line.links > 0.6 || links > 0.4)) line.dropped = true;
    else following = false;
    if (article && list && list.lines >= HEADLINES && list.length >= HEADLINE_LENGTH * list.lines && links > 0.95) line.dropped = true;
  }
}

/** A list of so many links is one of headlines where they are as long as this in the middle, in characters. */
const HEADLINES = 3;
const HEADLINE_LENGTH = 25;

interface ListOfLines {
  lines: number;
  /** Characters of text, and of the links in it. */
  length: number;
  links: number;
}

function listsOf(lines: readonly Line[]): Map<HtmlElement, ListOfLines> {
  const lists = new Map<HtmlElement, ListOfLines>();
  for (const { list, text, links } of lines) {
    if (list === null) continue;
    const sum = lists.get(list) ?? { lines: 0, length: 0, links: 0 };
    lists.set(list, { lines: sum.lines + 1, length: sum.length + text.length, links: sum.links + links * text.length });
  }
  return lists;
}

/** What is said of the author at the end, up to the next heading. */
function dropAuthor(lines: Line[]): void {
  let following = false;
  for (const line of lines.slice(Math.floor(lines.length / 2))) {
    following = isAuthorLabel(line.text) || (following && line.level === 0);
    if (following) line.dropped = true;
  }
}

/** Lines at pictures, and links, that are the same again and again. */
function dropRepeated(lines: Line[]): void {
  const beside = lines.filter(({ fixed, level, image, links }) => !fixed && level === 0 && (image !== null || links > 0.5));
  const times = new Map<string, number>();
  for (const { text } of beside) times.set(text, (times.get(text) ?? 0) + 1);
  for (const line of beside) if ((times.get(line.text) ?? 0) > 2) line.dropped = true;
}

/** Before the first paragraph: the title, and short lines that are no text (dates, names). */
function dropStart(lines: Line[], titles: readonly string[], plain: boolean, short: boolean): void {
  for (const line of lines) {
    if ((plain && line.level === 1) || isTitle(line.text, titles)) {
      line.dropped = true;
      continue;
    }
    if (line.dropped) continue;
    if (!short || line.fixed || line.good > 0.3 || line.level > 0) break;
    if (line.links < 0.3 && !/\d|^by\b|^by:/i.test(line.text) && !isCredit(line.text)) continue;
    line.dropped = true;
  }
}

/** After the last paragraph: short lines, and lists of links. */
function dropEnd(lines: Line[]): void {
  for (const line of lines.toReversed()) {
    if (line.dropped) continue;
    if (line.good > 0.3 || (line.links < 0.5 && !line.level)) break;
    line.dropped = true;
  }
}
