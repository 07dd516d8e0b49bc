import { DocumentError } from "../../parsed.ts";
import { labelOfCharset } from "./charsets.ts";

/** What a paragraph style means: the level of a heading from 1, else null. */
interface Style {
  number: number;
  level: number | null;
  name: string;
}

const MAX = 20_000;
const MAX_NAME = 200;

/** The fonts and styles that an RTF document lists before its text. */
export class RtfTables {
  /** Encodings of fonts by their numbers. */
  readonly #fonts = new Map<number, string>();
  readonly #levels = new Map<number, number>();
  #font = 0;
  #style: Style = { number: 0, level: null, name: "" };

  /** The encoding of a font; undefined: that of the document. */
  fontLabel(font: number): string | undefined {
    return this.#fonts.get(font);
  }

  /** The level of a heading of this style, 1 to 6; null: it is none. */
  level(style: number): number | null {
    return this.#levels.get(style) ?? null;
  }

  fontWord(name: string, value: number | null): void {
    if (name === "f") this.#font = value ?? 0;
    const label = name === "fcharset" ? labelOfCharset(value ?? 0) : null;
    if (label === null) return;
    if (this.#fonts.size >= MAX) throw new DocumentError("too_long", "The document has more fonts than can be taken in.");
    this.#fonts.set(this.#font, label);
  }

  styleWord(name: string, value: number | null): void {
    if (name === "s") this.#style = { number: value ?? 0, level: null, name: "" };
    else if (name === "outlinelevel" && value !== null && value >= 0 && value < 9) this.#style.level = Math.min(6, value + 1);
  }

  /** Part of the name of a style, which ends with a semicolon. Built-in styles have their English names in most languages. */
  styleText(text: string): void {
    this.#style.name = (this.#style.name + text).slice(0, MAX_NAME);
    if (!this.#style.name.includes(";")) return;
    const name = this.#style.name.split(";", 1)[0]?.trim() ?? "";
    const named = /^heading ([1-9])$/iu.exec(name)?.[1];
    const level = named !== undefined ? Math.min(6, Number(named)) : /^title$/iu.test(name) ? 1 : this.#style.level;
    if (level !== null && this.#levels.size < MAX) this.#levels.set(this.#style.number, level);
    this.#style = { number: 0, level: null, name: "" };
  }
}
