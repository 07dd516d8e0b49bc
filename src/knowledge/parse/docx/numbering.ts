import type { XmlHandler } from "../xml.ts";

/** The list a paragraph is in, and how deep, from 0. */
export interface ListPlace {
  list: string;
  depth: number;
}

const MAX_LISTS = 20_000;

/** Reads `word/numbering.xml`. `format`: how the items of a list are marked at a depth, as OOXML names it (`bullet`, `decimal`, …); null where that is not said. */
export function numberingIn(): XmlHandler & { format: (place: ListPlace) => string | null } {
  const abstracts = new Map<string, string[]>();
  const lists = new Map<string, string>();
  let formats: string[] | null = null;
  let depth = 0;
  let list: string | null = null;
  return {
    format: (place) => abstracts.get(lists.get(place.list) ?? "")?.[place.depth] ?? null,
    open(name, attributes) {
      const value = attributes["w:val"] ?? "";
      if (name === "w:abstractNum" && abstracts.size < MAX_LISTS) abstracts.set(attributes["w:abstractNumId"] ?? "", (formats = []));
      else if (name === "w:lvl") depth = /^[0-8]$/.test(attributes["w:ilvl"] ?? "") ? Number(attributes["w:ilvl"]) : 0;
      else if (name === "w:numFmt" && formats !== null) formats[depth] = value;
      else if (name === "w:num") list = attributes["w:numId"] ?? null;
      else if (name === "w:abstractNumId" && list !== null && lists.size < MAX_LISTS) lists.set(list, value);
    },
    close(name) {
      if (name === "w:abstractNum") formats = null;
      if (name === "w:num") list = null;
    },
  };
}
