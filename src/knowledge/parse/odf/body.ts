import { DocumentError } from "../../parsed.ts";
import { addGrid, CELL_CHARS } from "../grid.ts";
import { MAX_COLUMNS } from "../table-rows.ts";
import type { Work } from "../work.ts";
import type { XmlHandler } from "../xml.ts";
import { OpenLists } from "./lists.ts";
import type { OdfStyles } from "./styles.ts";
import { TextLine } from "./text-line.ts";

interface Paragraph {
  line: TextLine;
  /** Of a heading, 1 to 6. */
  level: number | null;
  hidden: boolean;
  page: number;
}

interface Table {
  rows: string[][];
  row: string[];
  /** How many cells the one that is open stands for. */
  repeated: number;
  page: number;
}

/** What is in the file but not in the text: comments, what was struck from it, lists of its headings, what pictures are called. */
const LEFT_OUT = new Set([
  "office:annotation",
  "office:binary-data",
  "office:forms",
  "svg:title",
  "svg:desc",
  "text:script",
  "text:tracked-changes",
  "text:table-of-content",
  "text:alphabetical-index",
  "text:illustration-index",
  "text:table-index",
  "text:object-index",
  "text:ruby-text",
]);
/** What stands on every slide alike. */
const REPEATED = new Set(["page-number", "date-time", "footer", "header"]);
const MAX_LABEL = 20;

/** Reads the text of an OpenDocument file: of a text document, and of a presentation slide by slide. */
export class BodyReader implements XmlHandler {
  #page: number;
  /** Text boxes are paragraphs inside of paragraphs. */
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: Table[] = [];
  /** The texts of the cells and notes that are open, innermost last. */
  readonly #holders: string[][] = [];
  readonly #lists: OpenLists;
  /** Kinds of the frames that are open. */
  readonly #frames: string[] = [];
  /** Notes that wait for the end of the paragraph, list or table that they belong to. */
  #notes: string[] = [];
  readonly #labels: string[] = [];
  #label: string | null = null;
  #leftOut = 0;
  #speakerNotes = false;
  readonly #slides: boolean;
  readonly #work: Work;
  readonly #hold: (chars: number) => void;
  readonly #styles: OdfStyles;

  /** `slides`: whether it is a presentation. */
  constructor(work: Work, styles: OdfStyles, slides: boolean) {
    this.#work = work;
    this.#hold = work.holding();
    this.#styles = styles;
    this.#slides = slides;
    this.#lists = new OpenLists((list, depth) => styles.numbered(list, depth));
    this.#page = slides ? 0 : 1;
  }

  /** Where the text is, from 1: by slides, else by the page breaks that the writer asked for and those that were noted when it was last laid out. */
  get page(): number {
    return Math.max(1, this.#page);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    // A slide that is hidden counts, as the program counts it.
    if (name === "draw:page") this.#beginSlide();
    if (this.#leftOut > 0 || this.#isLeftOut(name, attributes)) {
      this.#leftOut++;
      return;
    }
    if (name === "text:p" || name === "text:h") this.#beginParagraph(name, attributes);
    else if (name.startsWith("text:list")) this.#lists.open(name, attributes);
    else if (name === "text:soft-page-break") this.#nextPage();
    else if (name === "text:note-citation") this.#label = "";
    else if (name === "text:note-body") this.#holders.push([]);
    else if (name === "text:hidden-paragraph") this.#hideParagraph();
    else if (name === "draw:frame") this.#frames.push(attributes["presentation:class"] ?? "");
    else if (name === "presentation:notes") this.#speakerNotes = true;
    else if (name.startsWith("table:")) this.#openTable(name, attributes);
    else if (this.#label === null) this.#paragraphs.at(-1)?.line.open(name, attributes);
  }

  close(name: string): void {
    if (this.#leftOut > 0) {
      this.#leftOut--;
      return;
    }
    if (name === "text:p" || name === "text:h") this.#endParagraph();
    else if (name === "text:list") {
      this.#lists.close(name);
      this.#endBlock();
    } else if (name === "text:note-citation") this.#cite();
    else if (name === "text:note-body") this.#endNote();
    else if (name === "draw:frame") this.#frames.pop();
    else if (name === "presentation:notes") this.#speakerNotes = false;
    else if (name.startsWith("table:")) this.#closeTable(name);
    else if (this.#label === null) this.#paragraphs.at(-1)?.line.close(name);
  }

  characters(text: string): void {
    if (this.#leftOut > 0) return;
    if (this.#label !== null) {
      this.#label = (this.#label + text).slice(0, MAX_LABEL);
      return;
    }
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return;
    if (paragraph.line.empty) paragraph.page = this.page;
    paragraph.line.characters(text);
  }

  /** Adds what waits for the end. */
  end(): void {
    for (const note of this.#notes) this.#work.add("paragraph", note, { page: this.page });
    this.#notes = [];
  }

  #isLeftOut(name: string, attributes: Readonly<Record<string, string>>): boolean {
    if (LEFT_OUT.has(name)) return true;
    const style = attributes["text:style-name"];
    if (name === "text:span") return this.#styles.hidden("text", style);
    if (name === "text:p" || name === "text:h") return this.#styles.hidden("paragraph", style);
    if (name === "text:section") return attributes["text:display"] === "none" || attributes["text:is-hidden"] === "true";
    if (name === "text:hidden-text") return attributes["text:is-hidden"] === "true";
    if (name === "draw:page") return this.#styles.hidden("drawing-page", attributes["draw:style-name"]);
    if (name === "draw:frame") {
      const kind = attributes["presentation:class"] ?? "";
      return REPEATED.has(kind) || (this.#speakerNotes && kind !== "notes");
    }
    return false;
  }

  #beginSlide(): void {
    this.#page++;
    const { pages } = this.#work.limits;
    if (this.#page > pages)
      throw new DocumentError("too_many_pages", `It has more slides than can be taken in (${pages.toLocaleString("en")}).`);
  }

  #nextPage(): void {
    if (!this.#slides) this.#page = Math.min(this.#page + 1, this.#work.limits.pages);
  }

  #beginParagraph(name: string, attributes: Readonly<Record<string, string>>): void {
    const style = attributes["text:style-name"];
    // The first paragraph of a text begins its first page.
    if (this.#work.blocks.length > 0 && this.#paragraphs.length === 0 && this.#styles.breaks(style)) this.#nextPage();
    const outline = attributes["text:outline-level"] ?? "";
    const level =
      name === "text:h" ? (/^[1-9]\d?$/.test(outline) ? Math.min(6, Number(outline)) : 1) : this.#styles.title(style) ? 1 : null;
    this.#paragraphs.push({ line: new TextLine(this.#hold), level, hidden: false, page: this.page });
  }

  #hideParagraph(): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph !== undefined) paragraph.hidden = true;
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (paragraph === undefined) return;
    const text = paragraph.line.text();
    if (text !== "" && !paragraph.hidden) this.#add(text, paragraph);
    this.#endBlock();
  }

  #add(text: string, { level, page }: Paragraph): void {
    const kind = this.#frames.at(-1) ?? "";
    const holder = this.#holders.at(-1);
    if (holder !== undefined) holder.push(text);
    else if (this.#speakerNotes) {
      if (kind === "notes") this.#work.add("paragraph", `Notes: ${text}`, { page });
    } else if (this.#slides && kind === "title") this.#work.add("heading", text.replaceAll(/\s+/g, " "), { level: 2, page });
    else if (level !== null && !this.#slides) this.#work.add("heading", text.replaceAll(/\s+/g, " "), { level, page });
    else if (this.#lists.depth > 0) this.#work.add("list-item", this.#lists.item(text), { page });
    else this.#work.add("paragraph", text, { page });
  }

  /** Notes follow what they belong to; a list is not torn by them. */
  #endBlock(): void {
    if (this.#notes.length > 0 && this.#paragraphs.length + this.#holders.length + this.#lists.depth === 0) this.end();
  }

  #cite(): void {
    const label = this.#label?.replaceAll(/[\s[\]]+/g, "") || String(this.#notes.length + 1);
    this.#label = null;
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return;
    this.#labels.push(label);
    paragraph.line.put(`[^${label}]`);
  }

  #endNote(): void {
    const texts = this.#holders.pop();
    const label = this.#labels.pop() ?? "";
    if (texts !== undefined && texts.length > 0) this.#notes.push(`[^${label}]: ${texts.join(" ")}`);
  }

  #openTable(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "table:table") this.#tables.push({ rows: [], row: [], repeated: 1, page: this.page });
    else if (name === "table:table-row") this.#hold(CELL_CHARS);
    else if (name === "table:table-cell" || name === "table:covered-table-cell") {
      const table = this.#tables.at(-1);
      if (table !== undefined) table.repeated = Math.min(MAX_COLUMNS, Number(attributes["table:number-columns-repeated"] ?? 1) || 1);
      this.#holders.push([]);
    }
  }

  #closeTable(name: string): void {
    const table = this.#tables.at(-1);
    if (table === undefined) return;
    if (name === "table:table-cell" || name === "table:covered-table-cell") this.#endCell(table);
    else if (name === "table:table-row") {
      if (table.row.some((cell) => cell !== "")) table.rows.push(table.row);
      table.row = [];
    } else if (name === "table:table") {
      this.#tables.pop();
      this.#endTable(table);
    }
  }

  #endCell({ row, repeated }: Table): void {
    const text = this.#holders.pop()?.join(" ") ?? "";
    for (let count = 0; count < repeated && row.length < MAX_COLUMNS; count++) {
      this.#hold(CELL_CHARS + (count === 0 ? 0 : text.length));
      row.push(text);
    }
  }

  #endTable({ rows, page }: Table): void {
    const holder = this.#holders.at(-1);
    if (holder !== undefined) holder.push(rows.map((row) => row.join(" ")).join(" "));
    else if (!this.#speakerNotes) addGrid(rows, this.#work, page);
    this.#endBlock();
  }
}
