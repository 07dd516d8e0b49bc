import { element, type HtmlElement, type HtmlNode } from "../html/html-tree.ts";
import { addToRun, goodness, HEADING, type Run } from "./measure.ts";

/** One line of the page: what stands between two blocks. */
export interface Line {
  parent: HtmlElement;
  /** Its nodes: children of `parent`, from this one to before that one. */
  from: number;
  to: number;
  /** With single spaces. */
  text: string;
  /** Part of the text that is links, from 0 to 1. */
  links: number;
  good: number;
  /** A heading's level, else 0. */
  level: number;
  /** Whether it stands in a list, a table, code or a definition: there short lines are content. */
  fixed: boolean;
  /** The outermost list it stands in. */
  list: HtmlElement | null;
  /** Whether a picture is in it, or is the last thing before it. */
  image: "in" | "before" | null;
  /** What that picture is said to show. */
  alt: string;
  /** Whether it is a row of tags. */
  tags: boolean;
  dropped: boolean;
}

interface Place {
  fixed: boolean;
  list: HtmlElement | null;
  linked: boolean;
}

/** The lines of some content, in order. */
export function linesOf(content: HtmlElement): Line[] {
  const lines: Line[] = [];
  /** The picture since the last text, by what it is said to show. */
  let image: string | null = null;
  const walk = (node: HtmlElement, place: Place): void => {
    const inside: Place = {
      fixed: place.fixed || FIXED.has(node.name),
      list: place.list ?? (LISTS.has(node.name) ? node : null),
      linked: place.linked || node.name === "a",
    };
    const add = (from: number, to: number): void => {
      const nodes = node.children.slice(from, to);
      const run: Run = { text: "", links: 0 };
      for (const one of nodes) addToRun(one, run, inside.linked);
      const text = oneLine(run.text);
      const shown = find(nodes, ({ name }) => name === "img");
      const picture = shown === null ? image : oneLine(shown.attributes["alt"] ?? "");
      image = text === "" ? picture : null;
      if (text === "") return;
      const links = Math.min(1, run.links / text.length);
      const level = HEADING.test(node.name) ? Number(node.name[1]) : 0;
      const good = node.name === "pre" ? 1 : level > 0 ? 0 : goodness({ text, links: run.links }, text.length);
      const tags = links > 0.6 && find(nodes, ({ attributes }) => /\btag\b/.test(attributes["rel"] ?? "")) !== null;
      const { fixed, list } = inside;
      const beside = shown !== null ? "in" : picture !== null ? "before" : null;
      lines.push({
        parent: node,
        from,
        to,
        text,
        links,
        good,
        level,
        fixed,
        list,
        image: beside,
        alt: picture ?? "",
        tags,
        dropped: false,
      });
    };
    let from = 0;
    node.children.forEach((child, index) => {
      if (typeof child === "string" || !child.block) return;
      add(from, index);
      walk(child, inside);
      from = index + 1;
    });
    add(from, node.children.length);
  };
  walk(content, { fixed: false, list: null, linked: false });
  return lines;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

function find(nodes: readonly HtmlNode[], wanted: (node: HtmlElement) => boolean): HtmlElement | null {
  for (const node of nodes) {
    if (typeof node === "string") continue;
    const found = wanted(node) ? node : find(node.children, wanted);
    if (found !== null) return found;
  }
  return null;
}

const FIXED = new Set(["table", "pre", "ul", "ol", "dl", "blockquote"]);
const LISTS = new Set(["ul", "ol"]);

/** The same content without the lines that are dropped. */
export function withoutDropped(content: HtmlElement, lines: readonly Line[]): HtmlElement {
  const dropped = new Map<HtmlElement, Set<number>>();
  for (const { dropped: gone, parent, from, to } of lines) {
    if (!gone) continue;
    const places = dropped.get(parent) ?? new Set<number>();
    for (let place = from; place < to; place++) places.add(place);
    dropped.set(parent, places);
  }
  const rebuild = (node: HtmlElement): HtmlElement => {
    const places = dropped.get(node);
    const children: HtmlNode[] = [];
    for (const [place, child] of node.children.entries()) {
      if (places?.has(place)) continue;
      children.push(typeof child === "string" || !child.block ? child : rebuild(child));
    }
    return element(node.name, node.attributes, node.block, children);
  };
  return dropped.size === 0 ? content : rebuild(content);
}
