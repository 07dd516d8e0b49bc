import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { addPdfBlocks } from "./pdf/blocks.ts";
import { withoutFurniture } from "./pdf/furniture.ts";
import { guardPdf } from "./pdf/guard.ts";
import { LineBuilder, type PdfLine } from "./pdf/lines.ts";
import type { PdfDocument } from "./pdf/pdf-text.ts";
import { tooLong, type Work } from "./work.ts";

/** PDF: its text with page numbers, lines joined to paragraphs, headings told by their size or number. Pictures are not looked at, so a scan has no text. */
export const parsePdf: ParseDriver = async ({ bytes, progress }, work) => {
  await guardPdf(bytes, work);
  const { openPdf } = await import("./pdf/pdf-text.ts");
  const document = await openPdf(bytes, work);
  try {
    if (document.pages > work.limits.pages) {
      throw new DocumentError(
        "too_many_pages",
        `It has ${document.pages.toLocaleString("en")} pages; ${work.limits.pages.toLocaleString("en")} can be taken in.`,
      );
    }
    const lines = await linesOf(document, work, progress);
    if (lines.length === 0) {
      throw new DocumentError(
        "no_text",
        "There is no text in this PDF. It may be a scan: pictures of pages, which would need text recognition first.",
      );
    }
    await addPdfBlocks(withoutFurniture(lines, document.pages), work);
    const heading = work.blocks.find(({ kind, page, level }) => kind === "heading" && level === 1 && page === 1)?.text ?? null;
    return { title: (await document.title()) ?? heading, pages: document.pages };
  } finally {
    await document.close();
  }
};

async function linesOf(document: PdfDocument, work: Work, progress: (done: number, total: number) => void): Promise<PdfLine[]> {
  const builder = new LineBuilder();
  let chars = 0;
  let broken = 0;
  for (let page = 1; page <= document.pages; page++) {
    try {
      for await (const items of document.text(page)) {
        for (const item of items) {
          chars += item.str.length + 1;
          builder.add(item, page);
        }
        if (chars > work.limits.chars) throw tooLong(work.limits);
        const pause = work.spend(50 * items.length);
        if (pause) await pause;
      }
    } catch (error) {
      // One page that cannot be read is no reason to lose the others.
      if (error instanceof DocumentError) throw error;
      work.check();
      broken++;
    }
    builder.endLine();
    progress(page, document.pages);
    const pause = work.spend(5_000);
    if (pause) await pause;
  }
  if (broken === document.pages) throw new DocumentError("damaged", "The PDF is damaged: none of its pages can be read.");
  return builder.lines;
}
