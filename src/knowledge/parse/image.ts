import { DocumentError } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { imageMime } from "./magic.ts";

/** A picture is what a model that sees says of it. */
export const parseImage: ParseDriver = async ({ bytes, describeImage }, work) => {
  const mime = imageMime(bytes);
  if (mime === null || bytes.length < 32) throw new DocumentError("damaged", "The picture is damaged: it ends after its first bytes.");
  if (describeImage === null)
    throw new DocumentError("unsupported", "A picture can only be taken in with a vision model, and none is set up.");
  const description = await describeImage(bytes, mime);
  for (const paragraph of description.slice(0, work.limits.chars).split(/\n\s*\n/)) work.add("paragraph", paragraph);
  if (work.blocks.length === 0) throw new DocumentError("no_text", "The vision model found nothing to say about the picture.");
  return { title: null, pages: 1 };
};
