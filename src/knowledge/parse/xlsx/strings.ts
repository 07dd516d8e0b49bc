import { DocumentError } from "../../parsed.ts";
import type { Work } from "../work.ts";
import { localName, type XmlHandler } from "../xml.ts";

/** Characters that a cell can hold are 32,767. */
export const MAX_CELL_CHARS = 40_000;
const MAX_STRINGS = 2_000_000;

/** Reads `xl/sharedStrings.xml`: texts that cells name by their place. How a word is pronounced is left out. */
export function stringsIn(work: Work): XmlHandler & { strings: readonly string[] } {
  const strings: string[] = [];
  let text = "";
  const hold = work.holding();
  let inText = false;
  let inPhonetic = false;
  return {
    strings,
    open(name) {
      const kind = localName(name);
      if (kind === "si") text = "";
      else if (kind === "rPh") inPhonetic = true;
      else if (kind === "t") inText = !inPhonetic;
    },
    close(name) {
      const kind = localName(name);
      if (kind === "t") inText = false;
      else if (kind === "rPh") inPhonetic = false;
      else if (kind === "si") {
        hold(text.length);
        if (strings.length >= MAX_STRINGS) throw new DocumentError("too_long", "The workbook has more texts than can be taken in.");
        strings.push(unescaped(text));
      }
    },
    characters(part) {
      if (inText && text.length < MAX_CELL_CHARS) text += part;
    },
  };
}

/** What XML cannot hold is written `_x000D_` (ECMA-376, ST_Xstring). */
export const unescaped = (text: string): string =>
  text.includes("_x")
    ? text.replaceAll(/_x([0-9a-f]{4})_/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
