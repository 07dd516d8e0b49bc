import type { PdfLine } from "./lines.ts";

/** Fewer pages than this show no habit. */
const MIN_PAGES = 4;
const MAX_LENGTH = 120;

/**
 * Lines without what stands at the top or bottom of many pages: the title again, the number of the page. It would stand in the middle of sentences, and in every piece that
 * is found.
 */
export function withoutFurniture(lines: readonly PdfLine[], pages: number): readonly PdfLine[] {
  if (pages < MIN_PAGES) return lines;
  const edges = edgesOf(lines);
  const counts = new Map<string, number>();
  for (const line of edges) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  const often = Math.max(MIN_PAGES, pages * 0.3);
  return lines.filter((line) => !edges.has(line) || (counts.get(keyOf(line)) ?? 0) < often);
}

/** The highest and the lowest line of every page. */
function edgesOf(lines: readonly PdfLine[]): Set<PdfLine> {
  const found = new Map<number, { top: PdfLine; bottom: PdfLine }>();
  for (const line of lines) {
    const page = found.get(line.page);
    if (page === undefined) found.set(line.page, { top: line, bottom: line });
    else if (line.y > page.top.y) page.top = line;
    else if (line.y < page.bottom.y) page.bottom = line;
  }
  return new Set([...found.values()].flatMap(({ top, bottom }) => [top, bottom]).filter(({ text }) => text.length <= MAX_LENGTH));
}

/** Alike but for numbers, at the same height. */
const keyOf = ({ text, y }: PdfLine): string => `${Math.round(y / 4)} ${text.replaceAll(/\d+|\b[ivxlc]+\b/g, "#")}`;
