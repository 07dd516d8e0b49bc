import { z } from "zod";
import { AxNode, axText } from "./ax-text.ts";
import { type Cdp, CdpRefusal } from "./cdp.ts";
import { allClean, cutClean, type Scrub } from "./cut.ts";
import type { Ref, Refs } from "./refs.ts";
import { type Frame, type Tab, topFrame } from "./tabs.ts";

const MAX_FRAMES = 30;
const MAX_DEPTH = 5;
/** Nodes of one document that are read; beyond, its end is left out. */
const MAX_NODES = 30_000;

/** Characters of one answer. */
export const PART = 10_000;

export interface TabText {
  url: string;
  title: string;
  lines: string[];
  links: string[];
}

const Described = z.object({
  node: z.object({ frameId: z.string().optional(), contentDocument: z.object({ frameId: z.string().optional() }).optional() }),
});

/** Names, values and addresses that are longer than this may be cut, so they are scrubbed before. */
const MAY_BE_CUT = 200;

/** What a tab shows, frames included, as lines. Of what is cut in them `scrub` has seen the whole; the lines themselves are not scrubbed yet. */
export async function readTab(cdp: Cdp, refs: Refs, tab: Tab, scrub: Scrub): Promise<TabText> {
  const links = new Set<string>();
  const fields: Ref[] = [];
  let frames = 0;
  let title = "";
  const linesOf = async (frame: Frame, depth: number): Promise<string[]> => {
    frames++;
    const { nodes: all } = await cdp.ask(
      z.object({ nodes: z.array(AxNode) }),
      "Accessibility.getFullAXTree",
      { frameId: frame.id },
      frame.session,
    );
    const nodes = await longClean(all.slice(0, MAX_NODES), scrub);
    if (depth === 0) title = String(nodes[0]?.name?.value ?? "").trim();
    const inner = new Map<number, string[]>();
    for (const node of nodes) {
      if (node.role?.value !== "Iframe" || node.backendDOMNodeId === undefined || depth >= MAX_DEPTH || frames >= MAX_FRAMES) continue;
      const child = await frameOf(cdp, tab, frame, node.backendDOMNodeId);
      if (child === null) continue;
      const lines = await linesOf(child, depth + 1).catch(notThere);
      if (lines.length > 0)
        inner.set(node.backendDOMNodeId, [`(frame ${await cutClean(child.url, 200, scrub)})`, ...lines.map((line) => `  ${line}`)]);
    }
    return axText(nodes, {
      base: frame.url,
      link: (url) => links.add(url),
      frame: (node) => inner.get(node) ?? null,
      ref(node, role, label) {
        const ref = refs.of(tab, frame, node, role, label);
        if (role !== "link") fields.push(ref);
        return { name: ref.name, hidden: refs.isHidden(ref) };
      },
    });
  };
  const top = topFrame(tab);
  const lines = await linesOf(top, 0);
  const names = await allClean(
    fields.map(({ label }) => label),
    scrub,
  );
  for (const [index, ref] of fields.entries()) ref.clean = names[index];
  return { url: topFrame(tab).url, title, lines, links: [...links].filter((link) => /^https?:/.test(link)) };
}

/** Nodes of which everything that is long has been scrubbed. */
async function longClean(nodes: readonly AxNode[], scrub: Scrub): Promise<AxNode[]> {
  const texts = nodes.flatMap((node) => textsIn(node).flatMap(({ value }) => (isLong(value) ? [value] : [])));
  // As they are written in lines: a secret with more white space in it would not be found.
  const clean = await allClean(
    texts.map((text) => text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")),
    scrub,
  );
  const by = new Map(texts.map((text, index) => [text, clean[index] ?? ""]));
  const cleaned = (one: AxNode["name"]): AxNode["name"] =>
    one !== undefined && isLong(one.value) ? { value: by.get(one.value) ?? "" } : one;
  return nodes.map((node) =>
    textsIn(node).some(({ value }) => isLong(value))
      ? {
          ...node,
          name: cleaned(node.name),
          value: cleaned(node.value),
          properties: node.properties?.map(({ name, value }) => ({ name, value: cleaned(value) ?? value })),
        }
      : node,
  );
}

const isLong = (value: unknown): value is string => typeof value === "string" && value.length > MAY_BE_CUT;
const textsIn = ({ name, value, properties = [] }: AxNode): { value?: unknown }[] => [
  ...[name, value].filter((one) => one !== undefined),
  ...properties.map((one) => one.value),
];

async function frameOf(cdp: Cdp, tab: Tab, parent: Frame, node: number): Promise<Frame | null> {
  try {
    const described = await cdp.ask(Described, "DOM.describeNode", { backendNodeId: node, pierce: true }, parent.session);
    const id = described.node.frameId ?? described.node.contentDocument?.frameId;
    return id === undefined ? null : (tab.frames.get(id) ?? null);
  } catch (error) {
    return notThere(error)[0] ?? null;
  }
}

/** It went while it was read. */
function notThere(error: unknown): never[] {
  if (error instanceof CdpRefusal) return [];
  throw error;
}

/** One part of a page's text, from a character on, to the end of a line. */
export function partOf(text: string, from: number): string {
  if (from > 0 && from >= text.length) return `[There are only ${text.length} characters.]`;
  const line = text.lastIndexOf("\n", from + PART);
  const end = from + PART >= text.length ? text.length : line > from ? line + 1 : from + PART;
  const more =
    end < text.length ? `\n[Characters ${from} to ${end} of ${text.length}. Go on with from: ${end}, or look for words with find]` : "";
  return `${text.slice(from, end)}${more}`;
}

const MAX_FOUND = 30;

/** The lines that hold some words, each with its neighbours. */
export function linesWith(lines: readonly string[], words: string): string {
  const wanted = words.toLowerCase();
  const hits = lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []));
  if (hits.length === 0) return `[Nothing on the page holds ${JSON.stringify(words)}.]`;
  const shown = new Set(hits.slice(0, MAX_FOUND).flatMap((index) => [index - 1, index, index + 1]));
  const found = lines.flatMap((line, index) => (shown.has(index) ? [shown.has(index - 1) || index === 0 ? line : `…\n${line}`] : []));
  return `${found.join("\n")}${hits.length > MAX_FOUND ? `\n[and ${hits.length - MAX_FOUND} more]` : ""}`;
}
