import type { ParseDriver } from "./driver.ts";
import { BodyReader } from "./odf/body.ts";
import { readOdf } from "./odf/open-odf.ts";

/** Presentations of OpenDocument: each slide is a page with its title, texts, tables and the speaker's notes. Slides that are hidden are left out. */
export const parseOdp: ParseDriver = async ({ bytes }, work) => {
  const { title, body } = await readOdf(bytes, work, (styles) => new BodyReader(work, styles, true));
  return { title, pages: body.page };
};
