import type { Work } from "../work.ts";
import { headingSizes, numberedLevel } from "./headings.ts";
import type { PdfLine } from "./lines.ts";

const BULLET = /^[•◦▪▫‣⁃·●○■□►➢✓–—*-]\s+(?=\S)/u;
const NUMBERED = /^\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+(?=\S)/;
/** The dots between a title and its page number. */
const LEADERS = /\s?(?:\.\s?){5,}/g;
/** Characters; from there on the next line begins a new paragraph, since the gaps say nothing. */
const LONG = 4_000;

interface Paragraph {
  lines: PdfLine[];
  length: number;
}

/** Joins lines to paragraphs, list items and headings, and adds them. */
export async function addPdfBlocks(lines: readonly PdfLine[], work: Work): Promise<void> {
  const sizes = headingSizes(lines);
  const margins = marginsOf(lines);
  const spacing = spacingOf(lines);
  const paragraphs: Paragraph[] = [];
  let open: Paragraph | null = null;
  let previous: PdfLine | null = null;
  for (const line of lines) {
    if (open === null || previous === null || open.length > LONG || isNew(open, previous, line, spacing, margins)) {
      open = { lines: [], length: 0 };
      paragraphs.push(open);
    }
    open.lines.push(line);
    open.length += line.text.length + 1;
    previous = line;
    const pause = work.spend(200);
    if (pause) await pause;
  }
  for (const [index, { lines: own }] of paragraphs.entries()) {
    const first = own[0];
    if (first === undefined) continue;
    const text = joined(own).replaceAll(LEADERS, " … ");
    const level = headingLevel(own, text, sizes, paragraphs[index + 1]?.lines);
    if (level !== null) work.add("heading", text, { level, page: first.page });
    else if (BULLET.test(text)) work.add("list-item", text.replace(BULLET, "- "), { page: first.page });
    else work.add(NUMBERED.test(text) ? "list-item" : "paragraph", text, { page: first.page });
    const pause = work.spend(text.length);
    if (pause) await pause;
  }
}

function headingLevel(
  own: readonly PdfLine[],
  text: string,
  sizes: readonly number[],
  next: readonly PdfLine[] | undefined,
): number | null {
  if (text.length > 200 || own.length > 4 || !/\p{L}/u.test(text) || text.includes(" … ")) return null;
  const size = own[0]?.size ?? 0;
  const rank = sizes.findIndex((one) => size >= one - 0.3);
  if (rank !== -1) return Math.min(6, rank + 1);
  const following = next?.[0]?.text ?? "";
  return own.length === 1 && following !== "" && !NUMBERED.test(following) ? numberedLevel(text) : null;
}

/** Whether a line begins a paragraph. */
function isNew({ lines }: Paragraph, previous: PdfLine, line: PdfLine, spacing: number, margins: ReadonlyMap<number, number>): boolean {
  if (line.page !== previous.page) return true;
  const larger = Math.max(line.size, previous.size);
  if (Math.abs(line.size - previous.size) > 0.12 * larger) return true;
  if (BULLET.test(line.text) || (NUMBERED.test(line.text) && /[.;:!?]$|^\(?\w{1,5}[.)]/.test(previous.text))) return true;
  const down = previous.y - line.y;
  const ended = /[.!?:…"”)]$/u.test(previous.text);
  // Up again: the next column, where a sentence may go on.
  if (down < -0.5 * larger) return ended || !/^\p{Ll}/u.test(line.text);
  if (down > 1.3 * spacing * larger + 0.5) return true;
  const first = lines[0] ?? previous;
  // The first line is moved in, or the last one ends early.
  if (lines.length > 1 && line.x - Math.min(previous.x, first.x) > 0.8 * larger && ended && line.x - previous.x > 0.8 * larger) return true;
  return ended && previous.end < (margins.get(line.page) ?? 0) - 0.2 * ((margins.get(line.page) ?? 0) - previous.x);
}

/** The usual distance of lines below each other, in sizes of their letters. */
function spacingOf(lines: readonly PdfLine[]): number {
  const counts = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before === undefined || before.page !== line.page || Math.abs(before.size - line.size) > 0.5) continue;
    const distance = Math.round(((before.y - line.y) / line.size) * 20) / 20;
    if (distance > 0.8 && distance < 2.5) counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  let best = 1.2;
  for (const [distance, count] of counts) if (count > (counts.get(best) ?? 0)) best = distance;
  return best;
}

/** How far to the right the lines of a page reach, nearly all of them. */
function marginsOf(lines: readonly PdfLine[]): Map<number, number> {
  const ends = new Map<number, number[]>();
  for (const { page, end } of lines) {
    const list = ends.get(page);
    if (list === undefined) ends.set(page, [end]);
    else list.push(end);
  }
  return new Map([...ends].map(([page, list]) => [page, list.sort((a, b) => a - b)[Math.floor(list.length * 0.9)] ?? 0]));
}

/** Lines in one, a word that was parted at the end of one whole again. */
function joined(lines: readonly PdfLine[]): string {
  const parts: string[] = [];
  for (const { text } of lines) {
    const last = parts.at(-1);
    if (last !== undefined && /\p{Ll}[-\u00AD\u2010]$/u.test(last) && /^\p{Ll}/u.test(text)) parts[parts.length - 1] = last.slice(0, -1);
    else if (last !== undefined) parts.push(" ");
    parts.push(text);
  }
  return parts.join("");
}
