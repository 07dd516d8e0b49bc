import { strToU8, zipSync } from "fflate";

/** An e-book with these chapters, each what stands between the tags of its body. Parts replace or add files. */
export function makeEpub(chapters: readonly string[], parts: Record<string, string> = {}): Uint8Array {
  const files: Record<string, string> = {
    mimetype: "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    "OEBPS/book.opf": packageOf(
      chapters
        .map((_chapter, index) => `<item id="c${index}" href="text/chapter%20${index}.xhtml" media-type="application/xhtml+xml"/>`)
        .join(""),
      chapters.map((_chapter, index) => `<itemref idref="c${index}"/>`).join(""),
    ),
    ...Object.fromEntries(chapters.map((body, index) => [`OEBPS/text/chapter ${index}.xhtml`, pageOf(body)])),
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

export const packageOf = (items: string, spine: string): string =>
  `<?xml version="1.0"?><package><metadata><dc:title>A book</dc:title><dc:title>A second title</dc:title></metadata><manifest>${items}</manifest><spine>${spine}</spine></package>`;

/** A page as programs write it, with elements that only XML ends like this. */
export const pageOf = (body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script src="a.js"/></head><body>${body}</body></html>`;
