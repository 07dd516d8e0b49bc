interface OpenList {
  style: string;
  count: number;
  /** Whether the item that is open has its mark: what follows in it has none. */
  marked: boolean;
}

/** The lists that are open at a place of the text, and how far each has counted. */
export class OpenLists {
  readonly #open: OpenList[] = [];
  /** How far the last list of a style came, by depth: a later one may go on from there. */
  readonly #last = new Map<string, number[]>();
  readonly #numbered: (list: string, depth: number) => boolean;

  constructor(numbered: (list: string, depth: number) => boolean) {
    this.#numbered = numbered;
  }

  get depth(): number {
    return this.#open.length;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const list = this.#open.at(-1);
    if (name === "text:list") {
      const style = (attributes["text:style-name"] ?? list?.style ?? "").slice(0, MAX_NAME);
      const goesOn = attributes["text:continue-numbering"] === "true" || attributes["text:continue-list"] !== undefined;
      const count = goesOn ? (this.#last.get(style)?.[this.#open.length] ?? 0) : 0;
      this.#open.push({ style, count, marked: false });
    } else if (list === undefined) return;
    else if (name === "text:list-header") list.marked = true;
    else if (name === "text:list-item") {
      list.marked = false;
      const start = attributes["text:start-value"] ?? "";
      if (/^\d{1,6}$/.test(start)) list.count = Number(start) - 1;
    }
  }

  close(name: string): void {
    if (name !== "text:list") return;
    const list = this.#open.pop();
    if (list === undefined) return;
    const counts = this.#last.get(list.style) ?? [];
    counts[this.#open.length] = list.count;
    if (this.#last.size < MAX_STYLES) this.#last.set(list.style, counts);
  }

  /** A paragraph of the item that is open, as it is written in a list. */
  item(text: string): string {
    const depth = this.#open.length - 1;
    const list = this.#open[depth];
    const indent = "  ".repeat(Math.max(0, depth));
    const lines = text.replaceAll("\n", `\n${indent}  `);
    if (list === undefined || list.marked) return `${indent}  ${lines}`;
    list.marked = true;
    list.count++;
    return `${indent}${this.#numbered(list.style, depth) ? `${list.count}.` : "-"} ${lines}`;
  }
}

const MAX_STYLES = 20_000;
/** Characters of a name. */
const MAX_NAME = 200;
