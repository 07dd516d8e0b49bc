import { element, type HtmlElement } from "../html/html-tree.ts";
import { type Measure, type Measures } from "./measure.ts";
import { BODY_NAME, LEAD_NAME, namesOf } from "./names.ts";

/** The element that holds the content of a page; null: there is nothing that reads like text. `article`: whether the page calls itself one. */
export function findContent(root: HtmlElement, measures: Measures, article: boolean): HtmlElement | null {
  const parents = new Map<HtmlElement, HtmlElement>();
  let best: { node: HtmlElement; score: number } | null = null;
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const found = measures.get(node);
    if (!found) continue;
    const score = found.closeness * hint(node) * (1 - density(found));
    if (best === null || score > best.score) best = { node, score };
    for (const child of node.children) {
      if (typeof child === "string" || !child.block) continue;
      parents.set(child, node);
      pending.push(child);
    }
  }
  if (best === null || best.score === 0) return null;
  const content = climbed(best.node, parents, measures, article);
  return withLead(content, parents.get(content), measures);
}

/** With the summary right before it, which some pages keep apart from the text that goes on from it. */
function withLead(content: HtmlElement, parent: HtmlElement | undefined, measures: Measures): HtmlElement {
  const beside = parent?.children.filter((child) => typeof child !== "string" && child.block) ?? [];
  const lead = beside[beside.indexOf(content) - 1];
  if (lead === undefined || typeof lead === "string") return content;
  const found = measures.get(lead);
  if (!found || found.paragraphs !== 1 || found.bad > 0 || found.good < LEAD_LENGTH || !LEAD_NAME.test(namesOf(lead))) return content;
  return element("div", {}, true, [lead, content]);
}

const LEAD_LENGTH = 80;

const density = ({ length, links }: Measure): number => (length === 0 ? 0 : links / length);

function hint(node: HtmlElement): number {
  if (/\barticleBody\b/i.test(node.attributes["itemprop"] ?? "")) return 1.5;
  if (node.name === "p" || node.name === "li" || node.name === "td" || node.name === "blockquote") return 0.6;
  return BODY_NAME.test(namesOf(node)) ? 1.25 : 1;
}

/** Of the closeness of the best part: what has less is not more of the same text (teasers, remarks). */
const ALIKE = 0.25;

/** As far up as there is more text of the same kind, but not out of the one article that the page marks. */
function climbed(start: HtmlElement, parents: ReadonlyMap<HtmlElement, HtmlElement>, measures: Measures, article: boolean): HtmlElement {
  const least = ALIKE * (measures.get(start)?.closeness ?? 0);
  let chosen = start;
  let below = start;
  for (let node = parents.get(start); node; below = node, node = parents.get(node)) {
    if (isWhole(below, measures)) return article ? chosen : below;
    const more = node.children.some((child) => {
      if (typeof child === "string" || child === below) return false;
      const found = measures.get(child);
      if (found === undefined || found.good <= 2 * found.bad) return false;
      return found.closest >= least || (found.good >= 80 && sameKind(child, below));
    });
    const [inner, outer] = [measures.get(chosen), measures.get(node)];
    if (!inner || !outer) break;
    const [good, bad] = [outer.good - inner.good, outer.bad - inner.bad];
    if (good > bad && (more || (!article && good > 0.3 * inner.good))) chosen = node;
  }
  return chosen;
}

/** Whether two elements bear the same names: parts of one text that something stands between. */
function sameKind(one: HtmlElement, other: HtmlElement): boolean {
  const names = namesOf(one);
  return one.name === other.name && names !== "" && names === namesOf(other);
}

const WHOLE_LENGTH = 250;

/** Whether the page itself says that this is its article. */
function isWhole(node: HtmlElement, measures: Measures): boolean {
  if ((measures.get(node)?.good ?? 0) < WHOLE_LENGTH) return false;
  if (/\barticleBody\b/i.test(node.attributes["itemprop"] ?? "") || node.name === "main" || node.attributes["role"] === "main") return true;
  return node.name === "article" && holdsHeadline(node);
}

const holdsHeadline = (node: HtmlElement): boolean =>
  node.children.some((child) => typeof child !== "string" && (child.name === "h1" || holdsHeadline(child)));
