import { addGrid, CELL_CHARS } from "../grid.ts";
import { linked } from "../link-of.ts";
import { MAX_COLUMNS } from "../table-rows.ts";
import type { Work } from "../work.ts";
import { labelOfCodePage } from "./charsets.ts";
import { MAX_TEXT, type RtfHandler } from "./read-rtf.ts";
import { RtfTables } from "./tables.ts";

/** A paragraph that is being read. */
interface Line {
  parts: string[];
  /** What stands before an item of a list: `•`, `1.`. */
  mark: string;
  page: number;
}

interface Field {
  instruction: string;
}

/** What a group has, and gives to the groups in it. */
interface State {
  into: "text" | "nothing" | "fonts" | "styles" | "info" | "title" | "field" | "mark";
  /** Nothing was said yet but `\*` (`starred`): what follows may be left out as a whole by who does not know it. */
  fresh: boolean;
  starred: boolean;
  hidden: boolean;
  deleted: boolean;
  /** How many characters stand for one of Unicode, for programs that do not know it. */
  substitutes: number;
  font: number;
  style: number;
  outline: number | null;
  inTable: boolean;
  /** The depth of the item that a paragraph is, from 0; null: it is none. */
  depth: number | null;
  indent: number;
  field: Field | null;
  /** What is to be done when this very group ends. */
  ends: (() => void) | null;
}

const PLAIN_PARAGRAPH = { style: 0, outline: null, inTable: false, depth: null, indent: 0 } as const;

/** Groups whose text is not the document's. Everything with `\*` that is not known is left out too. */
const LEFT_OUT = new Set(
  "colortbl pict header headerl headerr headerf footer footerl footerr footerf filetbl revtbl nonshppict shprslt sp tc tcn xe bkmkstart bkmkend objdata annotation atnid atnauthor template pnseclvl listtable listoverridetable".split(
    " ",
  ),
);
const SIGNS: Readonly<Record<string, string>> = {
  tab: "\t",
  line: "\n",
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  emspace: " ",
  enspace: " ",
  qmspace: " ",
  "~": "\u00A0",
  _: "-",
};
/** What writers of lists by hand begin an item with. */
const MARK = /^([•◦▪·–-]|\d{1,4}[.)])\t/u;
const MAX_TITLE = 1_000;
const MAX_INSTRUCTION = 2_500;

/** The text of an RTF document. */
export class RtfDocument implements RtfHandler {
  title = "";
  page = 1;
  #state: State = {
    ...PLAIN_PARAGRAPH,
    into: "text",
    fresh: false,
    starred: false,
    hidden: false,
    deleted: false,
    substitutes: 1,
    font: 0,
    field: null,
    ends: null,
  };
  readonly #outer: State[] = [];
  /** The paragraphs that are open: notes and text boxes stand within others. */
  readonly #lines: Line[] = [{ parts: [], mark: "", page: 1 }];
  /** Of notes that are open: their paragraphs. */
  readonly #notes: string[][] = [];
  /** Notes that wait for the end of the paragraph or table that they belong to. */
  #waiting: string[] = [];
  #noted = 0;
  #table: string[][] = [];
  #row: string[] = [];
  #cell: string[] = [];
  #defaultFont = 0;
  #skip = 0;
  #label = "windows-1252";
  readonly #decoders = new Map<string, TextDecoder>();
  readonly #tables = new RtfTables();
  /** Bytes of text that were read: letters of several may be written one by one. */
  readonly #pending = new Uint8Array(MAX_TEXT);
  #length = 0;
  readonly #hold: (chars: number) => void;
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
    this.#hold = work.holding();
  }

  open(): void {
    this.#flush();
    this.#skip = 0;
    this.#outer.push(this.#state);
    this.#state = { ...this.#state, fresh: true, starred: false, ends: null };
  }

  close(): void {
    this.#flush();
    this.#skip = 0;
    this.#state.ends?.();
    this.#state = this.#outer.pop() ?? this.#state;
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    this.#state.fresh = false;
    if (this.#state.into === "nothing") return;
    const skipped = Math.min(this.#skip, to - from);
    this.#skip -= skipped;
    const length = to - from - skipped;
    if (this.#length + length > MAX_TEXT) this.#flush();
    this.#pending.set(bytes.subarray(from + skipped, to), this.#length);
    this.#length += length;
  }

  byte(code: number): void {
    this.#state.fresh = false;
    if (this.#state.into === "nothing") return;
    if (this.#skip > 0) this.#skip--;
    else {
      if (this.#length >= MAX_TEXT) this.#flush();
      this.#pending[this.#length++] = code;
    }
  }

  word(name: string, value: number | null): void {
    const state = this.#state;
    if (state.into === "nothing") return;
    this.#flush();
    // A word that stands for a character is one, too.
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    if (name === "*") state.starred = state.fresh;
    else if (state.starred && !this.#knows(name)) state.into = "nothing";
    else if (LEFT_OUT.has(name)) state.into = "nothing";
    else if (state.into === "fonts") this.#tables.fontWord(name, value);
    else if (state.into === "styles") this.#tables.styleWord(name, value);
    else if (!this.#begins(name)) this.#formats(name, value);
    state.fresh &&= name === "*";
    state.starred &&= name === "*";
  }

  /** Adds what is still open. */
  end(): void {
    this.#flush();
    this.#endParagraph();
    this.#endTable();
    this.#addNotes();
  }

  #knows(name: string): boolean {
    return ["fldinst", "footnote", "shpinst", "title"].includes(name);
  }

  /** Whether a word says what its group is. */
  #begins(name: string): boolean {
    const state = this.#state;
    if (name === "fonttbl") state.into = "fonts";
    else if (name === "stylesheet") state.into = "styles";
    else if (name === "info") state.into = "info";
    else if (name === "title" && state.into === "info") state.into = "title";
    else if (name === "listtext" || name === "pntext") state.into = "mark";
    else if (name === "field") state.field = { instruction: "" };
    else if (name === "fldinst") state.into = "field";
    else if (name === "fldrslt") this.#beginResult(state);
    else if (name === "footnote") this.#beginNote(state);
    else if (name === "shptxt") this.#beginBox(state);
    else return false;
    return true;
  }

  #formats(name: string, value: number | null): void {
    const state = this.#state;
    if (name === "par" || name === "sect") this.#endParagraph();
    else if (name === "pard") Object.assign(state, PLAIN_PARAGRAPH);
    else if (name === "cell") this.#endCell();
    else if (name === "row") this.#endRow();
    else if (name === "u") this.#unicode(value ?? 0);
    else if (name === "uc") state.substitutes = Math.min(100, Math.max(0, value ?? 1));
    else if (name === "f") state.font = value ?? 0;
    else if (name === "deff") state.font = this.#defaultFont = value ?? 0;
    else if (name === "ansicpg") this.#label = labelOfCodePage(value ?? 0);
    else if (name === "mac") this.#label = "macintosh";
    else if (name === "plain") Object.assign(state, { hidden: false, deleted: false, font: this.#defaultFont });
    else if (name === "v") state.hidden = value !== 0;
    else if (name === "deleted") state.deleted = value !== 0;
    else if (name === "s") state.style = value ?? 0;
    else if (name === "outlinelevel") state.outline = value;
    else if (name === "intbl") state.inTable = true;
    else if (name === "ilvl") state.depth = Math.min(8, Math.max(0, value ?? 0));
    else if (name === "li") state.indent = value ?? 0;
    else if (name === "page" || name === "pagebb") this.page = Math.min(this.page + 1, this.#work.limits.pages);
    else if (Object.hasOwn(SIGNS, name)) this.#put(SIGNS[name] ?? "");
  }

  /** Text that was written in bytes, which a word or a group ends. */
  #flush(): void {
    if (this.#length === 0) return;
    const bytes = this.#pending.subarray(0, this.#length);
    this.#length = 0;
    const label = this.#tables.fontLabel(this.#state.font) ?? this.#label;
    let decoder = this.#decoders.get(label);
    if (decoder === undefined) this.#decoders.set(label, (decoder = new TextDecoder(label)));
    this.#put(decoder.decode(bytes));
  }

  #unicode(code: number): void {
    this.#put(String.fromCharCode(code & 0xffff));
    this.#skip = this.#state.substitutes;
  }

  #put(text: string): void {
    const { into, hidden, deleted, field } = this.#state;
    const line = this.#lines.at(-1);
    if (into === "styles") this.#tables.styleText(text);
    else if (into === "title") this.title = (this.title + text).slice(0, MAX_TITLE);
    else if (into === "field" && field !== null) field.instruction = (field.instruction + text).slice(0, MAX_INSTRUCTION);
    else if (line === undefined || hidden || deleted) return;
    else if (into === "mark") line.mark = (line.mark + text).slice(0, 50);
    else if (into === "text") {
      if (line.parts.length === 0) line.page = this.page;
      this.#hold(text.length);
      line.parts.push(text);
    }
  }

  /** What a field shows. A list of the headings says them a second time. */
  #beginResult(state: State): void {
    const { field } = state;
    const line = this.#lines.at(-1);
    if (field === null || line === undefined || state.into !== "text") return;
    if (/^\s*TOC\b/u.test(field.instruction)) {
      state.into = "nothing";
      return;
    }
    const href = /^\s*HYPERLINK\s+"([^"]*)"/u.exec(field.instruction)?.[1];
    if (href === undefined) return;
    const from = line.parts.length;
    const { parts } = line;
    state.ends = () => {
      // Links over several paragraphs are none.
      if (this.#lines.at(-1)?.parts !== parts) return;
      this.#hold(href.length);
      parts.push(linked(parts.splice(from).join(""), href));
    };
    // A field in a link is no other link.
    state.field = null;
  }

  #beginNote(state: State): void {
    if (state.into !== "text") return;
    const label = ++this.#noted;
    this.#put(`[^${label}]`);
    const texts: string[] = [];
    this.#notes.push(texts);
    this.#beginBox(state, () => {
      this.#notes.pop();
      if (texts.length > 0) this.#waiting.push(`[^${label}]: ${texts.join(" ")}`);
    });
  }

  /** Paragraphs within a paragraph. */
  #beginBox(state: State, then?: () => void): void {
    if (state.into !== "text") return;
    Object.assign(state, PLAIN_PARAGRAPH);
    this.#lines.push({ parts: [], mark: "", page: this.page });
    state.ends = () => {
      this.#endParagraph();
      this.#lines.pop();
      then?.();
    };
  }

  /** The text of the paragraph that is open, which begins anew. */
  #take(): Line & { text: string } {
    const line = this.#lines.at(-1) ?? { parts: [], mark: "", page: this.page };
    const taken = { ...line, text: line.parts.join("").trim() };
    line.parts = [];
    line.mark = "";
    return taken;
  }

  #endParagraph(): void {
    const { text, mark, page } = this.#take();
    const note = this.#notes.at(-1);
    if (note !== undefined) {
      if (text !== "") note.push(text);
    } else if (this.#state.inTable) {
      if (text !== "") this.#cell.push(text);
    } else {
      // An empty paragraph ends a table, too; a text box in a cell does not.
      if (this.#row.length + this.#cell.length === 0) this.#endTable();
      if (text !== "") this.#addParagraph(text, mark.trim(), page);
      if (this.#lines.length === 1) this.#addNotes();
    }
  }

  #addParagraph(text: string, mark: string, page: number): void {
    const { outline, style, depth, indent } = this.#state;
    const level = outline === null ? this.#tables.level(style) : outline >= 0 && outline < 9 ? Math.min(6, outline + 1) : null;
    const written = MARK.exec(text);
    if (level !== null) this.#work.add("heading", text.replaceAll(/\s+/g, " "), { level, page });
    else if (mark !== "") this.#addItem(text, mark, depth ?? 0, page);
    else if (written !== null)
      this.#addItem(text.slice(written[0].length).trim(), written[1] ?? "-", Math.min(8, Math.floor(indent / 360) - 1), page);
    else this.#work.add("paragraph", text, { page });
  }

  #addItem(text: string, mark: string, depth: number, page: number): void {
    const indent = "  ".repeat(Math.max(0, depth));
    const number = /^\(?(\d{1,6})[.)]/u.exec(mark)?.[1];
    this.#work.add("list-item", `${indent}${number === undefined ? "-" : `${number}.`} ${text.replaceAll("\n", `\n${indent}  `)}`, {
      page,
    });
  }

  #endCell(): void {
    const { text } = this.#take();
    if (text !== "") this.#cell.push(text);
    this.#hold(CELL_CHARS);
    if (this.#row.length < MAX_COLUMNS) this.#row.push(this.#cell.join(" "));
    this.#cell = [];
  }

  #endRow(): void {
    this.#hold(CELL_CHARS);
    if (this.#row.some((cell) => cell !== "")) this.#table.push(this.#row);
    this.#row = [];
  }

  #endTable(): void {
    if (this.#row.length > 0) this.#endRow();
    const rows = this.#table;
    this.#table = [];
    if (rows.length > 0) addGrid(rows, this.#work, this.page);
  }

  #addNotes(): void {
    for (const note of this.#waiting) this.#work.add("paragraph", note, { page: this.page });
    this.#waiting = [];
  }
}
