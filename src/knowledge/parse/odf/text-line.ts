import { linked } from "../link-of.ts";

/** Spaces that one element may stand for. */
const MAX_SPACES = 200;

/** What one paragraph of an OpenDocument file says (ODF 1.3 part 3, 6.1.2): white space in the file is one space, what is meant as more has elements of its own. */
export class TextLine {
  #parts: string[] = [];
  /** Whether white space that comes now is left out: at the beginning, and behind other. */
  #blank = true;
  /** Of the link that is open: where its words begin, and where it leads. */
  #link: { from: number; href: string } | null = null;
  /** Links inside of a link, which are none. */
  #links = 0;
  readonly #hold: (chars: number) => void;

  /** `hold`: told of all characters that are kept. */
  constructor(hold: (chars: number) => void) {
    this.#hold = hold;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "text:s") this.put(" ".repeat(Math.min(MAX_SPACES, Math.max(1, Math.floor(Number(attributes["text:c"])) || 1))));
    else if (name === "text:tab") this.put("\t");
    else if (name === "text:line-break") this.put("\n");
    else if (name === "text:a") {
      if (++this.#links === 1) this.#link = { from: this.#parts.length, href: attributes["xlink:href"]?.slice(0, 2_100) ?? "" };
    }
  }

  close(name: string): void {
    if (name !== "text:a" || this.#links === 0 || --this.#links > 0 || this.#link === null) return;
    const { from, href } = this.#link;
    this.#link = null;
    this.#hold(href.length);
    this.#parts.push(linked(this.#parts.splice(from).join(""), href));
  }

  characters(text: string): void {
    const plain = text.replaceAll(/[ \t\r\n]+/g, " ");
    const part = this.#blank && plain.startsWith(" ") ? plain.slice(1) : plain;
    if (part !== "") this.put(part, part.endsWith(" "));
  }

  /** Adds text as it is. */
  put(text: string, blank = false): void {
    this.#hold(text.length);
    this.#parts.push(text);
    this.#blank = blank;
  }

  /** Whether nothing was said yet. */
  get empty(): boolean {
    return this.#parts.length === 0;
  }

  text(): string {
    return this.#parts.join("").trim();
  }
}
