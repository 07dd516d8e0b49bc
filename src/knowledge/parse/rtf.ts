import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { RtfDocument } from "./rtf/document.ts";
import { readRtf } from "./rtf/read-rtf.ts";

/** RTF: headings by their styles, lists, tables, links, notes. Text that is hidden or struck from the document is left out, pictures and what else is packed in it are not looked at. */
export const parseRtf: ParseDriver = async ({ bytes }, work) => {
  if (bytes[0] !== 0x7b) throw new DocumentError("damaged", "The document does not begin as RTF does.");
  const document = new RtfDocument(work);
  await readRtf(bytes, document, work);
  document.end();
  const heading = work.blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text ?? null;
  return { title: document.title.trim() || heading, pages: document.page };
};
