import { type Handler, Parser } from "htmlparser2";
import { element, type HtmlElement } from "./html-tree.ts";
import { isHidden, withoutInvisible } from "./is-hidden.ts";

/** Longer pages are read in their beginning. Conversion takes CPU time, and somebody else wrote the page. */
export interface HtmlLimits {
  characters: number;
  /** Elements inside each other. What is above it recurses, so it must stay in the hundreds. */
  depth: number;
  elements: number;
  /** Characters of text that a person sees, white space and descriptions of pictures included; unset: as many as there are. */
  text?: number;
}

export const HTML_LIMITS: HtmlLimits = { characters: 1_000_000, depth: 300, elements: 25_000 };

/** Elements that hold no text to read. */
const DROPPED = new Set(
  "script style template noscript iframe frame frameset object embed applet audio video canvas svg title base link meta select datalist textarea map area portal noembed noframes plaintext xmp".split(
    " ",
  ),
);

export interface ReadHtml {
  tree: HtmlElement;
  title: string;
  /** What relative links start from, when the page says so. */
  base: string | null;
  /** Whether a limit was reached: the rest is missing. */
  cut: boolean;
  /** The limit that was reached first; null: none. */
  limit: keyof HtmlLimits | null;
}

/** What else a reader wants to know. */
export interface HtmlMore {
  /** Attributes that every element keeps beside those that Markdown has a place for, at most 4,000 characters of each. */
  keep?: readonly string[];
  /** What is nested too deep belongs to the deepest element that is kept, and the page is read on. */
  flatten?: boolean;
  /** The page is XHTML: `<a/>` is a whole element, which in HTML is the beginning of one. */
  xhtml?: boolean;
  /** A `meta` or `link` element. */
  meta?(attributes: Readonly<Record<string, string>>): void;
  /** The text of a JSON-LD script. */
  data?(json: string): void;
}

/** Reads HTML into a tree of what a person sees. Linear in its length, whatever is written there. */
export function readHtml(html: string, limits: HtmlLimits = HTML_LIMITS, more: HtmlMore = {}): ReadHtml {
  const tree = element("html", {}, true);
  const tooLong = html.length > limits.characters;
  const read: ReadHtml = { tree, title: "", base: null, cut: tooLong, limit: tooLong ? "characters" : null };
  /** The open elements; null: one that is left out, with everything in it. */
  const open: (HtmlElement | null)[] = [tree];
  let elements = 0;
  let room = limits.text ?? Infinity;
  let title: string[] | null = null;
  let data: string[] | null = null;
  let lastText: string[] = [];
  const endText = (): void => {
    const parent = open.at(-1);
    if (lastText.length > 0 && parent) parent.children.push(withoutInvisible(lastText.join("")));
    lastText = [];
  };
  const handler: Partial<Handler> = {
    onopentag(name, attributes) {
      elements++;
      const deep = open.length > limits.depth;
      if (deep && more.flatten !== true) throw new TooMuch("depth");
      if (elements > limits.elements) throw new TooMuch("elements");
      endText();
      if (name === "title" && read.title === "") title = [];
      if (name === "meta" || name === "link") more.meta?.(attributes);
      if (name === "script" && more.data && attributes["type"]?.trim().toLowerCase() === "application/ld+json") data = [];
      if (name === "base" && read.base === null) read.base = attributes["href"] ?? null;
      const parent = TABLE_SECTIONS.has(name) ? sectionParent(open) : open.at(-1);
      // Pages that fade in begin with a hidden body.
      const hidden = name !== "html" && name !== "body" && isHidden(name, attributes);
      const leftOut = !parent || hidden || DROPPED.has(name) || (name === "input" && attributes["type"] !== "checkbox");
      const opened = leftOut ? null : deep ? parent : element(name, keptOf(name, attributes, more.keep ?? []), false);
      if (parent && opened && !deep) parent.children.push(opened);
      if (opened && name === "img") room -= opened.attributes["alt"]?.length ?? 0;
      if (room < 0) throw new TooMuch("text");
      open.push(opened);
    },
    ontext(text) {
      if (title !== null) title.push(text);
      else if (data !== null) data.push(text);
      else if (open.at(-1)) {
        lastText.push(text.length > room ? text.slice(0, Math.max(0, room)) : text);
        if (text.length > room) throw new TooMuch("text");
        room -= text.length;
      }
    },
    onclosetag(name) {
      endText();
      if (name === "title" && title !== null) {
        read.title = withoutInvisible(title.join("")).replace(/\s+/g, " ").trim().slice(0, 300);
        title = null;
      }
      if (name === "script" && data !== null) {
        more.data?.(data.join(""));
        data = null;
      }
      if (open.length > 1) open.pop();
    },
  };
  const parser = new Parser(handler, { recognizeSelfClosing: more.xhtml === true });
  try {
    parser.end(html.slice(0, limits.characters));
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    read.cut = true;
    read.limit = error.limit;
  }
  endText();
  return read;
}

class TooMuch extends Error {
  constructor(readonly limit: keyof HtmlLimits) {
    super(limit);
  }
}

const TABLE_SECTIONS = new Set(["thead", "tbody", "tfoot"]);

/** The table that a section of it belongs to: the end tags of the rows and cells before it may be left out, which the parser does not know. */
function sectionParent(open: readonly (HtmlElement | null)[]): HtmlElement | null {
  const table = open.findLastIndex((one) => one?.name === "table");
  return table === -1 || open.includes(null, table) ? (open.at(-1) ?? null) : (open[table] ?? null);
}

const KEPT: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  img: ["alt"],
  code: ["class"],
  pre: ["class"],
  ol: ["start"],
  td: ["colspan"],
  th: ["colspan"],
  input: ["checked"],
};

/** The attributes that Markdown has a place for, and the one that tells which part is the content. */
function keptOf(name: string, attributes: Readonly<Record<string, string>>, more: readonly string[]): Record<string, string> {
  const wanted = Object.hasOwn(KEPT, name) ? (KEPT[name] ?? []) : [];
  return Object.fromEntries(
    [...wanted, "role", ...more].flatMap((key) => (attributes[key] === undefined ? [] : [[key, attributes[key].slice(0, 4000)]])),
  );
}
