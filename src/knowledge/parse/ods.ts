import type { ParseDriver } from "./driver.ts";
import { readOdf } from "./odf/open-odf.ts";
import { SheetsReader } from "./odf/sheets.ts";

/** Spreadsheets of OpenDocument: each sheet below its name, its cells as they were last computed. */
export const parseOds: ParseDriver = async ({ bytes }, work) => {
  const { title } = await readOdf(bytes, work, (styles) => new SheetsReader(work, styles));
  return { title, pages: 1 };
};
