import { strToU8, zipSync } from "fflate";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const SPACES =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';
const KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

interface Slide {
  /** Between the tags of its `spTree`. */
  shapes: string;
  notes?: string;
  hidden?: boolean;
}

/** A presentation with these slides; its files are numbered backwards, as after somebody moved them. */
export function makePptx(slides: readonly Slide[], parts: Record<string, string> = {}): Uint8Array {
  const files: Record<string, string> = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "ppt/presentation.xml": `${HEAD}<p:presentation ${SPACES}><p:sldIdLst>${slides
      .map((_slide, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`)
      .join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": `${HEAD}<Relationships>${slides
      .map((_slide, index) => `<Relationship Id="rId${index + 1}" Type="${KIND}/slide" Target="slides/slide${slides.length - index}.xml"/>`)
      .join("")}</Relationships>`,
  };
  for (const [index, { shapes, notes, hidden = false }] of slides.entries()) {
    const number = slides.length - index;
    files[`ppt/slides/slide${number}.xml`] =
      `${HEAD}<p:sld ${SPACES} ${hidden ? 'show="0"' : ""}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`;
    if (notes === undefined) continue;
    files[`ppt/slides/_rels/slide${number}.xml.rels`] =
      `${HEAD}<Relationships><Relationship Id="rId9" Type="${KIND}/notesSlide" Target="../notesSlides/notesSlide${number}.xml"/></Relationships>`;
    files[`ppt/notesSlides/notesSlide${number}.xml`] =
      `${HEAD}<p:notes ${SPACES}><p:cSld><p:spTree>${box("3", "sldNum")}${box(notes, "body")}</p:spTree></p:cSld></p:notes>`;
  }
  return zipSync(Object.fromEntries(Object.entries({ ...files, ...parts }).map(([path, text]) => [path, strToU8(text)])));
}

/** Paragraphs, each a text or a text with its level. */
export const text = (...paragraphs: readonly (string | [text: string, level: number])[]): string =>
  paragraphs
    .map((one) => (typeof one === "string" ? ([one, 0] as const) : one))
    .map(([words, level]) => `<a:p><a:pPr lvl="${level}"/><a:r><a:t>${words}</a:t></a:r></a:p>`)
    .join("");

/** A shape with a text. `place`: its kind in the layout. */
export const box = (words: string, place?: string): string => shape(text(words), place);
export const shape = (paragraphs: string, place?: string): string =>
  `<p:sp><p:nvSpPr><p:nvPr>${place === undefined ? "" : `<p:ph ${place === "" ? "" : `type="${place}"`}/>`}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;

export const slideTable = (...rows: readonly (readonly string[])[]): string =>
  `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${rows.map((row) => `<a:tr>${row.map((cell) => `<a:tc><a:txBody>${text(cell)}</a:txBody></a:tc>`).join("")}</a:tr>`).join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
