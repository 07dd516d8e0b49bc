import { localName, type XmlHandler } from "../xml.ts";

/** How a number is meant. `unit`: the money sign that is written with it, or "". */
export interface NumberFormat {
  kind: "number" | "percent" | "date" | "time" | "duration";
  /** Of a date, the time too. */
  withTime: boolean;
  unit: string;
}

const PLAIN: NumberFormat = { kind: "number", withTime: false, unit: "" };
const MAX_FORMATS = 100_000;

/** Reads `xl/styles.xml`. `of`: the format of a cell's style, the number in its `s`. */
export function formatsIn(): XmlHandler & { of(style: number): NumberFormat } {
  const codes = new Map<number, NumberFormat>();
  const ids: number[] = [];
  let inCells = false;
  return {
    of(style) {
      const id = ids[style] ?? 0;
      return codes.get(id) ?? builtIn(id);
    },
    open(name, attributes) {
      const kind = localName(name);
      if (kind === "numFmt" && codes.size < MAX_FORMATS)
        codes.set(Number(attributes["numFmtId"]), formatOfCode(attributes["formatCode"] ?? ""));
      else if (kind === "cellXfs") inCells = true;
      else if (kind === "xf" && inCells && ids.length < MAX_FORMATS) ids.push(Number(attributes["numFmtId"] ?? 0));
    },
    close(name) {
      if (localName(name) === "cellXfs") inCells = false;
    },
  };
}

/** Formats that are known by their number alone (ECMA-376 part 1, 18.8.30; 27 to 58 are dates where Chinese, Japanese and Korean are written). */
function builtIn(id: number): NumberFormat {
  if (id === 9 || id === 10) return { ...PLAIN, kind: "percent" };
  if (id === 22) return { ...PLAIN, kind: "date", withTime: true };
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58)
    return { ...PLAIN, kind: "date" };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47 || id === 55 || id === 56)
    return { ...PLAIN, kind: "time" };
  if (id === 46) return { ...PLAIN, kind: "duration" };
  return PLAIN;
}

/** A format as it is written: `yyyy-mm-dd`, `#,##0.00 [$€-407]`, `[h]:mm`. */
export function formatOfCode(code: string): NumberFormat {
  // Of its parts for positive, negative, zero and text the first.
  const first = /^(?:"[^"]*"|\\.|[^;"\\])*/u.exec(code.slice(0, 300))?.[0] ?? "";
  const unit = /\[\$([^\]-]{1,4})/u.exec(first)?.[1] ?? /\p{Sc}/u.exec(first)?.[0] ?? "";
  const bare = first.replaceAll(/"[^"]*"?|[\\_*]./gu, "");
  if (/\[(?:h+|m+|s+)\]/iu.test(bare)) return { ...PLAIN, kind: "duration" };
  const letters = bare.replaceAll(/\[[^\]]*\]|General|Standard|am\/pm|a\/p/giu, "");
  if (/[0#?]/u.test(letters) && !/[dyhs]/iu.test(letters)) return { ...PLAIN, kind: letters.includes("%") ? "percent" : "number", unit };
  const withTime = /[hs]/iu.test(letters);
  if (/[dy]/iu.test(letters) || (!withTime && /m/iu.test(letters))) return { ...PLAIN, kind: "date", withTime };
  if (withTime) return { ...PLAIN, kind: "time" };
  return { ...PLAIN, kind: letters.includes("%") ? "percent" : "number", unit };
}
