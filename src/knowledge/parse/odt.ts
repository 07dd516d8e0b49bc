import type { ParseDriver } from "./driver.ts";
import { BodyReader } from "./odf/body.ts";
import { readOdf } from "./odf/open-odf.ts";

/** Text documents of OpenDocument (LibreOffice): headings, lists, tables, links, notes. Text that is hidden or struck from the document (a tracked deletion), comments and its lists of headings are left out. */
export const parseOdt: ParseDriver = async ({ bytes }, work) => {
  const { title, body } = await readOdf(bytes, work, (styles) => new BodyReader(work, styles, false));
  const heading = work.blocks.find(({ kind, level }) => kind === "heading" && level === 1)?.text ?? null;
  return { title: title ?? heading, pages: body.page };
};
