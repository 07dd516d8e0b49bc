import type { PdfLine } from "./lines.ts";

/** The sizes that headings have, largest first, six at most: such as are clearly larger than that of most text, and rare. */
export function headingSizes(lines: readonly PdfLine[]): number[] {
  const chars = new Map<number, number>();
  let total = 0;
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    chars.set(rounded, (chars.get(rounded) ?? 0) + text.length);
    total += text.length;
  }
  let body = 0;
  for (const [size, count] of chars) if (count > (chars.get(body) ?? 0)) body = size;
  const larger = [...chars].filter(([size, count]) => size > 1.12 * body && count < 0.3 * total).map(([size]) => size);
  const sizes: number[] = [];
  for (const size of larger.sort((a, b) => b - a)) if ((sizes.at(-1) ?? Number.POSITIVE_INFINITY) - size >= 0.7) sizes.push(size);
  return sizes.slice(0, 6);
}

/** The level of a heading that is told by its number (`2.1 Results`), or null: it reads like something else. */
export function numberedLevel(text: string): number | null {
  const number = /^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\p{Lu}/u.exec(text)?.[1];
  // A table of contents names headings, it has none.
  if (number === undefined || text.length > 100 || /[.,;:!?]$|(?:\. ?){4}/.test(text)) return null;
  return Math.min(6, number.split(".").length);
}
