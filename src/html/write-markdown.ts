import { columnsOf } from "./flat-tables.ts";
import type { HtmlElement, HtmlNode } from "./html-tree.ts";

/** The address that a link is written with; null: only its text is. */
export type ResolveLink = (href: string) => string | null;

/**
 * Markdown for a model to read: nothing is escaped (that protects a renderer, and a model reads it as noise) but what would break a table, and nothing is aligned.
 * Links keep their address byte for byte, since by that they are fetched.
 */
export function writeMarkdown(nodes: readonly HtmlNode[], resolve: ResolveLink): string {
  const blocks: string[] = [];
  writeBlocks(nodes, resolve, blocks);
  return blocks.join("\n\n");
}

/** Adds the blocks of some nodes; what stands in a line between two blocks is a paragraph. */
function writeBlocks(nodes: readonly HtmlNode[], resolve: ResolveLink, blocks: string[]): void {
  let line: HtmlNode[] = [];
  const endLine = (): void => {
    if (line.length > 0) add(blocks, lineOf(line, resolve));
    line = [];
  };
  for (const node of nodes) {
    if (typeof node === "string" || !node.block) {
      line.push(node);
      continue;
    }
    endLine();
    writeBlock(node, resolve, blocks);
  }
  endLine();
}

function add(blocks: string[], text: string): void {
  if (text !== "") blocks.push(text);
}

function writeBlock(node: HtmlElement, resolve: ResolveLink, blocks: string[]): void {
  const { name, children } = node;
  if (/^h[1-6]$/.test(name)) {
    const text = lineOf(children, resolve).replaceAll("\n", " ");
    add(blocks, text === "" ? "" : `${"#".repeat(Number(name[1]))} ${text}`);
  } else if (name === "hr") blocks.push("---");
  else if (name === "pre") add(blocks, codeBlock(node));
  else if (name === "ul" || name === "ol") add(blocks, listOf(node, resolve));
  else if (name === "table") writeTable(node, resolve, blocks);
  else if (name === "blockquote") add(blocks, writeMarkdown(children, resolve).replaceAll(/^/gm, "> ").replaceAll(/^> $/gm, ">"));
  else if (name === "dd") add(blocks, indented(writeMarkdown(children, resolve), ": "));
  else writeBlocks(children, resolve, blocks);
}

/** Text with its first line after a mark and the others below it; empty stays empty. */
const indented = (text: string, mark: string): string =>
  text === "" ? "" : `${mark}${text.replaceAll(/\n(?=.)/g, `\n${" ".repeat(mark.length)}`)}`;

function listOf({ name, attributes, children }: HtmlElement, resolve: ResolveLink): string {
  const start = /^\d{1,6}$/.test(attributes["start"] ?? "") ? Number(attributes["start"]) : 1;
  let number = start;
  const items: string[] = [];
  for (const child of children) {
    if (typeof child === "string" && child.trim() === "") continue;
    const blocks: string[] = [];
    writeBlocks(typeof child !== "string" && child.name === "li" ? child.children : [child], resolve, blocks);
    // A list right below its item needs no empty line.
    const text = blocks.reduce((all, block) => `${all}${all === "" ? "" : /^(?:- |\d+\. )/.test(block) ? "\n" : "\n\n"}${block}`, "");
    const item = indented(text, name === "ol" ? `${number}. ` : "- ");
    if (item === "") continue;
    items.push(item);
    number++;
  }
  return items.join("\n");
}

function codeBlock(node: HtmlElement): string {
  const code = rawText(node.children).replace(/^\n/, "").trimEnd();
  if (code === "") return "";
  const inner = node.children.find((child) => typeof child !== "string" && child.name === "code");
  const classes = `${node.attributes["class"] ?? ""} ${typeof inner === "object" ? (inner.attributes["class"] ?? "") : ""}`;
  const language = /(?:^|\s)lang(?:uage)?-([\w+#.-]{1,30})/.exec(classes)?.[1] ?? "";
  const longest = (code.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Text with its own white space. */
function rawText(nodes: readonly HtmlNode[]): string {
  const parts: string[] = [];
  const write = (list: readonly HtmlNode[]): void => {
    for (const node of list) {
      if (typeof node === "string") parts.push(node);
      else if (node.name === "br") parts.push("\n");
      else {
        write(node.children);
        if (node.block && parts.at(-1)?.endsWith("\n") === false) parts.push("\n");
      }
    }
  };
  write(nodes);
  return parts.join("").replaceAll("\r\n", "\n");
}

/** The first row is its head, whether the page says so or not: Markdown has no table without one. */
function writeTable(table: HtmlElement, resolve: ResolveLink, blocks: string[]): void {
  const rows: string[][] = [];
  const read = (nodes: readonly HtmlNode[]): void => {
    for (const node of nodes) {
      if (typeof node === "string") add(blocks, node.trim());
      else if (node.name === "tr") rows.push(cellsOf(node, resolve));
      else if (node.name === "thead" || node.name === "tbody" || node.name === "tfoot") read(node.children);
      else writeBlock(node, resolve, blocks);
    }
  };
  read(table.children);
  const filled = rows.filter((row) => row.some((cell) => cell !== ""));
  const columns = filled.reduce((most, row) => Math.max(most, row.length), 0);
  if (columns === 0) return;
  const lines = filled.map((row) => `| ${row.join(" | ")} |`);
  blocks.push([lines[0], `|${" - |".repeat(columns)}`, ...lines.slice(1)].join("\n"));
}

const cellsOf = (row: HtmlElement, resolve: ResolveLink): string[] =>
  row.children.flatMap((cell) => {
    if (typeof cell === "string") return [];
    const text = lineOf(cell.children, resolve)
      .split("\n")
      .map((line) => line.trim())
      .join(" ")
      .replaceAll("|", "\\|");
    return [text, ...Array.from({ length: columnsOf(cell) - 1 }, () => "")];
  });

const MARKS: Readonly<Record<string, string>> = {
  b: "**",
  strong: "**",
  em: "*",
  i: "*",
  del: "~~",
  s: "~~",
  strike: "~~",
  code: "`",
  kbd: "`",
  samp: "`",
  tt: "`",
};

/** Nodes in one line; a `br` begins a new one. What stands on lines of its own elsewhere is kept apart by a space. */
function lineOf(nodes: readonly HtmlNode[], resolve: ResolveLink): string {
  return inline(nodes, resolve, new Set())
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{2,}/g, "\n")
    .trim();
}

/** `inside`: marks that are open already. Each is written once, however often it is nested, so the depth is that of their number. */
function inline(nodes: readonly HtmlNode[], resolve: ResolveLink, inside: ReadonlySet<string>): string {
  const parts: string[] = [];
  const write = (list: readonly HtmlNode[]): void => {
    for (const node of list) {
      if (typeof node === "string") parts.push(node.replaceAll(/[ \t\n\r\f]+/g, " "));
      else if (node.name === "br") parts.push("\n");
      else if (node.name === "input") parts.push(node.attributes["checked"] === undefined ? "[ ] " : "[x] ");
      else if (node.name === "a" && !inside.has("a")) parts.push(linkOf(node, resolve, inside));
      else {
        const mark = MARKS[node.name];
        if (mark !== undefined && !inside.has(mark) && !inside.has("`"))
          parts.push(marked(inline(node.children, resolve, new Set([...inside, mark])), mark));
        else {
          const apart = node.block ? " " : node.name === "q" ? '"' : "";
          parts.push(apart);
          write(node.children);
          parts.push(apart);
        }
      }
    }
  };
  write(nodes);
  return parts.join("");
}

/** Marks stand at the words; white space beside them stays outside. */
function marked(text: string, mark: string): string {
  const inner = text.trim();
  if (inner === "") return text === "" ? "" : " ";
  return `${/^\s/.test(text) ? " " : ""}${mark}${inner}${mark}${/\s$/.test(text) ? " " : ""}`;
}

function linkOf(node: HtmlElement, resolve: ResolveLink, inside: ReadonlySet<string>): string {
  const text = inline(node.children, resolve, new Set([...inside, "a"]));
  const words = text.replaceAll(/\s+/g, " ").trim();
  const url = words === "" ? null : resolve(node.attributes["href"] ?? "");
  if (url === null) return text;
  const link = words === url ? `<${url}>` : `[${words}](${url})`;
  return `${/^\s/.test(text) ? " " : ""}${link}${/\s$/.test(text) ? " " : ""}`;
}
