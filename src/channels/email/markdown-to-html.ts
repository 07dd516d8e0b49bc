import type { Definition, ListItem, Nodes, Root, RootContent, TableRow } from "mdast";
import { fileHref, linkedPath, namedParts, namedPath } from "../../workspace/named-path.ts";
import { readMarkdown } from "../read-markdown.ts";

/** The parser's time grows faster than the text: of a longer one the text alone is sent. */
const MAX_MARKDOWN = 60_000;
const MAX_URL = 2_048;

const escape = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // Not characters of HTML (WHATWG, 13.2.3.5).
    .replaceAll(/[^\P{Cc}\n\t]/gu, "\ufffd");

/**
 * CommonMark with GitHub's extensions as the HTML of a mail. HTML in the text is text; pictures are links, so that nothing is loaded when the mail is opened. Never throws: what cannot be
 * parsed is one paragraph. `page`: where the user's page is, so that paths of their files lead there; null: not known, and they are words.
 */
export function markdownToHtml(markdown: string, page: string | null = null): string {
  const body = parsed(markdown, page) ?? `<p style="white-space:pre-wrap">${escape(markdown)}</p>`;
  return `<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif;line-height:1.5">${body}</body></html>`;
}

function parsed(markdown: string, page: string | null): string | null {
  if (markdown.length > MAX_MARKDOWN) return null;
  try {
    const tree = readMarkdown(markdown.toWellFormed());
    if (tree === null) return null;
    const definitions = new Map<string, Definition>();
    collect(tree, definitions);
    return new Writer(definitions, page).all(tree.children);
  } catch {
    return null;
  }
}

function collect(node: Nodes, definitions: Map<string, Definition>): void {
  if (node.type === "definition" && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  if ("children" in node) for (const child of node.children) collect(child, definitions);
}

class Writer {
  constructor(
    private readonly definitions: ReadonlyMap<string, Definition>,
    private readonly page: string | null,
  ) {}

  #linked = false;

  #label(nodes: readonly RootContent[]): string {
    this.#linked = true;
    const label = this.all(nodes);
    this.#linked = false;
    return label;
  }

  all(nodes: readonly (Root | RootContent)[]): string {
    return nodes.map((node) => this.#one(node)).join("");
  }

  #one(node: Root | RootContent): string {
    switch (node.type) {
      case "paragraph":
        return `<p>${this.all(node.children)}</p>`;
      case "heading":
        return `<h${node.depth}>${this.all(node.children)}</h${node.depth}>`;
      case "blockquote":
        return `<blockquote>${this.all(node.children)}</blockquote>`;
      case "code":
        return `<pre><code>${escape(node.value)}</code></pre>`;
      case "list":
        return node.ordered
          ? `<ol start="${node.start ?? 1}">${node.children.map((item) => this.#item(item)).join("")}</ol>`
          : `<ul>${node.children.map((item) => this.#item(item)).join("")}</ul>`;
      case "listItem":
        return this.#item(node);
      case "table":
        return `<table border="1" cellpadding="4" style="border-collapse:collapse">${node.children.map((row, index) => this.#row(row, index === 0 ? "th" : "td")).join("")}</table>`;
      case "tableRow":
        return this.#row(node, "td");
      case "thematicBreak":
        return "<hr>";
      case "text":
        return this.#words(node.value);
      case "html":
        return escape(node.value);
      case "inlineCode": {
        const code = `<code>${escape(node.value)}</code>`;
        return this.#toFile(namedPath(node.value)) === null ? code : this.#link(node.value, code);
      }
      case "strong":
        return `<strong>${this.all(node.children)}</strong>`;
      case "emphasis":
        return `<em>${this.all(node.children)}</em>`;
      case "delete":
        return `<del>${this.all(node.children)}</del>`;
      case "break":
        return "<br>";
      case "link":
        return this.#link(node.url, this.#label(node.children));
      case "image":
        return this.#link(node.url, escape(node.alt || "image"));
      case "linkReference":
        return this.#link(this.definitions.get(node.identifier)?.url ?? "", this.#label(node.children));
      case "imageReference":
        return this.#link(this.definitions.get(node.identifier)?.url ?? "", escape(node.alt || "image"));
      case "footnoteReference":
        return escape(`[${node.label ?? node.identifier}]`);
      case "footnoteDefinition":
        return `<p>${escape(`[${node.label ?? node.identifier}] `)}</p>${this.all(node.children)}`;
      case "tableCell":
      case "root":
        return this.all(node.children);
      case "definition":
      case "yaml":
        return "";
    }
  }

  #item(item: ListItem): string {
    const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
    const [only] = item.children;
    const inner = item.children.length === 1 && only?.type === "paragraph" ? this.all(only.children) : this.all(item.children);
    return `<li>${box}${inner}</li>`;
  }

  #row(row: TableRow, cell: "th" | "td"): string {
    return `<tr>${row.children.map(({ children }) => `<${cell}>${this.all(children)}</${cell}>`).join("")}</tr>`;
  }

  /** A sentence, in which a path of a file leads to it. A link within a link there is not. */
  #words(value: string): string {
    if (this.#linked || this.page === null) return escape(value);
    return namedParts(value)
      .map(({ text, path }) => (path === null ? escape(text) : this.#link(text, escape(text))))
      .join("");
  }

  /** Where one of the user's files is on their page; null: it is none, or where the page is is not known. */
  #toFile(path: string | null): string | null {
    return path === null || this.page === null ? null : `${this.page}${fileHref(path)}`;
  }

  /** Only addresses of the web become links; any other is written out, so that nothing hides behind a word. */
  #link(target: string, label: string): string {
    const url = this.#toFile(linkedPath(target)) ?? target;
    const web = /^https?:\/\//i.test(url) && URL.canParse(url) && url.length <= MAX_URL;
    if (web) return `<a href="${escape(url)}" rel="noreferrer">${label || escape(url)}</a>`;
    return url === "" || label === escape(url) ? label : `${label} (${escape(url)})`;
  }
}
