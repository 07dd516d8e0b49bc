import type { XmlHandler } from "../xml.ts";

/** What the styles of an OpenDocument file say of what is read. */
export interface OdfStyles {
  /** Whether nobody sees what has this style. */
  hidden(family: "text" | "paragraph" | "table" | "drawing-page", name: string | undefined): boolean;
  /** Whether a paragraph begins a page. */
  breaks(name: string | undefined): boolean;
  /** Whether a paragraph is the title of its document. */
  title(name: string | undefined): boolean;
  /** Whether the items of a list have numbers at a depth, from 0. */
  numbered(list: string, depth: number): boolean;
}

interface Style {
  parent: string;
  hidden: boolean | null;
  breaks: boolean | null;
}

const MAX_STYLES = 20_000;
/** Characters of a name. */
const MAX_NAME = 200;

/** Reads `styles.xml`, and what stands before the text in `content.xml`. */
export class StylesReader implements XmlHandler, OdfStyles {
  /** By family and name. */
  readonly #styles = new Map<string, Style>();
  readonly #lists = new Map<string, boolean[]>();
  #open: Style | null = null;
  #list: boolean[] | null = null;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const called = attributes["style:name"] ?? "";
    if (name === "style:style") this.#open = this.#begin(called, attributes);
    else if (name === "text:list-style") {
      this.#list = [];
      if (called.length <= MAX_NAME && this.#lists.size < MAX_STYLES) this.#lists.set(called, this.#list);
    } else if (name === "text:list-level-style-number") this.#level(attributes);
    else if (this.#open !== null) this.#property(this.#open, name, attributes);
  }

  close(name: string): void {
    if (name === "style:style") this.#open = null;
    if (name === "text:list-style") this.#list = null;
  }

  hidden(family: string, name: string | undefined): boolean {
    return this.#chain(family, name).find(({ hidden }) => hidden !== null)?.hidden ?? false;
  }

  breaks(name: string | undefined): boolean {
    return this.#chain("paragraph", name).find(({ breaks }) => breaks !== null)?.breaks ?? false;
  }

  title(name: string | undefined): boolean {
    return name === "Title" || this.#chain("paragraph", name).some(({ parent }) => parent === "Title");
  }

  numbered(list: string, depth: number): boolean {
    return this.#lists.get(list)?.[depth] === true;
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): Style | null {
    const { "style:family": family = "", "style:parent-style-name": parent = "", "style:master-page-name": master = "" } = attributes;
    if (name.length + parent.length + family.length > MAX_NAME || this.#styles.size >= MAX_STYLES) return null;
    const style: Style = { parent, hidden: null, breaks: master === "" ? null : true };
    this.#styles.set(`${family} ${name}`, style);
    return style;
  }

  #property(style: Style, name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "style:text-properties") style.hidden = told(attributes["text:display"], "none") ?? style.hidden;
    else if (name === "style:table-properties") style.hidden = told(attributes["table:display"], "false") ?? style.hidden;
    else if (name === "style:drawing-page-properties") style.hidden = told(attributes["presentation:visibility"], "hidden") ?? style.hidden;
    else if (name === "style:paragraph-properties" && style.breaks !== true)
      style.breaks = told(attributes["fo:break-before"], "page") ?? style.breaks;
  }

  #level(attributes: Readonly<Record<string, string>>): void {
    const level = /^[1-9]$|^10$/.test(attributes["text:level"] ?? "") ? Number(attributes["text:level"]) : 1;
    if (this.#list !== null) this.#list[level - 1] = (attributes["style:num-format"] ?? "") !== "";
  }

  /** A style and those that it is based on, which may be in a circle. */
  #chain(family: string, name: string | undefined): Style[] {
    const found: Style[] = [];
    let style = name === undefined ? undefined : this.#styles.get(`${family} ${name}`);
    for (let steps = 0; style !== undefined && steps < 20; steps++) {
      found.push(style);
      style = style.parent === "" ? undefined : this.#styles.get(`${family} ${style.parent}`);
    }
    return found;
  }
}

/** null: it is not said. */
const told = (value: string | undefined, wanted: string): boolean | null => (value === undefined ? null : value === wanted);
