/** Characters that pieces may have. */
export interface Room {
  /** The first piece, which goes behind something. */
  first: number;
  target: number;
  /** No piece passes it. */
  max: number;
  /** That two pieces of a text may share. */
  overlap: number;
}

/** From the coarsest to the finest: where a text is cut. Each matches up to the place of the cut. */
const CUTS = [/\n\s*\n/g, /\n/g, /[.!?…]["'”’»)\]]*\s|[。！？]/g, /[,;:]\s|[，；：、]/g, /\s/g];

/**
 * Cuts a text at the end of a paragraph, line, sentence, clause or word, whichever is the first to be found in the second half of what fits, else in the middle of a word. A
 * piece after a cut begins up to `overlap` characters before it, where a sentence or word begins.
 */
export function splitText(text: string, room: Room): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    const most = Math.max(1, Math.min(room.max, pieces.length === 0 ? room.first : room.target));
    const end = text.length - from <= most ? text.length : cutAt(text, from, most);
    const piece = text.slice(from, end).trim();
    if (piece !== "") pieces.push(piece);
    if (end >= text.length) break;
    from = Math.max(from + 1, end - overlapOf(text.slice(Math.max(from, end - room.overlap), end)));
  }
  return pieces;
}

/** Where the piece that begins at `from` ends. */
function cutAt(text: string, from: number, most: number): number {
  const least = from + Math.ceil(most / 2);
  const part = text.slice(least, from + most);
  for (const cut of CUTS) {
    let last = -1;
    for (const match of part.matchAll(cut)) last = match.index + match[0].length;
    if (last > 0) return least + last;
  }
  const end = from + most;
  // Not between the two halves of a character.
  return end - from > 1 && isHigh(text.charCodeAt(end - 1)) ? end - 1 : end;
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** How many of the last characters the next piece repeats: whole sentences, else whole words. */
function overlapOf(tail: string): number {
  for (const cut of [/[.!?…]["'”’»)\]]*\s+|[。！？]/g, /\s+/g]) {
    const match = cut.exec(tail);
    cut.lastIndex = 0;
    if (match === null) continue;
    const length = tail.length - match.index - match[0].length;
    if (length > 0) return length;
  }
  return 0;
}

/** Cuts a Markdown table between its rows. Each piece has the header, where that leaves room for rows. */
export function splitTable(table: string, room: Room): string[] {
  const lines = table.split("\n");
  const ruled = /^[\s|:-]+$/.test(lines[1] ?? "") && (lines[1] ?? "").includes("-");
  const head = ruled ? `${lines[0]}\n${lines[1]}` : "";
  if (head.length === 0 || head.length > room.max / 3) return packed(lines, room, "", "");
  return packed(lines.slice(2), room, `${head}\n`, "");
}

/** Cuts a code block between its lines. Each piece is fenced as the whole is. */
export function splitCode(code: string, room: Room): string[] {
  const mark = /^\s*(`{3,}|~{3,})/.exec(code)?.[1];
  const lines = code.split("\n");
  const closed = mark !== undefined && lines.length > 1 && (lines.at(-1) ?? "").trim().startsWith(mark);
  if (mark === undefined || !closed || (lines[0] ?? "").length + mark.length > room.max / 3) return packed(lines, room, "", "");
  return packed(lines.slice(1, -1), room, `${lines[0]}\n`, `\n${mark}`);
}

/** Lines in pieces with the same text before and after them. A line that does not fit is cut like a text. */
function packed(lines: readonly string[], room: Room, before: string, after: string): string[] {
  const frame = before.length + after.length;
  const pieces: string[] = [];
  let open: string[] = [];
  let length = 0;
  const end = (): void => {
    if (open.some((line) => line.trim() !== "")) pieces.push(before + open.join("\n") + after);
    open = [];
    length = 0;
  };
  for (const line of lines) {
    const most = Math.min(room.max, pieces.length === 0 ? Math.max(room.first, frame + 200) : room.target) - frame;
    if (length > 0 && length + line.length + 1 > most) end();
    if (frame + line.length > room.max) {
      end();
      const fits = Math.max(1, Math.min(room.target, room.max) - frame);
      const texts = splitText(line, { first: fits, target: fits, max: room.max - frame, overlap: 0 });
      pieces.push(...texts.map((text) => before + text + after));
      continue;
    }
    open.push(line);
    length += line.length + 1;
  }
  end();
  return pieces.length > 0 ? pieces : [before.trimEnd() + after];
}
