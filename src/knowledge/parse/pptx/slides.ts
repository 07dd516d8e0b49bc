import { relationId } from "../office-relations.ts";
import { localName, type XmlHandler } from "../xml.ts";

/** More than anybody shows. */
const MAX_SLIDES = 20_000;

/** Reads `ppt/presentation.xml`: the relations of its slides, in their order. */
export function slidesIn(): XmlHandler & { ids: readonly string[] } {
  const ids: string[] = [];
  return {
    ids,
    open(name, attributes) {
      const id = localName(name) === "sldId" ? relationId(attributes) : undefined;
      if (id !== undefined && ids.length < MAX_SLIDES) ids.push(id);
    },
    close() {},
  };
}
