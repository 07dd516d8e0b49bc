import { tableRow, tableRule } from "./markdown-table.ts";
import type { Work } from "./work.ts";

/** A row or a cell of a table counts for so many characters before its text: it takes memory until the table ends. */
export const CELL_CHARS = 32;

/** Adds the table of a text, its first row as the header. */
export function addGrid(rows: readonly (readonly string[])[], work: Work, page: number): void {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  // One column is a frame around paragraphs, as many columns as words a layout; the first is told for sure.
  if (columns <= 1) {
    for (const [cell = ""] of rows) work.add("paragraph", cell, { page });
    return;
  }
  const [head = [], ...others] = rows;
  work.add("table", [tableRow(head), tableRule(columns), ...others.map((row) => tableRow(row))].join("\n"), { page });
}
