import { strToU8, zipSync } from "fflate";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

interface Sheet {
  name: string;
  /** Between the tags of its `sheetData`. */
  data: string;
  /** Attributes of it in the list of sheets. */
  state?: string;
  dimension?: string;
}

/** A workbook with these sheets. Parts replace or add files. Its styles: 0 nothing, 1 a date, 2 a date and a time, 3 money, 4 per cent, 5 a duration, 6 a time. */
export function makeXlsx(sheets: readonly Sheet[], strings = "", parts: Record<string, string> = {}): Uint8Array {
  const files: Record<string, string> = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "xl/workbook.xml": `${HEAD}<workbook ${MAIN} xmlns:r="${RELATED}"><sheets>${sheets
      .map(({ name, state = "" }, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}" ${state}/>`)
      .join("")}</sheets></workbook>`,
    // Not in the order of the sheets, as after somebody moved them.
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships>${sheets
      .map((_sheet, index) => `<Relationship Id="rId${index + 1}" Type="${RELATED}/worksheet" Target="${target(sheets.length - index)}"/>`)
      .join("")}</Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet ${MAIN}>${STYLES}</styleSheet>`,
    "xl/sharedStrings.xml": `${HEAD}<sst ${MAIN}>${strings}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ data, dimension }, index) => [
        `xl/worksheets/sheet${sheets.length - index}.xml`,
        `${HEAD}<worksheet ${MAIN}>${dimension === undefined ? "" : `<dimension ref="${dimension}"/>`}<sheetData>${data}</sheetData></worksheet>`,
      ]),
    ),
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

const target = (number: number): string => (number === 1 ? "/xl/worksheets/sheet1.xml" : `worksheets/sheet${number}.xml`);

/** One row of texts, at its place. */
export const texts = (row: number, ...cells: string[]): string =>
  `<row r="${row}">${cells.map((text, index) => (text === "" ? "" : `<c r="${"ABCDEFGH"[index]}${row}" t="inlineStr"><is><t>${text}</t></is></c>`)).join("")}</row>`;

/** One row of numbers, each `[value, style]`. */
export const numbers = (row: number, ...cells: readonly (readonly [value: number, style: number])[]): string =>
  `<row r="${row}">${cells.map(([value, style], index) => `<c r="${"ABCDEFGH"[index]}${row}" s="${style}"><v>${value}</v></c>`).join("")}</row>`;

const STYLES = [
  '<numFmts><numFmt numFmtId="164" formatCode="#,##0.00\\ [$€-407];[Red]-#,##0.00\\ [$€-407]"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>',
  // What is not for cells has styles of its own.
  '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>',
  `<cellXfs>${[0, 14, 166, 164, 10, 165, 20].map((id) => `<xf numFmtId="${id}"/>`).join("")}</cellXfs>`,
].join("");
