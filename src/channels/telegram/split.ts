import { entitiesOf, format, type FormattedText, type Run, sliceRuns, textOf } from "./formatted.ts";

/** `sendMessage` takes 1–4,096 characters after entity parsing and 100 entities (core.telegram.org/bots/api#sendmessage). */
export const MESSAGE_LIMIT = 4096;
export const ENTITY_LIMIT = 100;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Cuts a text into messages of at most `limit` UTF-16 units and {@link ENTITY_LIMIT} entities: at the end of a paragraph, else of a
 * line, a sentence, a word, and only then between two characters as people see them. White space at a cut is dropped; a code block or
 * quote that is cut goes on in the next message. An empty or blank text gives no message.
 */
export function splitRuns(runs: readonly Run[], limit: number = MESSAGE_LIMIT): FormattedText[] {
  const messages: FormattedText[] = [];
  let rest = trimmed(runs);
  while (rest.length > 0) {
    const text = textOf(rest);
    const window = Math.min(limit, entityWindow(rest));
    if (text.length <= window) {
      messages.push(format(rest));
      break;
    }
    const cut = cutOf(rest, text, window);
    messages.push(format(trimmed(sliceRuns(rest, 0, cut))));
    rest = trimmed(sliceRuns(rest, cut, text.length), true);
  }
  return messages.filter((message) => message.text !== "");
}

/**
 * Drops space at the end, and at the start blank lines; a line that begins there keeps its indentation (code has one). After a cut within
 * a line (`midLine`) there is no line to indent.
 */
function trimmed(runs: readonly Run[], midLine = false): Run[] {
  const text = textOf(runs);
  if (text.trim() === "") return [];
  const blank = /^\s*\n/.exec(text) ?? (midLine ? /^\s+/.exec(text) : null);
  return sliceRuns(runs, blank?.[0].length ?? 0, text.trimEnd().length);
}

/** How far the text reaches with 100 entities. */
function entityWindow(runs: readonly Run[]): number {
  const next = entitiesOf(runs)[ENTITY_LIMIT];
  return next && next.offset > 0 ? next.offset : Number.POSITIVE_INFINITY;
}

/** A cut leaves at least half a message, if any of the places does; a break inside a code block is the second choice. */
function cutOf(runs: readonly Run[], text: string, window: number): number {
  const code = codeRanges(runs);
  const outside = (at: number) => !code.some(([from, to]) => at > from && at < to);
  const places = [/\n\s*\n/g, /\n/g, /[.!?…]["')\]]*\s|[。！？]/g, /\s/g].map((pattern) => placesOf(text, pattern, window));
  for (const from of [window / 2, 1]) {
    const paragraph = places[0]?.findLast((at) => at >= from && outside(at));
    const line = places[1]?.findLast((at) => at >= from && outside(at));
    const found = paragraph ?? line ?? places.map((list) => list.findLast((at) => at >= from)).find((at) => at !== undefined);
    if (found !== undefined) return found;
  }
  return graphemeCut(text, window);
}

/** Ends of the matches that lie within the window. */
function placesOf(text: string, pattern: RegExp, window: number): number[] {
  const places: number[] = [];
  for (const match of text.slice(0, window + 1).matchAll(pattern)) {
    // The white space itself may be cut off: what counts is that the text before it fits.
    const end = match.index + match[0].trimEnd().length;
    if (end > 0 && end <= window) places.push(end);
  }
  return places;
}

function graphemeCut(text: string, window: number): number {
  let cut = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, window + 64))) {
    if (index + segment.length > window) break;
    cut = index + segment.length;
  }
  if (cut > 0) return cut;
  // One character with thousands of combining marks: cut between code points.
  const low = text.charCodeAt(window);
  return low >= 0xdc00 && low <= 0xdfff ? window - 1 : window;
}

function codeRanges(runs: readonly Run[]): [number, number][] {
  const ranges: [number, number][] = [];
  let offset = 0;
  for (const run of runs) {
    if (run.style.pre) ranges.push([offset, offset + run.text.length]);
    offset += run.text.length;
  }
  return ranges;
}
