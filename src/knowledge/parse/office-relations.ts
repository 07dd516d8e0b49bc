import { localName, type XmlHandler } from "./xml.ts";

const MAX_RELATIONS = 20_000;
/** Characters of one. */
const MAX_CHARS = 2_000;

export interface Relations {
  /** The part that an id stands for. */
  of(id: string): string | undefined;
  /** The first part of a kind: `notesSlide`. */
  first(kind: string): string | undefined;
}

/** Reads the relations of a part (ECMA-376 part 2): `xl/workbook.xml` has them in `xl/_rels/workbook.xml.rels`. `folder`: where the part is, `xl`. */
export function relationsIn(folder: string): XmlHandler & Relations {
  const parts = new Map<string, string>();
  const kinds = new Map<string, string>();
  return {
    of: (id) => parts.get(id),
    first: (kind) => kinds.get(kind),
    open(name, { Id: id, Target: target, Type: type = "", TargetMode: mode }) {
      if (localName(name) !== "Relationship" || id === undefined || target === undefined || mode === "External") return;
      if (id.length + target.length + type.length > MAX_CHARS) return;
      const part = URL.parse(target, `file:///${folder}/`)?.pathname.slice(1);
      if (part === undefined || parts.size >= MAX_RELATIONS) return;
      parts.set(id, part);
      const kind = type.slice(type.lastIndexOf("/") + 1);
      if (!kinds.has(kind)) kinds.set(kind, part);
    },
    close() {},
  };
}

/** The id of a relation among attributes, whatever prefix it has: `r:id`. */
export function relationId(attributes: Readonly<Record<string, string>>): string | undefined {
  const id = Object.entries(attributes).find(([key]) => key.includes(":") && localName(key) === "id")?.[1];
  return id === undefined || id.length > MAX_CHARS ? undefined : id;
}
