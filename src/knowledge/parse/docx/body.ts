import { addGrid } from "../grid.ts";
import type { Work } from "../work.ts";
import type { XmlHandler } from "../xml.ts";
import type { ListPlace } from "./numbering.ts";
import type { ParagraphStyle } from "./styles.ts";

interface Paragraph {
  text: string[];
  style: string;
  outline: number | null;
  list: Partial<ListPlace>;
  page: number;
}

interface Table {
  rows: string[][];
  cells: string[];
  cell: string[];
  span: number;
  page: number;
}

/** Elements whose text is in the file but not in the document. */
const LEFT_OUT = new Set(["w:del", "w:moveFrom", "mc:Fallback", "w:sectPr", "w:pict"]);
const MAX_SPAN = 50;

/** Reads `word/document.xml` and the notes. */
export class BodyReader implements XmlHandler {
  /** Where the text is, by the page breaks that the writer asked for and those that Word noted when it last laid the document out. */
  page: number;
  /** Text boxes are paragraphs inside of paragraphs. */
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: Table[] = [];
  readonly #counts = new Map<string, number[]>();
  readonly #work: Work;
  readonly #hold: (chars: number) => void;
  readonly #styles: (id: string) => ParagraphStyle;
  readonly #format: (place: ListPlace) => string | null;
  #leftOut = 0;
  #inText = 0;
  #hidden = false;
  #brokenHere = false;

  constructor(work: Work, styles: (id: string) => ParagraphStyle, format: (place: ListPlace) => string | null, page = 1) {
    this.#work = work;
    this.#hold = work.holding();
    this.#styles = styles;
    this.#format = format;
    this.page = page;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#leftOut > 0 || LEFT_OUT.has(name)) {
      this.#leftOut++;
      return;
    }
    const value = attributes["w:val"] ?? "";
    const paragraph = this.#paragraphs.at(-1);
    const table = this.#tables.at(-1);
    if (name === "w:p") this.#paragraphs.push({ text: [], style: "", outline: null, list: {}, page: this.page });
    else if (name === "w:t" || name === "m:t") this.#inText++;
    else if (name === "w:r") this.#hidden = false;
    else if (name === "w:vanish") this.#hidden = !["0", "false", "off"].includes(value);
    else if (name === "w:tbl") this.#tables.push({ rows: [], cells: [], cell: [], span: 1, page: this.page });
    else if (name === "w:br" && attributes["w:type"] === "page") this.#break(true);
    else if (name === "w:lastRenderedPageBreak") this.#break(false);
    else if (name === "w:gridSpan" && table !== undefined) table.span = Math.min(MAX_SPAN, Math.max(1, Number(value) || 1));
    else if (paragraph === undefined) return;
    else if (name === "w:br" || name === "w:cr") this.#put(paragraph, "\n");
    else if (name === "w:tab") this.#put(paragraph, "\t");
    else if (name === "w:noBreakHyphen") this.#put(paragraph, "-");
    else if (name === "w:pStyle") paragraph.style = value;
    else if (name === "w:outlineLvl" && /^[0-9]$/.test(value)) paragraph.outline = Number(value);
    else if (name === "w:numId") paragraph.list.list = value;
    else if (name === "w:ilvl" && /^[0-8]$/.test(value)) paragraph.list.depth = Number(value);
  }

  close(name: string): void {
    if (this.#leftOut > 0) {
      this.#leftOut--;
      return;
    }
    const table = this.#tables.at(-1);
    if (name === "w:t" || name === "m:t") this.#inText--;
    else if (name === "w:r") this.#hidden = false;
    else if (name === "w:p") this.#endParagraph();
    else if (table === undefined) return;
    else if (name === "w:tc") {
      this.#hold(table.span);
      table.cells.push(table.cell.join(" "), ...Array.from({ length: table.span - 1 }, () => ""));
      table.cell = [];
      table.span = 1;
    } else if (name === "w:tr") {
      if (table.cells.some((cell) => cell.trim() !== "")) table.rows.push(table.cells);
      table.cells = [];
    } else if (name === "w:tbl") {
      this.#tables.pop();
      this.#endTable(table);
    }
  }

  characters(text: string): void {
    if (this.#inText === 0 || this.#leftOut > 0 || this.#hidden) return;
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return;
    if (paragraph.text.length === 0) paragraph.page = this.page;
    this.#put(paragraph, text);
    if (text.trim() !== "") this.#brokenHere = false;
  }

  #put(paragraph: Paragraph, text: string): void {
    this.#hold(text.length);
    paragraph.text.push(text);
  }

  /** Word notes a break that was asked for a second time, in front of the text behind it. */
  #break(asked: boolean): void {
    if (asked || !this.#brokenHere) this.page = Math.min(this.page + 1, this.#work.limits.pages);
    this.#brokenHere = asked;
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (paragraph === undefined) return;
    const text = paragraph.text.join("").trim();
    if (text === "") return;
    const table = this.#tables.at(-1);
    if (table !== undefined) {
      table.cell.push(text);
      return;
    }
    const style = this.#styles(paragraph.style);
    const level = paragraph.outline === null ? style.level : paragraph.outline > 8 ? null : Math.min(6, paragraph.outline + 1);
    const { list, depth = 0 } = { ...style.list, ...paragraph.list };
    if (level !== null) this.#work.add("heading", text.replaceAll(/\s+/g, " "), { level, page: paragraph.page });
    else if (list !== undefined && list !== "0") {
      this.#work.add(
        "list-item",
        `${"  ".repeat(depth)}${this.#mark({ list, depth })} ${text.replaceAll("\n", `\n${"  ".repeat(depth + 1)}`)}`,
        {
          page: paragraph.page,
        },
      );
    } else this.#work.add("paragraph", text, { page: paragraph.page });
  }

  /** `-`, or the number of the item. */
  #mark(place: ListPlace): string {
    const format = this.#format(place);
    const counts = this.#counts.get(place.list) ?? [];
    counts.length = place.depth + 1;
    const count = (counts[place.depth] ?? 0) + 1;
    counts[place.depth] = count;
    this.#counts.set(place.list, counts);
    return format === null || format === "bullet" || format === "none" ? "-" : `${count}.`;
  }

  #endTable({ rows, page }: Table): void {
    const outer = this.#tables.at(-1);
    if (outer !== undefined) {
      outer.cell.push(rows.map((row) => row.join(" ")).join(" "));
      return;
    }
    addGrid(rows, this.#work, page);
  }
}
