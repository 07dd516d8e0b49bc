import { flatTables } from "./flat-tables.ts";
import { element, type HtmlElement, type HtmlNode } from "./html-tree.ts";
import { withoutInvisible } from "./is-hidden.ts";

/** What is around the content of a page, by its element. */
export const AROUND: ReadonlySet<string> = new Set(["nav", "aside", "footer"]);
/** The same, by its role. */
export const AROUND_ROLES: ReadonlySet<string> = new Set([
  "navigation",
  "complementary",
  "contentinfo",
  "search",
  "banner",
  "menu",
  "menubar",
  "dialog",
  "alertdialog",
]);

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
/** Elements that Markdown has a form for, in a line and on lines of their own. */
const INLINE = words("a b br code del em i input kbd q s samp strike strong tt");
const BLOCK = words("blockquote caption dd dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead tr ul");
/** Elements that only keep their text apart from the next. Of all others nothing but the content is left. */
const BOX = words(
  "address article aside body center details dialog dir div fieldset figcaption figure footer form header hgroup legend main menu nav optgroup option search section summary",
);

/** The part of the page that is its content, without menus and asides, in the elements that Markdown knows. */
export function mainContent(page: HtmlElement): HtmlNode[] {
  const whole = textLength(page);
  const best = mains(page)
    .map((one) => ({ one, length: textLength(one) }))
    .reduce<{ one: HtmlElement; length: number } | null>((a, b) => (a !== null && a.length >= b.length ? a : b), null);
  // A page whose main part is nearly empty has marked something else as its main part.
  const chosen = best !== null && best.length >= Math.min(200, whole / 4) ? best.one : page;
  const children: HtmlNode[] = [];
  simplify(chosen.children, children, chosen !== page);
  return flatTables(children);
}

/** A part of a page in the elements that Markdown knows. */
export function contentIn(part: HtmlElement): HtmlNode[] {
  const children: HtmlNode[] = [];
  simplify(part.children, children, true);
  return flatTables(children);
}

function mains(parent: HtmlElement): HtmlElement[] {
  const found: HtmlElement[] = [];
  const pending = [parent];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      if (typeof child === "string") continue;
      if (child.name === "main" || child.name === "article" || child.attributes["role"] === "main") found.push(child);
      // What is in a main part is part of it; several articles beside each other are a list of them, and then their parent is the content.
      else pending.push(child);
    }
  }
  const isMain = ({ name, attributes }: HtmlElement): boolean => name === "main" || attributes["role"] === "main";
  const main = found.filter(isMain);
  if (main.length > 0) return main;
  return found.length === 1 ? found : [];
}

function textLength(parent: HtmlElement): number {
  let length = 0;
  const pending = [parent];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) {
      if (typeof child === "string") length += child.trim().length;
      else if (!isAround(child, true)) pending.push(child);
    }
  }
  return length;
}

/** `inside` a main part a header is the article's own. */
const isAround = ({ name, attributes }: HtmlElement, inside: boolean): boolean =>
  AROUND.has(name) || AROUND_ROLES.has((attributes["role"] ?? "").trim().toLowerCase()) || (!inside && name === "header");

/** Recursive: the depth of the tree is limited where it is read. */
function simplify(from: readonly HtmlNode[], to: HtmlNode[], inside: boolean): void {
  for (const node of from) {
    if (typeof node === "string") to.push(node);
    else if (!isAround(node, inside)) simplifyElement(node, to, inside || node.name === "article" || node.name === "main");
  }
}

function simplifyElement(node: HtmlElement, to: HtmlNode[], inside: boolean): void {
  const { name, attributes } = node;
  if (name === "img") {
    const alt = withoutInvisible(attributes["alt"] ?? "")
      .trim()
      .slice(0, 500);
    if (alt !== "") to.push(`[image: ${alt}]`);
    return;
  }
  if (!INLINE.has(name) && !BLOCK.has(name) && !BOX.has(name)) {
    simplify(node.children, to, inside);
    return;
  }
  const children: HtmlNode[] = [];
  simplify(node.children, children, inside);
  const holdsBlock = children.some((child) => typeof child !== "string" && child.block);
  // Around whole paragraphs an inline element only colours them; a link stays one.
  if (INLINE.has(name)) to.push(element(holdsBlock && name !== "a" ? "div" : name, attributes, holdsBlock && name !== "a", children));
  else to.push(element(BLOCK.has(name) ? name : "div", attributes, true, children));
}
