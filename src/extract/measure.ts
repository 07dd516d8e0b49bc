import type { HtmlElement, HtmlNode } from "../html/html-tree.ts";
import { CAPTION_NAME, namesOf } from "./names.ts";

/** How much of an element reads like running text, in characters. */
export interface Measure {
  /** All text. */
  length: number;
  /** Text of links. */
  links: number;
  /** Text of paragraphs that are sentences, code and the like. */
  good: number;
  /** Text of links and labels outside such paragraphs. */
  bad: number;
  /** How many paragraphs made `good`. */
  paragraphs: number;
  /** What the paragraphs close below it make it: a whole for its own, less for those deeper down. */
  closeness: number;
  /** The most closeness of an element in it, itself included. */
  closest: number;
}

export type Measures = Map<HtmlElement, Measure>;

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
/** Elements that stand on lines of their own. */
export const BLOCKS = words(
  "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre search section summary table tbody td tfoot th thead tr ul",
);
export const HEADING = /^h[1-6]$/;

/** Scripts that are written without spaces say more in a character. */
const DENSE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]/g;

const MAX_CAPTION = 600;

/** A piece of text between two blocks. */
export interface Run {
  text: string;
  links: number;
}

export const lengthOf = (text: string): number => text.replaceAll(/\s+/g, " ").trim().length;

/** The length as if every script said as much in a character as Latin does. Long texts are long enough as they are. */
const sized = (text: string, length: number): number => (length > 400 ? length : length + (text.match(DENSE)?.length ?? 0) * 1.5);

const ENDED = /[.!?:;。！？…؟।][\s"'”’»）)\]]*$/u;
/** Characters at the end of a text that are looked at for the end of a sentence. */
const END = 20;

/** How good a piece of text of some length is, from 0 to 1: whether it reads like sentences, and not like links and labels. */
export function goodness({ text, links }: Run, length: number): number {
  if (length === 0) return 0;
  const density = Math.min(1, links / length);
  const free = 1 - density;
  const ended = ENDED.test(text.slice(-END));
  // Much of a paragraph can be links where it still says something itself.
  if (free * length >= 80 && ended) return free;
  if (density > 0.66) return 0;
  const size = sized(text, length);
  if (size >= 100) return free;
  if (size >= 25 && ended) return free;
  return size >= 60 ? 0.5 * free : 0;
}

/** Says of every element whether it stands on lines of its own, or something in it does. */
export function markBlocks(node: HtmlElement): void {
  node.block = BLOCKS.has(node.name);
  for (const child of node.children) {
    if (typeof child === "string") continue;
    markBlocks(child);
    node.block ||= child.block;
  }
}

/** Adds what stands in a line to a run. */
export function addToRun(node: HtmlNode, run: Run, linked: boolean): void {
  if (typeof node === "string") {
    run.text += node;
    if (linked) run.links += lengthOf(node);
    return;
  }
  if (node.name === "br") run.text += " ";
  for (const child of node.children) addToRun(child, run, linked || node.name === "a");
}

/** Measures every block of a tree (see {@link markBlocks}) in one walk. The depth of the tree is limited where it is read. */
export function measure(root: HtmlElement): Measures {
  const measures: Measures = new Map();
  walk(root, measures, false);
  return measures;
}

function walk(node: HtmlElement, measures: Measures, linked: boolean): Measure {
  const inLink = linked || node.name === "a";
  const found: Measure = { length: 0, links: 0, good: 0, bad: 0, paragraphs: 0, closeness: 0, closest: 0 };
  measures.set(node, found);
  if (node.name === "pre") {
    const run: Run = { text: "", links: 0 };
    addToRun(node, run, false);
    const length = lengthOf(run.text);
    return Object.assign(found, { length, good: length, paragraphs: 1, closeness: length, closest: length });
  }
  let run: Run = { text: "", links: 0 };
  const end = (): void => {
    if (run.text !== "") addRun(found, run, node.name);
    run = { text: "", links: 0 };
  };
  for (const child of node.children) {
    if (typeof child === "string" || !child.block) {
      addToRun(child, run, inLink);
      continue;
    }
    end();
    const inner = walk(child, measures, inLink);
    // Words under a picture tell nothing about where the text is.
    if (inner.length < MAX_CAPTION && CAPTION_NAME.test(namesOf(child)))
      Object.assign(inner, { good: 0, bad: 0, paragraphs: 0, closeness: 0, closest: 0 });
    found.length += inner.length;
    found.links += inner.links;
    found.good += inner.good;
    found.bad += inner.bad;
    found.paragraphs += inner.paragraphs;
    found.closest = Math.max(found.closest, inner.closest);
    found.closeness += inner.closeness * (child.name === "p" || child.name === "pre" ? 1 : 0.5);
  }
  end();
  found.closest = Math.max(found.closest, found.closeness);
  return found;
}

function addRun(found: Measure, run: Run, name: string): void {
  const length = lengthOf(run.text);
  if (length === 0) return;
  const heading = HEADING.test(name);
  const good = heading || name === "figcaption" ? 0 : goodness(run, length) * length;
  found.length += length;
  found.links += Math.min(length, run.links);
  found.good += good;
  found.closeness += good;
  if (good > 0) found.paragraphs++;
  else found.bad += heading ? run.links : Math.max(run.links, length / 2);
}
