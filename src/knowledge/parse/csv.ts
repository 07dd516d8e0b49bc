import { csvRows, delimiterOf } from "./csv-rows.ts";
import { decodeText } from "./decode-text.ts";
import { endingOf } from "../formats.ts";
import type { ParseDriver } from "./driver.ts";
import { MAX_COLUMNS, type RowWriter, writerFor } from "./table-rows.ts";

/**
 * Comma- or otherwise separated values; the first row is the header. Tables of some rows each, or, where the header is too long to be repeated, a list of `name: value` a row.
 */
export const parseCsv: ParseDriver = async ({ bytes, name, mime, progress }, work) => {
  const text = await decodeText(bytes, work);
  const tabs = endingOf(name) === "tsv" || endingOf(name) === "tab" || mime === "text/tab-separated-values";
  let writer: RowWriter | null = null;
  for (const { cells, end: at } of csvRows(text, tabs ? "\t" : delimiterOf(text), MAX_COLUMNS)) {
    const pause = work.spend(20 + cells.length);
    if (pause) {
      await pause;
      progress(at, text.length);
    }
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (writer === null) writer = writerFor(cells, work);
    else writer.row(cells);
  }
  writer?.end();
  return { title: null, pages: 1 };
};
