import { element, type HtmlElement, type HtmlNode } from "../html/html-tree.ts";
import { AROUND, AROUND_ROLES } from "../html/main-content.ts";
import type { Measures } from "./measure.ts";
import { AROUND_NAME, COMMENT_NAME, namesOf } from "./names.ts";

/** Menus of a page's own making too, which other content may be in elsewhere. */
const SURROUNDS = new Set([...AROUND, "menu"]);
const SURROUNDING_ROLES = new Set([...AROUND_ROLES, "toolbar", "tablist"]);

/** Of the good text of the page: an element with more is its content, whatever it is called. */
const TOO_MUCH = 0.4;

/** Elements that are the page's content where its first heading is in them. */
const WHOLE = new Set(["body", "main", "article"]);

/** The same tree without what stands around the content of a page, by what the page itself calls it. `article`: whether it calls itself one. */
export function withoutSurroundings(page: HtmlElement, measures: Measures, article: boolean): HtmlElement {
  const comments = commentsOf(page, measures, article);
  const all = measures.get(page)?.good ?? 0;
  return without(page, (node) => {
    if (comments.has(node)) return true;
    const good = measures.get(node)?.good ?? 0;
    if (all > 0 && good > all * TOO_MUCH) return false;
    if (SURROUNDS.has(node.name) || SURROUNDING_ROLES.has((node.attributes["role"] ?? "").trim().toLowerCase())) return true;
    return AROUND_NAME.test(namesOf(node)) && !(WHOLE.has(node.name) && holdsName(node, "h1"));
  });
}

/** Good text in characters that is an article by itself; what others said of it is left out. */
const ARTICLE_LENGTH = 400;
/** So many times as long as the rest, what others said is what the page is for: a discussion. */
const DISCUSSION = 6;

/** What others said below the text; none where it is the text itself. */
function commentsOf(page: HtmlElement, measures: Measures, isArticle: boolean): ReadonlySet<HtmlElement> {
  const comments = new Set<HtmlElement>();
  let said = 0;
  const pending = [page];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      if (typeof child === "string" || !child.block) continue;
      if (!COMMENT_NAME.test(namesOf(child)) || holdsName(child, "h1")) {
        pending.push(child);
        continue;
      }
      comments.add(child);
      said += measures.get(child)?.good ?? 0;
    }
  }
  const article = (measures.get(page)?.good ?? 0) - said;
  return article >= ARTICLE_LENGTH && (isArticle || said <= DISCUSSION * article) ? comments : new Set();
}

/** Whether some element in another has this name. */
export const holdsName = (node: HtmlElement, name: string): boolean =>
  node.children.some((child) => typeof child !== "string" && (child.name === name || holdsName(child, name)));

/** A tree without the elements that are dropped. */
export function without(node: HtmlElement, drop: (node: HtmlElement) => boolean): HtmlElement {
  const children: HtmlNode[] = [];
  for (const child of node.children) {
    if (typeof child === "string") children.push(child);
    else if (!drop(child)) children.push(without(child, drop));
  }
  return element(node.name, node.attributes, node.block, children);
}
