import { DocumentError } from "../parsed.ts";
import { BodyReader } from "./docx/body.ts";
import { numberingIn } from "./docx/numbering.ts";
import { stylesIn } from "./docx/styles.ts";
import type { ParseDriver } from "./driver.ts";
import { OfficeParts } from "./office-parts.ts";

/** Word documents: headings by their styles, lists, tables, footnotes. Text that is hidden or struck from the document (a tracked deletion) is left out. */
export const parseDocx: ParseDriver = async ({ bytes }, work) => {
  const parts = new OfficeParts(bytes, work);
  const styles = stylesIn();
  await parts.read("word/styles.xml", styles);
  const numbering = numberingIn();
  await parts.read("word/numbering.xml", numbering);
  const body = new BodyReader(work, styles.styles, numbering.format);
  if (!(await parts.read("word/document.xml", body))) throw new DocumentError("damaged", "The document has no text part.");
  const pages = body.page;
  for (const notes of ["word/footnotes.xml", "word/endnotes.xml"])
    await parts.read(notes, new BodyReader(work, styles.styles, numbering.format, pages));
  const title = await parts.title();
  const heading = work.blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text ?? null;
  return { title: title ?? heading, pages };
};
