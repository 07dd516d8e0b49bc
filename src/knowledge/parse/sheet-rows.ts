import { type RowWriter, writerFor } from "./table-rows.ts";
import type { Work } from "./work.ts";

/** Characters of one row of a sheet. Its cells may all name one long text, and more than a table's columns may stand at one place. */
export const MAX_ROW_CHARS = 2_000_000;

/** The rows of one sheet. Those that follow each other are a table, the first with more than one cell is its header; what stands alone above it (a title) is a paragraph. */
export class SheetRows {
  #table: RowWriter | null = null;
  #last = 0;
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** The row of this number, counted from 1; empty ones may be left out. */
  row(number: number, cells: readonly string[]): void {
    const filled = cells.filter((text) => text.trim() !== "").length;
    if (filled === 0) return;
    if (number > this.#last + 1) this.end();
    this.#last = number;
    if (this.#table !== null) this.#table.row(cells);
    else if (filled === 1) this.#work.add("paragraph", cells.join(" ").trim());
    else this.#table = writerFor(cells, this.#work);
  }

  end(): void {
    this.#table?.end();
    this.#table = null;
  }
}
