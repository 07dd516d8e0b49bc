import type { AlignType } from "mdast";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE = /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** Columns a monospaced font needs: emoji and East Asian characters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** A table in monospaced text; the first row is the header. Line ends inside cells become spaces. */
export function layTable(rows: readonly (readonly string[])[], align: readonly AlignType[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, " ").trim()));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(1, ...cells.map((row) => widthOf(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        const space = " ".repeat(width - widthOf(cell));
        return align[column] === "right" ? space + cell : cell + space;
      })
      .join(" | ")
      .trimEnd();
  const [header, ...body] = cells;
  if (!header) return "";
  return [line(header), widths.map((width) => "-".repeat(width)).join("-+-"), ...body.map(line)].join("\n");
}
