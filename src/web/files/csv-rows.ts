/** Rows of a table, and whether there are more. */
export interface CsvRows {
  rows: string[][];
  more: boolean;
}

/** How far the first line is looked at. */
const LINE = 10_000;

/** What stands between fields: whichever of comma, semicolon and tab the first line has most of, outside of quotes. */
export function separatorOf(text: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/u.exec(text.slice(0, LINE))?.[0] ?? "";
  const bare = line.replaceAll(/"(?:[^"]|"")*"/gu, "");
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
}

/**
 * The first rows of CSV (RFC 4180), read as leniently as spreadsheets do: a quote that is not closed reaches to the end, text after a closing quote belongs to its field, lines end in any way. Lines with nothing in them
 * are left out.
 */
export function csvRows(text: string, most: number, separator = separatorOf(text)): CsvRows {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    field = "";
  };
  while (at < text.length) {
    if (rows.length === most) return { rows, more: text.slice(at).trim() !== "" };
    const char = text[at] ?? "";
    if (char === '"' && field === "") {
      const { value, end } = quoted(text, at + 1);
      field = value;
      at = end;
    } else if (char === separator) {
      row.push(field);
      field = "";
      at += 1;
    } else if (char === "\n" || char === "\r") {
      endRow();
      at += char === "\r" && text[at + 1] === "\n" ? 2 : 1;
    } else {
      field += char;
      at += 1;
    }
  }
  endRow();
  return { rows, more: false };
}

/** What is between quotes, from behind the first one on; two in a row are one. */
function quoted(text: string, start: number): { value: string; end: number } {
  let value = "";
  let at = start;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close === -1) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, close);
    if (text[close + 1] !== '"') return { value, end: close + 1 };
    value += '"';
    at = close + 2;
  }
}
