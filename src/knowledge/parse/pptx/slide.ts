import { tableRow, tableRule } from "../markdown-table.ts";
import { MAX_COLUMNS } from "../table-rows.ts";
import type { Work } from "../work.ts";
import { localName, type XmlHandler } from "../xml.ts";

/** What stands on every slide alike, and pictures of slides. */
const REPEATED = new Set(["sldNum", "dt", "ftr", "hdr", "sldImg"]);
const TITLES = new Set(["title", "ctrTitle"]);
/** What a row or a cell of a table counts for before its text: it takes memory until the table ends. */
const ROW_CHARS = 32;
/** Characters of one paragraph. */
const MAX_TEXT = 100_000;

/** Reads one slide, or the notes of one. `hidden`: it is not shown; nothing of it was added. */
export function slideIn(work: Work, page: number, of: "slide" | "notes"): XmlHandler & { readonly hidden: boolean } {
  let hidden = false;
  /** The kind of place that the open shape has in the layout; null: it is a box of its own. */
  let place: string | null = null;
  let text = "";
  let level = 0;
  let inText = false;
  /** Depth within what is only for programs that cannot show the rest. */
  let fallback = 0;
  let table: string[][] | null = null;
  let cell: string[] = [];
  const hold = work.holding();
  const endParagraph = (): void => {
    const line = text.replaceAll(/\s+/g, " ").trim();
    text = "";
    if (line === "" || hidden || (place !== null && REPEATED.has(place))) return;
    if (table !== null) cell.push(line);
    else if (of === "notes") {
      if (place === "body") work.add("paragraph", `Notes: ${line}`, { page });
    } else if (place !== null && TITLES.has(place)) work.add("heading", line, { page, level: 2 });
    else if (place === "body" || place === "obj") work.add("list-item", `${"  ".repeat(level)}- ${line}`, { page });
    else work.add("paragraph", line, { page });
  };
  const endTable = (): void => {
    const [head = [], ...rows] = table ?? [];
    table = null;
    if (of === "slide" && !hidden && head.length > 0)
      work.add("table", [tableRow(head), tableRule(head.length), ...rows.map(tableRow)].join("\n"), { page });
  };

  return {
    get hidden() {
      return hidden;
    },
    open(name, attributes) {
      const kind = localName(name);
      if (kind === "Fallback" || fallback > 0) fallback++;
      if (fallback > 0) return;
      if (kind === "sld") hidden = ["0", "false"].includes(attributes["show"] ?? "");
      else if (kind === "sp" || kind === "graphicFrame") place = null;
      // Without a type it is one for whatever there is, text as a rule.
      else if (kind === "ph") place = attributes["type"] ?? "obj";
      else if (kind === "tbl") table = [];
      else if (kind === "tr") {
        hold(ROW_CHARS);
        table?.push([]);
      } else if (kind === "tc") {
        hold(ROW_CHARS);
        cell = [];
      } else if (kind === "p") level = 0;
      else if (kind === "pPr") level = /^[0-8]$/.test(attributes["lvl"] ?? "") ? Number(attributes["lvl"]) : 0;
      else if (kind === "t") inText = true;
      else if (kind === "br") text += " ";
    },
    close(name) {
      if (fallback > 0) {
        fallback--;
        return;
      }
      const kind = localName(name);
      if (kind === "t") inText = false;
      else if (kind === "p") endParagraph();
      else if (kind === "tc") {
        const row = table?.at(-1);
        if (row !== undefined && row.length < MAX_COLUMNS) row.push(cell.join(" "));
      } else if (kind === "tbl") endTable();
    },
    characters(part) {
      if (!inText || fallback > 0 || text.length >= MAX_TEXT) return;
      hold(part.length);
      text += part;
    },
  };
}
