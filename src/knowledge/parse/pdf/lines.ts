/** A piece of text as it is drawn. */
export interface PdfItem {
  str: string;
  /** Where it stands: the matrix of the text space, in points. */
  transform: number[];
  /** Points along the line. */
  width: number;
}

export interface PdfLine {
  text: string;
  page: number;
  /** Points: where it begins and ends along the line, and how high above the page's bottom it stands. */
  x: number;
  end: number;
  y: number;
  /** Of its largest letters, in points. */
  size: number;
}

/** Pieces of one line; a page that draws more on one height is not meant to be read. */
const MAX_PARTS = 2_000;

/** Puts the pieces of a page together to lines, in the order in which they are drawn: that is the order of reading, also of columns. */
export class LineBuilder {
  readonly lines: PdfLine[] = [];
  #open: (Omit<PdfLine, "text"> & { parts: string[]; space: boolean }) | null = null;

  add({ str, transform, width }: PdfItem, page: number): void {
    if (str.trim() === "") {
      if (str !== "" && this.#open !== null) this.#open.space = true;
      return;
    }
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform.map((value) => (Number.isFinite(value) ? value : 0));
    const size = Math.hypot(c, d) || 1;
    // Along and across the line, which may be turned.
    const length = Math.hypot(a, b) || 1;
    const [cos, sin] = [a / length, b / length];
    const x = e * cos + f * sin;
    const y = f * cos - e * sin;
    const open = this.#open;
    const reach = open === null ? 0 : Math.max(open.size, size);
    if (
      open === null ||
      open.page !== page ||
      open.parts.length > MAX_PARTS ||
      Math.abs(open.y - y) > reach / 2 ||
      x < open.end - 2 * reach
    ) {
      this.endLine();
      this.#open = { parts: [str], page, x, end: x + width, y, size, space: false };
      return;
    }
    const gap = x - open.end;
    if (gap > 3 * reach) open.parts.push("   ");
    else if (open.space || gap > 0.15 * reach) open.parts.push(" ");
    open.parts.push(str);
    open.space = false;
    // A small mark above or below the line does not move it.
    if (size > open.size) Object.assign(open, { size, y });
    open.end = Math.max(open.end, x + width);
  }

  endLine(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { parts, page, x, end, y, size } = open;
    this.lines.push({ text: parts.join("").trim(), page, x, end, y, size });
  }
}
