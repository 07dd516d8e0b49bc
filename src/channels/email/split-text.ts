import {
  ADDRESS_COLON,
  ATTRIBUTION,
  ATTRIBUTION_BEGINS,
  CLIENT_LINE,
  FORWARD_LINE,
  HEAD_FROM,
  HEAD_OTHER,
  ORIGINAL_LINE,
  WHEN_OR_WHO,
} from "./quote-marks.ts";

/** What a person wrote anew, and what their program put beside it. */
export interface SplitText {
  /** Their own words. Unchanged where there is nothing beside them. */
  text: string;
  /** Earlier mail below or between them; empty: none. */
  quoted: string;
  /** Whether it was sent on, not answered. */
  forwarded: boolean;
}

/** Lines that one attribution may be wrapped to. */
const MAX_WRAP = 4;
/** A signature is short; a line `--` with more below it is somebody's rule. */
const MAX_SIGNATURE_LINES = 15;

const isQuoted = (line: string): boolean => /^\s{0,3}[>＞]/.test(line);
const isBlank = (line: string): boolean => line.trim() === "";

/**
 * Tells the new words of a mail from quoted ones. When in doubt it is a quote: text that others wrote must not become the sender's word, while a sentence of theirs that counts as quoted is
 * still read. Linear in the length of the text.
 */
export function splitText(text: string): SplitText {
  const lines = text.split("\n");
  const begin = boundaryOf(lines);
  const above = lines.slice(0, begin.at);
  const rest = lines.slice(begin.at);
  const below = begin.marked ? betweenQuotes(rest) : { own: [], quoted: rest };
  const quoted = tidy(below.quoted);
  const words = withoutSignature([...above, ...(below.own.length === 0 ? [] : ["", ...below.own])]);
  const changed = quoted !== "" || words.length !== lines.length;
  return { text: changed ? tidy(words) : text, quoted, forwarded: begin.forwarded };
}

interface Boundary {
  at: number;
  /** Every line of the quote has its `>`, so that lines without may be the sender's. */
  marked: boolean;
  forwarded: boolean;
}

/** Where quoted mail begins. */
function boundaryOf(lines: readonly string[]): Boundary {
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.length > 1_000 || isBlank(line)) continue;
    if (FORWARD_LINE.test(line)) return { at: index, marked: false, forwarded: true };
    if (ORIGINAL_LINE.test(line)) return { at: index, marked: false, forwarded: false };
    if (HEAD_FROM.test(line) && isHead(lines, index)) return { at: ruleAbove(lines, index), marked: false, forwarded: false };
    const attribution = attributionAt(lines, index);
    if (attribution !== null) return { ...attribution, forwarded: false };
    if (isQuoted(line)) return { at: index, marked: true, forwarded: false };
  }
  return { at: lines.length, marked: false, forwarded: false };
}

/** Whether a line is the first of a mail's head: another of it stands right below. */
const isHead = (lines: readonly string[], at: number): boolean =>
  lines
    .slice(at + 1, at + 6)
    .filter((line) => !isBlank(line))
    .slice(0, 2)
    .some((line) => line.length <= 1_000 && HEAD_OTHER.test(line));

/** A rule of underscores or dashes belongs to the head below it. */
function ruleAbove(lines: readonly string[], at: number): number {
  for (let index = at - 1; index >= 0; index--) {
    const line = (lines[index] ?? "").trim();
    if (/^[-_*=\s]{3,}$/.test(line) && line !== "") return index;
    if (line !== "") return at;
  }
  return at;
}

/**
 * The line above a quote that ends here ("On …, Ana wrote:"), and where it begins: programs wrap it, and the name in it is somebody else's text. It begins where its first word stands, or
 * else with its paragraph. null: this line ends none.
 */
function attributionAt(lines: readonly string[], end: number): Pick<Boundary, "at" | "marked"> | null {
  if (!/[:：]\s*$/.test(lines[end] ?? "")) return null;
  let begin = end;
  while (begin > 0 && end - begin < MAX_WRAP - 1 && !isBlank(lines[begin - 1] ?? "")) begin--;
  const paragraph = lines.slice(begin, end + 1).map((line) => line.trim());
  const opener = paragraph.findIndex((line) => ATTRIBUTION_BEGINS.test(line));
  const at = begin + Math.max(opener, 0);
  const line = paragraph.slice(Math.max(opener, 0)).join(" ");
  const marked = isQuoted(nextLine(lines, end + 1) ?? "");
  if (line.length > 1_500) return null;
  // A verb and a colon are much alike in people's own text ("He wrote:"): something must show that a program wrote the line.
  const made = marked || WHEN_OR_WHO.test(line);
  return (made && ATTRIBUTION.test(line)) || (marked && WHEN_OR_WHO.test(line)) || ADDRESS_COLON.test(line) ? { at, marked } : null;
}

const nextLine = (lines: readonly string[], from: number): string | null =>
  lines.slice(from, from + 5).find((line) => !isBlank(line)) ?? null;

/**
 * The sender's words between and below quoted lines. A paragraph is theirs when an empty line without a mark stands above it: a quoted line that some program broke in two leaves its second
 * half without a mark, but right below.
 */
function betweenQuotes(lines: readonly string[]): { own: string[]; quoted: string[] } {
  const own: string[] = [];
  const quoted: string[] = [];
  let mine = false;
  for (const line of lines) {
    if (isQuoted(line) || FORWARD_LINE.test(line) || ORIGINAL_LINE.test(line)) mine = false;
    else if (line === "") mine = true;
    // Another attribution, between quotes: it names who is quoted next.
    const attribution = mine && line.length <= 600 && ATTRIBUTION.test(line);
    if (!mine || attribution) quoted.push(line);
    else if (line !== "" || own.at(-1) !== "") own.push(line);
  }
  return own.every(isBlank) ? { own: [], quoted: [...lines] } : { own, quoted };
}

/** Leaves out the signature (RFC 3676, 4.3: a line `-- `; some programs take its last space, then an empty line must stand above it) and what the program says about itself. */
function withoutSignature(lines: readonly string[]): string[] {
  const mark = lines.findLastIndex((line, index) => line === "-- " || (line === "--" && isBlank(lines[index - 1] ?? "x")));
  const below = mark === -1 ? [] : lines.slice(mark + 1);
  const signed = mark > 0 && below.length <= MAX_SIGNATURE_LINES && below.join("\n").length <= 1_000;
  const kept = signed ? lines.slice(0, mark) : [...lines];
  const last = kept.findLastIndex((line) => !isBlank(line));
  return last > 0 && CLIENT_LINE.test(kept[last] ?? "") ? kept.slice(0, last) : kept;
}

/** Without empty lines above and below. */
const tidy = (lines: readonly string[]): string =>
  lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
