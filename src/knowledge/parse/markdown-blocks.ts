import { linesOf } from "./lines.ts";
import type { Work } from "./work.ts";

/** From this many characters on, a nested item of a list is a block of its own and an item's next paragraph a paragraph. */
const LONG_ITEM = 800;
/** From this many characters on, the next line of a paragraph begins another. */
const LONG_PARAGRAPH = 4_000;

/** From this many characters on, code and tables go on in a second block. Of millions of short lines the list alone would fill the memory. */
const LONG_BLOCK = 50_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,100}|(?:\*[ \t]*){3,100}|(?:_[ \t]*){3,100})$/;
const ITEM = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const CELL_RULE = /^[ \t]*:?-+:?[ \t]*$/;

/**
 * Adds the blocks of a Markdown text; what they say stays as it is written. Only lines are looked at, each once, so it takes time in proportion to the length, whatever is
 * written there: micromark, which also reads what is inside a line, takes 40 s and 750 MB for one megabyte.
 */
export async function addMarkdown(text: string, work: Work): Promise<void> {
  const reader = new MarkdownReader(work);
  for (const line of linesOf(text)) {
    reader.line(line);
    const pause = work.spend(line.length + 1);
    if (pause) await pause;
  }
  reader.end();
}

type Open = "nothing" | "paragraph" | "quote" | "item" | "table" | "fence" | "indented";

class MarkdownReader {
  #open: Open = "nothing";
  #lines: string[] = [];
  #length = 0;
  /** Of a code block: what ends it. */
  #fence: RegExp | null = null;
  /** Whether empty lines stand before this one, in an item or an indented block. */
  #gap = 0;
  /** Of an item: where its mark stands, and whether a fence in it is open. */
  #indent = 0;
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  line(line: string): void {
    // Code in an item ends with the item, closed or not.
    if (this.#fence !== null && this.#open === "item" && line.trim() !== "" && indentOf(line) <= this.#indent) this.#fence = null;
    if (this.#fence !== null) {
      if (this.#open === "fence" && this.#length > LONG_BLOCK && !this.#fence.test(line)) this.#goOn(1);
      this.#push(line);
      if (this.#fence.test(line)) {
        this.#fence = null;
        if (this.#open === "fence") this.end();
      }
      return;
    }
    if (line.trim() === "") this.#empty();
    else this.#text(line);
  }

  /** Ends the open block. */
  end(): void {
    const [open, lines] = [this.#open, this.#lines];
    this.#open = "nothing";
    this.#lines = [];
    this.#length = 0;
    this.#gap = 0;
    this.#fence = null;
    if (lines.length === 0) return;
    const text = lines.join("\n");
    if (open === "fence") this.#work.add("code", closed(text));
    else if (open === "indented") this.#work.add("code", `\`\`\`\n${text}\n\`\`\``);
    else if (open === "item") this.#work.add("list-item", text.replaceAll(/\n{3,}/g, "\n\n"));
    else if (open === "table") this.#work.add("table", text);
    else this.#work.add("paragraph", text);
  }

  /** Ends what is open and begins the same again, with its first lines: the fence, or the header. */
  #goOn(first: number): void {
    const [open, fence, lines] = [this.#open, this.#fence, this.#lines.slice(0, first)] as const;
    this.end();
    [this.#open, this.#fence] = [open, fence];
    for (const line of lines) this.#push(line);
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
  }

  #begin(open: Open, line: string): void {
    this.end();
    this.#open = open;
    this.#push(line);
  }

  #empty(): void {
    if (this.#open === "item" || this.#open === "indented") this.#gap++;
    else this.end();
  }

  #text(line: string): void {
    if (this.#open === "item" && this.#continueItem(line)) return;
    if (this.#open === "indented") {
      if (/^(?: {4}|\t)/.test(line)) {
        for (; this.#gap > 0; this.#gap--) this.#push("");
        this.#push(line.replace(/^(?: {4}|\t)/, ""));
        return;
      }
      this.end();
    }
    if (this.#startsBlock(line)) return;
    if (this.#open === "table" && this.#length > LONG_BLOCK) this.#goOn(2);
    if (this.#open === "table" || (this.#open === "paragraph" && this.#length <= LONG_PARAGRAPH)) {
      this.#push(line);
      if (this.#open === "paragraph") this.#maybeTable();
      return;
    }
    if (this.#open === "quote" && this.#length <= LONG_PARAGRAPH) this.#push(line);
    else if (this.#open !== "paragraph" && /^(?: {4}|\t)/.test(line)) this.#begin("indented", line.replace(/^(?: {4}|\t)/, ""));
    else this.#begin("paragraph", line);
  }

  /** Blocks that are told by one line. */
  #startsBlock(line: string): boolean {
    const fence = fenceOf(line);
    if (fence !== null) {
      this.#begin("fence", line);
      this.#fence = fence;
      return true;
    }
    const level = HEADING.exec(line)?.[1]?.length;
    if (level !== undefined) {
      this.end();
      this.#work.add("heading", headingText(line), { level });
      return true;
    }
    // A line of dashes below text makes it a heading.
    if (this.#open === "paragraph" && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line) && this.#length < 500) {
      const text = this.#lines.map((one) => one.trim()).join(" ");
      this.#lines = [];
      this.end();
      this.#work.add("heading", text, { level: line.includes("=") ? 1 : 2 });
      return true;
    }
    if (RULE.test(line)) {
      this.end();
      return true;
    }
    const item = ITEM.exec(line);
    if (item !== null && !(this.#open === "nothing" && indentOf(line) >= 4)) {
      this.#begin("item", line.trimEnd());
      this.#indent = indentOf(line);
      this.#fence = fenceOf(line.slice(item[0].length));
      return true;
    }
    if (/^ {0,3}>/.test(line)) {
      const blank = /^ {0,3}>[\s>]*$/.test(line);
      if (blank) this.end();
      else if (this.#open === "quote" && this.#length <= LONG_PARAGRAPH) this.#push(line);
      else this.#begin("quote", line);
      return true;
    }
    return false;
  }

  /** Whether a line belongs to the item that is open. */
  #continueItem(line: string): boolean {
    const indent = indentOf(line);
    const gap = this.#gap;
    const nested = indent > this.#indent;
    const item = ITEM.test(line) && !RULE.test(line);
    if (item && (!nested || this.#length > LONG_ITEM)) return false;
    // Text right below goes on, wherever it stands; below an empty line only when it is indented.
    if (!nested && (gap > 0 || HEADING.test(line) || RULE.test(line) || fenceOf(line) !== null || /^ {0,3}>/.test(line))) return false;
    if (gap > 0 && this.#length > LONG_ITEM) return false;
    if (gap > 0) this.#push("");
    this.#gap = 0;
    this.#push(line.trimEnd());
    this.#fence = fenceOf(line.trimStart());
    return true;
  }

  /** A line of dashes and bars below one with as many cells makes both a table. */
  #maybeTable(): void {
    const rule = this.#lines.at(-1) ?? "";
    const head = this.#lines.at(-2) ?? "";
    if (!/^[\s|:-]+$/.test(rule) || !head.includes("|")) return;
    const cells = cellsOf(rule);
    if (cells.length !== cellsOf(head).length || !cells.every((cell) => CELL_RULE.test(cell))) return;
    this.#lines.splice(-2);
    this.end();
    this.#open = "table";
    this.#push(head);
    this.#push(rule);
  }
}

/** What ends the code block that a line begins; null: it begins none. */
function fenceOf(line: string): RegExp | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined || (mark.startsWith("`") && line.includes("`", line.indexOf(mark) + mark.length))) return null;
  return new RegExp(`^[ \\t]*${mark[0]}{${Math.min(mark.length, 1000)},}[ \\t]*$`);
}

/** Code with its last fence, which the end of the file may have cut off. */
function closed(code: string): string {
  const mark = FENCE.exec(code)?.[1] ?? "```";
  const last = code.slice(code.lastIndexOf("\n") + 1).trim();
  return last.startsWith(mark) && code.includes("\n") ? code : `${code}\n${mark}`;
}

function headingText(line: string): string {
  const text = line.trim().replace(/^#+/, "").trim();
  let end = text.length;
  while (text[end - 1] === "#") end--;
  return end === 0 || /\s/.test(text[end - 1] ?? "") ? text.slice(0, end).trim() : text;
}

/** Columns before the first character; a tab goes to the next multiple of four. */
function indentOf(line: string): number {
  let column = 0;
  for (const character of line) {
    if (character === " ") column++;
    else if (character === "\t") column += 4 - (column % 4);
    else break;
  }
  return column;
}

/** The cells of a row, without the bars at its ends. */
function cellsOf(row: string): string[] {
  return row
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/);
}
