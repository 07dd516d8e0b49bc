import { DocumentError } from "../../parsed.ts";
import { MAX_ROW_CHARS, SheetRows } from "../sheet-rows.ts";
import { MAX_COLUMNS } from "../table-rows.ts";
import type { Work } from "../work.ts";
import { localName, type XmlHandler } from "../xml.ts";
import type { NumberFormat } from "./formats.ts";
import { numberText } from "./number-text.ts";
import { MAX_CELL_CHARS, unescaped } from "./strings.ts";

interface SheetContext {
  strings: readonly string[];
  formats: (style: number) => NumberFormat;
  from1904: boolean;
  work: Work;
}

interface OpenCell {
  column: number;
  type: string;
  style: number;
  value: string;
  formula: string;
}

/** Reads `xl/worksheets/sheet1.xml` row by row. */
export function sheetIn(context: SheetContext): XmlHandler & { end(): void } {
  const { work } = context;
  const rows = new SheetRows(work);
  let row: string[] = [];
  let hold = work.holding(MAX_ROW_CHARS);
  let number = 0;
  let firstColumn = 0;
  let nextColumn = 0;
  let cell: OpenCell | null = null;
  let into: "value" | "formula" | null = null;
  let inPhonetic = false;
  const endCell = ({ column, ...read }: OpenCell): void => {
    const text = cellText(read, context);
    if (text === "") return;
    hold(text.length);
    const at = Math.max(0, column - firstColumn);
    if (at >= MAX_COLUMNS) throw new DocumentError("unsupported", `The table has more than ${MAX_COLUMNS} columns.`);
    while (row.length < at) row.push("");
    row[at] = row[at] === undefined || row[at] === "" ? text : `${row[at]} ${text}`;
  };
  return {
    end: () => rows.end(),
    open(name, attributes) {
      const kind = localName(name);
      if (kind === "dimension") firstColumn = columnOf(attributes["ref"] ?? "") ?? 0;
      else if (kind === "row") {
        row = [];
        hold = work.holding(MAX_ROW_CHARS);
        number = /^\d{1,7}$/.test(attributes["r"] ?? "") ? Number(attributes["r"]) : number + 1;
        nextColumn = 0;
      } else if (kind === "c") {
        const column = columnOf(attributes["r"] ?? "") ?? nextColumn;
        nextColumn = column + 1;
        cell = { column, type: attributes["t"] ?? "n", style: Number(attributes["s"] ?? 0), value: "", formula: "" };
      } else if (kind === "rPh") inPhonetic = true;
      else if (kind === "v" || kind === "t") into = inPhonetic ? null : "value";
      else if (kind === "f") into = "formula";
    },
    close(name) {
      const kind = localName(name);
      if (kind === "v" || kind === "t" || kind === "f") into = null;
      else if (kind === "rPh") inPhonetic = false;
      else if (kind === "c") {
        if (cell !== null) endCell(cell);
        cell = null;
      } else if (kind === "row") rows.row(number, row);
    },
    characters(text) {
      if (cell !== null && into !== null && cell[into].length < MAX_CELL_CHARS) cell[into] += text;
    },
  };
}

/** What a cell shows. A formula that nobody has computed yet stands as it is written. */
function cellText({ type, style, value, formula }: Omit<OpenCell, "column">, { strings, formats, from1904 }: SheetContext): string {
  if (type === "s") return strings[Number(value)] ?? "";
  if (type === "inlineStr" || type === "str") return unescaped(value);
  if (value === "") return formula === "" ? "" : `=${formula}`;
  if (type === "b") return value === "1" || value === "true" ? "TRUE" : "FALSE";
  const number = type === "n" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? numberText(number, formats(style), from1904) : value;
}

/** `C12` is 2; null for what is no place. */
function columnOf(place: string): number | null {
  const letters = /^\$?([A-Z]{1,3})/.exec(place)?.[1];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
