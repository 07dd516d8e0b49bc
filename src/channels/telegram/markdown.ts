import type { Definition, ListItem, Nodes, PhrasingContent, RootContent, Table } from "mdast";
import { fileHref, linkedPath, namedParts, namedPath } from "../../workspace/named-path.ts";
import { readMarkdown } from "../read-markdown.ts";
import type { Run, Style } from "./formatted.ts";
import { CITATION, citedSources } from "../cited-sources.ts";
import { layTable } from "./table.ts";

/**
 * The parser's time grows faster than the text, so a long reply is parsed in pieces of about this length (a message has at most 4,096
 * units). Only link definitions that stand in another piece are lost by that.
 */
const PIECE = 8_000;
/** A piece that could not be cut to less is not parsed at all. */
const MAX_PIECE = 20_000;
/** The longest address Telegram keeps in a link. */
const MAX_URL = 2048;

/**
 * CommonMark with GitHub's extensions as styled text. Never throws: what cannot be parsed stays as it was written.
 * Lone surrogates become U+FFFD, as in every UTF-8 body. `page`: where the user's page is, so that paths of their files lead there; null: not known, and they are words.
 */
export function markdownToRuns(markdown: string, page: string | null = null): Run[] {
  const runs: Run[] = [];
  let block = 0;
  for (const piece of piecesOf(markdown.toWellFormed())) {
    const writer = parsePiece(piece, block, page);
    const more = writer?.runs ?? plainRuns(piece.trim());
    if (more.length === 0) continue;
    if (runs.length > 0) runs.push({ text: "\n\n", style: {} });
    runs.push(...more);
    block = writer?.lastBlock ?? block;
  }
  return runs;
}

/** Null: too long, too tangled, or too much for the parser. `block` is the last block number in use. */
function parsePiece(piece: string, block: number, page: string | null): Writer | null {
  if (piece.length > MAX_PIECE) return null;
  try {
    const tree = readMarkdown(piece);
    if (tree === null) return null;
    const definitions = new Map<string, Definition>();
    collect(tree, definitions);
    const writer = new Writer(definitions, block, page, citedSources(tree));
    writer.blocks(tree.children, 2);
    return writer;
  } catch {
    // Deep nesting of another kind overflows the stack; the text itself is still a good message.
    return null;
  }
}

/** Cuts at blank lines that are not inside a fenced code block. */
function piecesOf(source: string): string[] {
  if (source.length <= PIECE) return [source];
  const pieces: string[] = [];
  let start = 0;
  let fence: string | null = null;
  for (const line of source.matchAll(/^.*$/gm)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line[0])?.[1];
    if (fence === null) fence = mark ?? null;
    else if (mark?.startsWith(fence)) fence = null;
    if (fence !== null || line[0].trim() !== "" || line.index - start < PIECE) continue;
    pieces.push(source.slice(start, line.index));
    start = line.index;
  }
  return [...pieces, source.slice(start)];
}

/** Text as it is, in one run. */
export const plainRuns = (text: string): Run[] => (text ? [{ text: text.toWellFormed(), style: {} }] : []);

function collect(node: Nodes, definitions: Map<string, Definition>): void {
  if (node.type === "definition" && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  if ("children" in node) for (const child of node.children) collect(child, definitions);
}

/** Walks the tree and writes runs. Blocks are separated here, so the text neither begins nor ends with a separator. */
class Writer {
  readonly runs: Run[] = [];
  readonly #definitions: Map<string, Definition>;
  #style: Style = {};
  #indent = "";
  #block: number;
  readonly #page: string | null;
  readonly #sources: ReadonlyMap<number, string>;

  constructor(definitions: Map<string, Definition>, block: number, page: string | null, sources: ReadonlyMap<number, string>) {
    this.#sources = sources;
    this.#definitions = definitions;
    this.#block = block;
    this.#page = page;
  }

  /** The number of the last link, quote or code block. */
  get lastBlock(): number {
    return this.#block;
  }

  blocks(nodes: readonly RootContent[], gap: 1 | 2): void {
    let first = true;
    for (const node of nodes) {
      if (node.type === "definition") continue;
      const verbatim = node.type === "code" || node.type === "table";
      if (!first) this.#raw("\n".repeat(gap) + (verbatim ? "" : this.#indent));
      first = false;
      this.#blockOf(node);
    }
  }

  #blockOf(node: RootContent): void {
    switch (node.type) {
      case "paragraph":
        return this.#inlines(node.children);
      case "heading":
        return this.#styled({ bold: true }, () => this.#inlines(node.children));
      case "blockquote":
        // Telegram has no quote within a quote: the inner one joins the outer.
        return this.#styled({ quote: this.#style.quote ?? ++this.#block }, () => this.blocks(node.children, 2));
      case "code":
        return this.#pre(node.value, node.lang ?? "");
      case "table":
        return this.#table(node);
      case "list":
        return node.children.forEach((item, index) => {
          if (index > 0) this.#raw((node.spread ? "\n\n" : "\n") + this.#indent);
          this.#item(item, node.ordered ? `${(node.start ?? 1) + index}. ` : "• ");
        });
      case "thematicBreak":
        return this.#raw("———");
      case "footnoteDefinition":
        this.#raw(`[${node.label ?? node.identifier}] `);
        return this.blocks(node.children, 1);
      // Parts of lists and tables are written with their parents; there is no front matter without its extension.
      case "definition":
      case "listItem":
      case "tableRow":
      case "tableCell":
      case "yaml":
        return;
      default:
        return this.#inline(node);
    }
  }

  #item(item: ListItem, marker: string): void {
    const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
    this.#raw((box && marker === "• " ? "" : marker) + box);
    const outer = this.#indent;
    this.#indent += "   ";
    this.blocks(item.children, item.spread ? 2 : 1);
    this.#indent = outer;
  }

  #table(table: Table): void {
    const rows = table.children.map((row) => row.children.map((cell) => this.#plain(cell.children)));
    this.#pre(layTable(rows, table.align ?? []), "");
  }

  #inlines(nodes: readonly PhrasingContent[]): void {
    for (const node of nodes) this.#inline(node);
  }

  #inline(node: PhrasingContent): void {
    switch (node.type) {
      case "text":
        return this.#words(node.value);
      case "strong":
        return this.#styled({ bold: true }, () => this.#inlines(node.children));
      case "emphasis":
        return this.#styled({ italic: true }, () => this.#inlines(node.children));
      case "delete":
        return this.#styled({ strike: true }, () => this.#inlines(node.children));
      case "inlineCode":
        return this.#styled(this.#toFile(namedPath(node.value)) ?? { code: true }, () => this.#text(node.value));
      case "break":
        return this.#text("\n");
      case "html":
        return this.#text(/^<br\s*\/?>$/i.test(node.value) ? "\n" : node.value);
      case "link":
        return this.#link(node.url, () => this.#inlines(node.children), this.#plain(node.children));
      case "image":
        return this.#link(node.url, () => this.#text(node.alt || "image"), node.alt || "image");
      case "linkReference": {
        const url = this.#definitions.get(node.identifier)?.url ?? "";
        return this.#link(url, () => this.#inlines(node.children), this.#plain(node.children));
      }
      case "imageReference":
        return this.#link(this.#definitions.get(node.identifier)?.url ?? "", () => this.#text(node.alt || "image"), node.alt || "image");
      case "footnoteReference":
        return this.#text(`[${node.label ?? node.identifier}]`);
    }
  }

  /** Only web addresses become links; any other target is written out, so that nothing is hidden behind a word. */
  #link(target: string, write: () => void, label: string): void {
    const url = this.#toFile(linkedPath(target))?.link?.url ?? target;
    const web = /^https?:\/\//i.test(url) && URL.canParse(url) && url.length <= MAX_URL;
    // An address that is its own label: Telegram's clients find it themselves.
    if (web && label !== url && label.trim() !== "") return this.#styled({ link: { block: ++this.#block, url } }, write);
    if (label.trim() === "") return this.#text(url);
    write();
    if (url && label !== url && url !== `mailto:${label}` && url !== `http://${label}`) this.#text(` (${url})`);
  }

  /** A sentence, in which a path of a file leads to it, and a number to the source that the answer lists by it. */
  #words(value: string): void {
    if (this.#style.link) return this.#text(value);
    let end = 0;
    for (const { 0: whole, 1: number, index } of value.matchAll(CITATION)) {
      const url = this.#sources.get(Number(number));
      if (url === undefined || url.length > MAX_URL) continue;
      this.#paths(value.slice(end, index));
      this.#styled({ link: { block: ++this.#block, url } }, () => this.#text(whole));
      end = index + whole.length;
    }
    this.#paths(value.slice(end));
  }

  #paths(value: string): void {
    if (this.#page === null) return this.#text(value);
    for (const { text, path } of namedParts(value)) {
      const style = this.#toFile(path);
      if (style === null) this.#text(text);
      else this.#styled(style, () => this.#text(text));
    }
  }

  /** A link to one of the user's files; null: it is none, or where their page is is not known. */
  #toFile(path: string | null): Style | null {
    return path === null || this.#page === null ? null : { link: { block: ++this.#block, url: `${this.#page}${fileHref(path)}` } };
  }

  /** A fence may name anything; Telegram wants a word. */
  #pre(value: string, language: string): void {
    if (value.trim() === "") return;
    const name = /^[\w+#.-]{1,32}$/.test(language) ? language : "";
    this.#styled({ pre: { block: ++this.#block, language: name } }, () => this.#raw(value));
  }

  #plain(nodes: readonly PhrasingContent[]): string {
    const writer = new Writer(this.#definitions, 0, null, new Map());
    // Links within a label would be written twice; the label alone is wanted.
    writer.#inlines(nodes);
    return writer.runs.map((run) => run.text).join("");
  }

  #styled(style: Style, write: () => void): void {
    const outer = this.#style;
    this.#style = { ...outer, ...style };
    write();
    this.#style = outer;
  }

  #text(value: string): void {
    this.#raw(this.#indent ? value.replaceAll("\n", `\n${this.#indent}`) : value);
  }

  #raw(text: string): void {
    if (text) this.runs.push({ text, style: this.#style });
  }
}
