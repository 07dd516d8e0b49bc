import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { OfficeParts } from "./office-parts.ts";
import { type Relations, relationsIn } from "./office-relations.ts";
import { slideIn } from "./pptx/slide.ts";
import { slidesIn } from "./pptx/slides.ts";

/** Presentations of PowerPoint (ECMA-376, PresentationML): each slide is a page with its title, texts, tables and the speaker's notes. Slides that are hidden are left out. */
export const parsePptx: ParseDriver = async ({ bytes, progress }, work) => {
  const parts = new OfficeParts(bytes, work);
  const slides = slidesIn();
  if (!(await parts.read("ppt/presentation.xml", slides)))
    throw new DocumentError("damaged", "The presentation has no list of its slides.");
  const places = await relationsOf("ppt/presentation.xml", parts);
  if (slides.ids.length > work.limits.pages)
    throw new DocumentError("too_many_pages", `It has more slides than can be taken in (${work.limits.pages.toLocaleString("en")}).`);
  for (const [index, id] of slides.ids.entries()) {
    const part = places.of(id);
    if (part === undefined) continue;
    const slide = slideIn(work, index + 1, "slide");
    await parts.read(part, slide);
    if (slide.hidden) continue;
    const notes = (await relationsOf(part, parts)).first("notesSlide");
    if (notes !== undefined) await parts.read(notes, slideIn(work, index + 1, "notes"));
    progress(index + 1, slides.ids.length);
  }
  return { title: await parts.title(), pages: Math.max(1, slides.ids.length) };
};

async function relationsOf(part: string, parts: OfficeParts): Promise<Relations> {
  const at = part.lastIndexOf("/");
  const relations = relationsIn(part.slice(0, at));
  await parts.read(`${part.slice(0, at)}/_rels/${part.slice(at + 1)}.rels`, relations);
  return relations;
}
