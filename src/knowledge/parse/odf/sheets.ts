import { DocumentError } from "../../parsed.ts";
import { MAX_ROW_CHARS, SheetRows } from "../sheet-rows.ts";
import { MAX_COLUMNS } from "../table-rows.ts";
import type { Work } from "../work.ts";
import type { XmlHandler } from "../xml.ts";
import { cellText } from "./cell-text.ts";
import type { OdfStyles } from "./styles.ts";
import { TextLine } from "./text-line.ts";

interface Cell {
  attributes: Readonly<Record<string, string>>;
  paragraphs: string[];
  line: TextLine | null;
}

/** What is in a sheet but not in its cells. Copies of what stands in other files are sheets too. */
const LEFT_OUT = new Set(["office:annotation", "office:forms", "table:shapes", "table:tracked-changes", "table:dde-links"]);
const HIDDEN = new Set(["collapse", "filter"]);
/** Columns that a sheet has, in LibreOffice. */
const SHEET_COLUMNS = 16_384;
/** How often a row is written that stands for many. A column that is filled to the bottom has a million. */
const MAX_REPEATED = 1_000;

/** Reads the sheets of an OpenDocument spreadsheet row by row. Sheets, rows and columns that are hidden are left out. */
export class SheetsReader implements XmlHandler {
  readonly #work: Work;
  readonly #styles: OdfStyles;
  #sheets = 0;
  #rows: SheetRows;
  #number = 0;
  #repeated = 1;
  #row: string[] = [];
  #hold: (chars: number) => void;
  /** Where a column is among those that are shown, by its number; filled from the left. */
  #places: number[] = [];
  #hiddenColumns = 0;
  #column = 0;
  #cell: Cell | null = null;
  #inTable = false;
  #leftOut = 0;

  constructor(work: Work, styles: OdfStyles) {
    this.#work = work;
    this.#styles = styles;
    this.#rows = new SheetRows(work);
    this.#hold = work.holding();
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#leftOut > 0 || this.#isLeftOut(name, attributes)) {
      this.#leftOut++;
      return;
    }
    if (name === "table:table") this.#beginSheet(attributes["table:name"] ?? "");
    else if (name === "table:table-column") this.#columns(attributes);
    else if (name === "table:table-row") this.#beginRow(attributes);
    else if (name === "table:table-cell") this.#cell = { attributes, paragraphs: [], line: null };
    else if (name === "table:covered-table-cell") this.#column += repeatedIn(attributes, "columns");
    else if (name === "text:p" && this.#cell !== null) this.#cell.line = new TextLine(this.#hold);
    else this.#cell?.line?.open(name, attributes);
  }

  close(name: string): void {
    if (this.#leftOut > 0) {
      this.#leftOut--;
      return;
    }
    const cell = this.#cell;
    if (name === "table:table") this.#endSheet();
    else if (name === "table:table-row") this.#endRow();
    else if (cell === null) return;
    else if (name === "table:table-cell") {
      this.#endCell(cell);
      this.#cell = null;
    } else if (name === "text:p" && cell.line !== null) {
      cell.paragraphs.push(cell.line.text());
      cell.line = null;
    } else cell.line?.close(name);
  }

  characters(text: string): void {
    if (this.#leftOut === 0) this.#cell?.line?.characters(text);
  }

  end(): void {
    this.#rows.end();
  }

  #isLeftOut(name: string, attributes: Readonly<Record<string, string>>): boolean {
    if (LEFT_OUT.has(name) || (this.#cell !== null && name.startsWith("draw:"))) return true;
    if (name === "table:table") return this.#inTable || this.#styles.hidden("table", attributes["table:style-name"]);
    // Rows on both sides of those that are hidden follow each other.
    return name === "table:table-row" && HIDDEN.has(attributes["table:visibility"] ?? "");
  }

  #beginSheet(name: string): void {
    this.#inTable = true;
    this.#sheets++;
    // A workbook of one sheet needs no name for it, which is known when the second begins.
    if (this.#sheets === 1) this.#first = name;
    if (this.#sheets === 2) this.#nameFirst();
    if (this.#sheets > 1) this.#work.add("heading", name.slice(0, MAX_NAME), { level: 1 });
    this.#rows = new SheetRows(this.#work);
    this.#number = 0;
    this.#places = [];
    this.#hiddenColumns = 0;
  }

  #first = "";

  #nameFirst(): void {
    const { blocks } = this.#work;
    const before = blocks.length;
    this.#work.add("heading", this.#first.slice(0, MAX_NAME), { level: 1 });
    blocks.unshift(...blocks.splice(before));
  }

  #endSheet(): void {
    this.#rows.end();
    this.#inTable = false;
  }

  #columns(attributes: Readonly<Record<string, string>>): void {
    const hidden = HIDDEN.has(attributes["table:visibility"] ?? "");
    for (let count = repeatedIn(attributes, "columns"); count > 0 && this.#places.length < SHEET_COLUMNS; count--) {
      this.#places.push(hidden ? -1 : this.#places.length - this.#hiddenColumns);
      if (hidden) this.#hiddenColumns++;
    }
  }

  #beginRow(attributes: Readonly<Record<string, string>>): void {
    this.#repeated = repeatedIn(attributes, "rows");
    this.#row = [];
    this.#hold = this.#work.holding(MAX_ROW_CHARS);
    this.#column = 0;
  }

  #endRow(): void {
    const first = this.#number + 1;
    this.#number += this.#repeated;
    if (this.#row.length === 0) return;
    const written = Math.min(this.#repeated, MAX_REPEATED);
    for (let count = 0; count < written; count++) this.#rows.row(first + count, this.#row);
    const more = this.#repeated - written;
    if (more > 0) this.#rows.row(first + written, [`(the same ${more.toLocaleString("en")} more times)`]);
  }

  #endCell({ attributes, paragraphs }: Cell): void {
    const count = repeatedIn(attributes, "columns");
    const from = this.#column;
    this.#column += count;
    const text = cellText(attributes, paragraphs.join(" ").trim());
    if (text === "") return;
    for (let column = from; column < this.#column; column++) {
      const at = this.#places[column] ?? column - this.#hiddenColumns;
      if (at === -1) continue;
      if (at >= MAX_COLUMNS) throw new DocumentError("unsupported", `The table has more than ${MAX_COLUMNS} columns.`);
      this.#hold(text.length);
      while (this.#row.length < at) this.#row.push("");
      this.#row[at] = text;
    }
  }
}

/** Characters of the name of a sheet. LibreOffice's own have 31. */
const MAX_NAME = 1_000;

/** How many rows or columns one element stands for. */
function repeatedIn(attributes: Readonly<Record<string, string>>, what: "rows" | "columns"): number {
  const said = attributes[`table:number-${what}-repeated`] ?? "";
  return /^[1-9]\d{0,6}$/u.test(said) ? Number(said) : 1;
}
