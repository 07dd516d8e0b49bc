import type { Nodes, PhrasingContent } from "mdast";

/** `[1]` where it stands behind a statement. */
export const CITATION = /\[(\d{1,3})\]/g;
/** The beginning of an entry of a list of sources: `[1] …`, also `[1]: …`. */
const ENTRY = /^\s*\[(\d{1,3})\]:?\s/;

/**
 * Where the numbers of an answer lead: the address of each source in its own list. An entry is a line that begins with `[1]`, or an item of a numbered list, and holds a web address, the first of which counts. A number with two of
 * them leads nowhere. What is written as code lists nothing.
 */
export function citedSources(tree: Nodes): ReadonlyMap<number, string> {
  const found = new Map<number, string | null>();
  const add = (number: number, url: string): void =>
    void found.set(number, (found.get(number) ?? url) === url && found.get(number) !== null ? url : null);
  const marked = new Map<number, string>();
  walk(tree, (line, item) => {
    const url = webLink(line.nodes);
    if (url === null) return;
    const own = ENTRY.exec(line.text)?.[1];
    if (own !== undefined) add(Number(own), url);
    else if (item !== null && !marked.has(item)) marked.set(item, url);
  });
  // A list that numbers its entries with brackets is the list of sources; another one beside it is not.
  if (found.size === 0) for (const [number, url] of marked) add(number, url);
  return new Map([...found].flatMap(([number, url]) => (url === null ? [] : [[number, url] as const])));
}

interface Line {
  text: string;
  nodes: PhrasingContent[];
}

/** Every line of every paragraph; `item`: the number of the list's item that it is the first line of. */
function walk(node: Nodes, visit: (line: Line, item: number | null) => void, item: number | null = null): void {
  if (node.type === "paragraph") {
    for (const [index, line] of linesOf(node.children).entries()) visit(line, index === 0 ? item : null);
  } else if (node.type === "list") {
    node.children.forEach((child, index) => walk(child, visit, node.ordered === true ? (node.start ?? 1) + index : null));
  } else if (node.type === "listItem") {
    node.children.forEach((child, index) => walk(child, visit, index === 0 ? item : null));
  } else if ("children" in node) for (const child of node.children) walk(child, visit);
}

function linesOf(nodes: readonly PhrasingContent[]): Line[] {
  const lines: Line[] = [{ text: "", nodes: [] }];
  for (const node of nodes) {
    const parts = node.type === "text" ? node.value.split("\n") : node.type === "break" ? ["", ""] : [null];
    for (const [index, part] of parts.entries()) {
      if (index > 0) lines.push({ text: "", nodes: [] });
      const line = lines.at(-1);
      if (line === undefined) continue;
      // What is no plain text does not begin an entry.
      line.text += part ?? (line.text === "" ? "-" : "");
      if (part === null) line.nodes.push(node);
    }
  }
  return lines;
}

/** The first web address among them, also inside of bold or the like. */
function webLink(nodes: readonly PhrasingContent[]): string | null {
  for (const node of nodes) {
    if (node.type === "link" && /^https?:\/\//i.test(node.url) && URL.canParse(node.url)) return node.url;
    const inner = "children" in node ? webLink(node.children) : null;
    if (inner !== null) return inner;
  }
  return null;
}
