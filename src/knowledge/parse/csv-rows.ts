import { DocumentError } from "../parsed.ts";

export interface CsvRow {
  cells: string[];
  /** Where it ends in the text. */
  end: number;
}

/**
 * The rows of separated values (RFC 4180, and what programs write instead). Forgiving: a quote in the middle of a cell is itself, and one that is never closed is too, since
 * otherwise a single one would swallow the rest of the file. Throws `unsupported` past `maxColumns`.
 */
export function* csvRows(text: string, delimiter: string, maxColumns: number): Generator<CsvRow, void> {
  let at = 0;
  let cells: string[] = [];
  const plain = new RegExp(`[${delimiter === "|" ? "\\|" : delimiter}\\r\\n]`, "g");
  while (at < text.length) {
    let cell: string;
    const quoted = text[at] === '"' ? quotedCell(text, at, delimiter) : null;
    if (quoted !== null) {
      ({ cell, end: at } = quoted);
    } else {
      plain.lastIndex = at;
      const end = plain.exec(text)?.index ?? text.length;
      cell = text.slice(at, end);
      at = end;
    }
    if (cells.length >= maxColumns) throw new DocumentError("unsupported", `The table has more than ${maxColumns} columns.`);
    cells.push(cell);
    if (text[at] === delimiter) {
      at++;
      // A delimiter at the very end has one more cell behind it.
      if (at === text.length) cells.push("");
      else continue;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    yield { cells, end: at };
    cells = [];
  }
  if (cells.length > 0) yield { cells, end: at };
}

/** Longer than any cell that is meant. */
const MAX_QUOTED = 100_000;

/** null: not a quoted cell, for it has no end, or something else than a delimiter follows it. */
function quotedCell(text: string, from: number, delimiter: string): { cell: string; end: number } | null {
  let end = from + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1 || end - from > MAX_QUOTED) return null;
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const next = text[end + 1];
  if (next !== undefined && next !== delimiter && next !== "\r" && next !== "\n") return null;
  return { cell: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** The delimiter that the first lines have most evenly. */
export function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replaceAll(/"(?:[^"]|""){0,2000}"/g, "")
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 20);
  const scores = [",", ";", "\t", "|"].map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const first = counts[0] ?? 0;
    return { delimiter, score: first === 0 ? 0 : counts.filter((count) => count === first).length * 1000 + first };
  });
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter;
}
