import { zlibSync } from "fflate";

export interface PdfText {
  text: string;
  /** Points. */
  size?: number;
  x?: number;
  /** From the page's bottom; else the next line. */
  y?: number;
}

export interface MakePdf {
  pages: readonly (readonly (string | PdfText)[])[];
  title?: string;
  /** Whether contents are packed. */
  packed?: boolean;
  /** Further objects, as they stand between `obj` and `endobj`; the first is number 5 + twice the number of pages. */
  objects?: readonly (string | Uint8Array)[];
  /** Further entries of the trailer. */
  trailer?: string;
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

export function concat(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const bytes = parts.map((part) => (typeof part === "string" ? latin1(part) : part));
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** With every occurrence of an ASCII text replaced by one of the same length. */
export function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error("not of the same length");
  const [search, other, all] = [latin1(from), latin1(to), bytes.slice()];
  for (let at = 0; at + search.length <= all.length; at++) if (search.every((byte, index) => all[at + index] === byte)) all.set(other, at);
  return all;
}

/** A stream object. */
export function stream(data: Uint8Array | string, entries = ""): Uint8Array {
  const bytes = typeof data === "string" ? latin1(data) : data;
  return concat([`<< /Length ${bytes.length} ${entries} >>\nstream\n`, bytes, "\nendstream"]);
}

/** A small PDF: Helvetica on A4, with a proper table of its objects. */
export function makePdf({ pages, title, packed = false, objects = [], trailer = "" }: MakePdf): Uint8Array {
  const written: (Uint8Array | string)[] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_page, index) => `${5 + 2 * index} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    `<< ${title === undefined ? "" : `/Title (${escaped(title)})`} >>`,
  ];
  for (const [index, page] of pages.entries()) {
    written.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${6 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      contents(page, packed),
    );
  }
  written.push(...objects);
  const parts: (Uint8Array | string)[] = ["%PDF-1.4\n"];
  const offsets: number[] = [];
  let at = 9;
  for (const [index, object] of written.entries()) {
    offsets.push(at);
    const whole = concat([`${index + 1} 0 obj\n`, object, "\nendobj\n"]);
    parts.push(whole);
    at += whole.length;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(
    `xref\n0 ${written.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${written.length + 1} /Root 1 0 R /Info 4 0 R ${trailer} >>\n`,
    `startxref\n${at}\n%%EOF\n`,
  );
  return concat(parts);
}

function contents(page: readonly (string | PdfText)[], packed: boolean): Uint8Array {
  let next = 780;
  const lines = page.map((line) => {
    const { text, size = 11, x = 60, y = next } = typeof line === "string" ? { text: line } : line;
    next = y - 1.25 * size;
    return `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped(text)}) Tj ET\n`;
  });
  const data = latin1(lines.join(""));
  return packed ? stream(zlibSync(data), "/Filter /FlateDecode") : stream(data);
}

const escaped = (text: string): string => text.replaceAll(/[\\()]/g, "\\$&");
