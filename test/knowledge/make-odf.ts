import { strToU8, zipSync } from "fflate";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const KINDS = { odt: "text", ods: "spreadsheet", odp: "presentation" } as const;

/** An OpenDocument file with this between the tags of its body, and these styles of its own. Parts replace or add files. */
export function makeOdf(kind: keyof typeof KINDS, body: string, styles = "", parts: Record<string, string> = {}): Uint8Array {
  const files: Record<string, string> = {
    mimetype: `application/vnd.oasis.opendocument.${KINDS[kind]}`,
    "META-INF/manifest.xml": `${HEAD}<manifest:manifest/>`,
    "styles.xml": `${HEAD}<office:document-styles><office:styles>${STYLES}</office:styles></office:document-styles>`,
    "content.xml": `${HEAD}<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${KINDS[kind]}>${body}</office:${KINDS[kind]}></office:body></office:document-content>`,
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

const STYLES = [
  '<style:style style:name="Title" style:family="paragraph"/>',
  '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>',
  '<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>',
  '<style:style style:name="GoneToo" style:family="text" style:parent-style-name="Gone"/>',
].join("");

export const p = (text: string, style = ""): string => `<text:p text:style-name="${style}">${text}</text:p>`;
export const h = (level: number, text: string): string => `<text:h text:outline-level="${level}">${text}</text:h>`;
export const list = (items: readonly string[], attributes = ""): string =>
  `<text:list ${attributes}>${items.map((item) => `<text:list-item>${item}</text:list-item>`).join("")}</text:list>`;

/** A cell of a text; of a value where it has attributes. */
export const cell = (text: string, attributes = 'office:value-type="string"'): string =>
  `<table:table-cell ${attributes}>${text === "" ? "" : `<text:p>${text}</text:p>`}</table:table-cell>`;
export const tableOf = (rows: readonly (readonly string[])[], attributes = ""): string =>
  `<table:table ${attributes}>${rows.map((row) => rowOf(row)).join("")}</table:table>`;
export const rowOf = (cells: readonly string[], attributes = ""): string =>
  `<table:table-row ${attributes}>${cells.map((one) => (one.startsWith("<") ? one : cell(one))).join("")}</table:table-row>`;
