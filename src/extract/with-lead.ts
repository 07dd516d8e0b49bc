import { element, type HtmlElement } from "../html/html-tree.ts";
import { type Line, linesOf } from "./lines.ts";
import { isCredit, isRequest } from "./phrases.ts";

/** Lines between the headline and the text that are looked at. */
const NEAR = 12;
/** Characters: shorter ones are dates and names, and altogether more is another text. */
const LEAST = 60;
const MOST = 1_500;

/** The content with the sentences that stand between the page's headline and it: many pages keep the beginning of an article apart from the rest. */
export function withLead(content: HtmlElement, page: HtmlElement): HtmlElement {
  const lines = linesOf(page);
  const [first] = linesOf(content);
  const start = lines.findIndex(({ parent, from }) => parent === first?.parent && from === first.from);
  const near = lines.slice(Math.max(0, start - NEAR), Math.max(0, start));
  const headline = near.findLastIndex(({ level }) => level === 1);
  if (headline === -1) return content;
  const lead = near.slice(headline + 1).filter(isLead);
  if (lead.length === 0 || lead.reduce((sum, { text }) => sum + text.length, 0) > MOST) return content;
  const paragraphs = lead.map(({ parent, from, to }) => element("p", {}, true, parent.children.slice(from, to)));
  return element("div", {}, true, [...paragraphs, content]);
}

const isLead = ({ text, links, good, level, fixed, image }: Line): boolean =>
  text.length >= LEAST &&
  links < 0.3 &&
  !fixed &&
  (good > 0.7 || level > 1) &&
  image !== "in" &&
  !isCredit(text) &&
  !isRequest(text, links);
