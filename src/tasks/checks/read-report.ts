import { linksIn } from "../../tools/web/page-link.ts";

export interface Report {
  /** Numbers that stand behind statements. */
  cited: Set<number>;
  /** The list: addresses of each number; none where it is a document. */
  sources: Map<number, string[]>;
}

/** An entry of a list of sources: `[1] …`, `- [1]: …`, and where it holds an address also `1. …`. */
const ENTRY = /^\s{0,6}(?:[-*+]\s{1,3})?(?:\*\*)?(?:\[\^?(\d{1,3})\]|(\d{1,3})[.)])(?:\*\*)?:?(?:\s+|$)/;
const CITED = /\[\^?(\d{1,3}(?:\s{0,2}[,–-]\s{0,2}\d{1,3}){0,20})\]/g;
const MAX_LINKS = 4;

/**
 * Which numbers a report cites, and which sources it lists. A line that begins with `[n]` is an entry where it holds an address or stands at the end among others such; a number that is a link itself, `[1](https://…)`, is both.
 */
export function readReport(text: string): Report {
  const cited = new Set<number>();
  const sources = new Map<number, string[]>();
  const lines = text.split("\n");
  const end = tailFrom(lines);
  for (const [index, line] of lines.entries()) {
    const entry = ENTRY.exec(line);
    const links = linksIn(line, MAX_LINKS);
    const number = Number(entry?.[1] ?? entry?.[2] ?? Number.NaN);
    if (entry !== null && (links.length > 0 || (entry[1] !== undefined && index >= end))) {
      sources.set(number, [...(sources.get(number) ?? []), ...links]);
      continue;
    }
    for (const { 0: whole, 1: numbers = "", index: at } of line.matchAll(CITED)) {
      const own = /^\((https?:\/\/[^\s()]+)\)/.exec(line.slice(at + whole.length))?.[1];
      for (const one of numbersOf(numbers)) {
        cited.add(one);
        if (own !== undefined) sources.set(one, [...(sources.get(one) ?? []), own]);
      }
    }
  }
  return { cited, sources };
}

/** Where the list at the end begins: behind the last line that is no entry, no continuation of one and not empty. */
function tailFrom(lines: readonly string[]): number {
  let from = lines.length;
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index] ?? "";
    if (ENTRY.test(line)) from = index;
    else if (line.trim() !== "" && !/^\s{2,}\S/.test(line)) break;
  }
  return from;
}

/** `1, 3` and `2-4`. */
function numbersOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split(/[–-]/).map(Number);
    return Array.from({ length: Math.min(20, Math.max(0, to - from + 1)) }, (_one, index) => from + index);
  });
}
