import { tableRow, tableRule } from "./markdown-table.ts";
import type { Work } from "./work.ts";

/** What a table may have. */
export const MAX_COLUMNS = 500;

/** The rows of one table, below its header. */
export interface RowWriter {
  row(cells: readonly string[]): void;
  end(): void;
}

/** Characters of the rows that share one header. Less than a chunk holds, so that a table is never torn again. */
const GROUP = 1_000;
/** Characters of a header that can be repeated. */
const MAX_HEADER = 400;

/** Tables of some rows each, or, where the header is too long to be repeated, a list of `name: value` a row. */
export const writerFor = (names: readonly string[], work: Work): RowWriter => {
  const head = tableRow(names);
  return head.length > MAX_HEADER ? listWriter(names, work) : tableWriter(head, names.length, work);
};

function tableWriter(head: string, columns: number, work: Work): RowWriter {
  let rows: string[] = [];
  let length = 0;
  let written = 0;
  const end = (): void => {
    if (rows.length > 0 || written === 0) work.add("table", [head, tableRule(columns), ...rows].join("\n"));
    written++;
    rows = [];
    length = 0;
  };
  return {
    row(cells) {
      // Cells that a row has beyond the header stay, under no name.
      const row = tableRow(cells.length < columns ? [...cells, ...Array.from({ length: columns - cells.length }, () => "")] : cells);
      if (length > 0 && length + row.length > GROUP) end();
      rows.push(row);
      length += row.length + 1;
    },
    end: () => void ((rows.length > 0 || written === 0) && end()),
  };
}

function listWriter(names: readonly string[], work: Work): RowWriter {
  let rows = 0;
  return {
    row(cells) {
      rows++;
      const lines = cells.flatMap((cell, index) =>
        cell.trim() === "" ? [] : [`${names[index]?.trim() || `column ${index + 1}`}: ${cell.trim()}`],
      );
      work.add("paragraph", lines.join("\n"));
    },
    end: () => void (rows === 0 && work.add("paragraph", names.join(", "))),
  };
}
