import { element, type HtmlElement, type HtmlNode } from "./html-tree.ts";

/** Every cell of a row costs one in all rows, so few long rows make a large table out of a short page. */
const MAX_CELLS = 10_000;
const MAX_COLUMNS = 40;
const MAX_LIST_DEPTH = 10;

const TABLE_PARTS = new Set(["thead", "tbody", "tfoot", "tr", "td", "th"]);
const LIST_PARTS = new Set(["li"]);

/**
 * Turns tables that are there for the layout (one column, a table inside) or larger than a model can follow into boxes, and lists and quotations that are too deep as well,
 * since each line in them is written with the whole depth before it.
 */
export const flatTables = (nodes: readonly HtmlNode[], depth = 0): HtmlNode[] => nodes.map((node) => flat(node, depth));

function flat(node: HtmlNode, depth: number): HtmlNode {
  if (typeof node === "string") return node;
  const nests = node.name === "ul" || node.name === "ol" || node.name === "blockquote";
  const below = depth + (nests ? 1 : 0);
  const loose = (node.name === "table" && !isData(node)) || (nests && below > MAX_LIST_DEPTH);
  const from = loose ? boxed(node, node.name === "table" ? TABLE_PARTS : LIST_PARTS) : node;
  return { ...from, children: flatTables(from.children, below) };
}

/** The same without being a table or list. A table inside stays one, and is judged by itself. */
function boxed(node: HtmlElement, parts: ReadonlySet<string>): HtmlElement {
  const children = node.children.map((child) => (typeof child !== "string" && parts.has(child.name) ? boxed(child, parts) : child));
  return element("div", {}, true, children);
}

function isData(table: HtmlElement): boolean {
  const rows: number[] = [];
  const pending: HtmlElement[] = [table];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    let cells = 0;
    for (const child of node.children) {
      if (typeof child === "string") continue;
      if (child.name === "table") return false;
      if (child.name === "td" || child.name === "th") cells += columnsOf(child);
      pending.push(child);
    }
    if (node.name === "tr") rows.push(cells);
  }
  const columns = rows.reduce((most, cells) => Math.max(most, cells), 0);
  return columns > 1 && columns <= MAX_COLUMNS && columns * rows.length <= MAX_CELLS;
}

/** How many columns a cell takes; more than anybody writes by hand is one. */
export function columnsOf({ attributes }: HtmlElement): number {
  const span = attributes["colspan"] ?? "";
  return /^(?:[2-9]|1\d)$/.test(span) ? Number(span) : 1;
}
