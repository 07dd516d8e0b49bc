import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { OfficeParts } from "./office-parts.ts";
import { relationsIn } from "./office-relations.ts";
import { formatsIn } from "./xlsx/formats.ts";
import { sheetIn } from "./xlsx/sheet.ts";
import { stringsIn } from "./xlsx/strings.ts";
import { sheetsIn } from "./xlsx/workbook.ts";

/**
 * Workbooks of Excel (ECMA-376, SpreadsheetML): each sheet below its name, its cells as they were last computed. Dates are ISO 8601, numbers have all their digits. Sheets that are hidden are left out, as is hidden text elsewhere.
 */
export const parseXlsx: ParseDriver = async ({ bytes, progress }, work) => {
  const parts = new OfficeParts(bytes, work);
  const workbook = sheetsIn();
  if (!(await parts.read("xl/workbook.xml", workbook))) throw new DocumentError("damaged", "The workbook has no list of its sheets.");
  const places = relationsIn("xl");
  await parts.read("xl/_rels/workbook.xml.rels", places);
  const formats = formatsIn();
  await parts.read("xl/styles.xml", formats);
  const strings = stringsIn(work);
  await parts.read("xl/sharedStrings.xml", strings);
  const shown = workbook.sheets.filter(({ hidden }) => !hidden);
  for (const [index, { name, id }] of shown.entries()) {
    if (shown.length > 1) work.add("heading", name, { level: 1 });
    const sheet = sheetIn({ strings: strings.strings, formats: formats.of, from1904: workbook.from1904, work });
    await parts.read(places.of(id) ?? `xl/worksheets/sheet${index + 1}.xml`, sheet);
    sheet.end();
    progress(index + 1, shown.length);
  }
  return { title: await parts.title(), pages: 1 };
};
