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

/** Lines that are looked through for what makes a line an attribution; it may begin further above. */
const MAX_WRAP = 20;
/** Longer than what a program writes of its own. */
const MAX_LINE = 1_000;
/** As much of a line's end as a pattern that ends with it needs. */
const TAIL = 400;
/** A signature is short; a line `--` with more below it is somebody's rule. */
const MAX_SIGNATURE_LINES = 15;

const isQuoted = (line: string): boolean => /^\s{0,3}[>＞]/.test(line);
const ENDS_WITH_COLON = /[:：]\s*$/;
const isBlank = (line: string): boolean => line.trim() === "";

/**
 * Tells the new words of a mail from quoted ones. When in doubt it is a quote: text that others wrote must not become the sender's word, while a sentence of theirs that counts as quoted is
 * still read. `sentOn`: its subject says that it was sent on; where nothing in it says from where, all of it was. Linear in the length of the text.
 */
export function splitText(text: string, sentOn = false): SplitText {
  const lines = text.split("\n");
  const begin = boundaryOf(lines);
  if (sentOn && !begin.apart) return { text: "", quoted: tidy(lines), forwarded: true };
  const above = lines.slice(0, begin.at);
  const rest = lines.slice(begin.at);
  const below = begin.marked ? betweenQuotes(rest) : { own: [], quoted: rest };
  const quoted = tidy(below.quoted);
  const words = withoutSignature([...above, ...(below.own.length === 0 ? [] : ["", ...below.own])]);
  const changed = quoted !== "" || words.length !== lines.length;
  return { text: changed ? tidy(words) : text, quoted, forwarded: begin.forwarded || sentOn };
}

interface Boundary {
  at: number;
  /** Every line of the quote has its `>`, so that lines without may be the sender's. */
  marked: boolean;
  forwarded: boolean;
  /** A line or a head sets the other mail apart, as programs do that send one on. */
  apart: boolean;
}

/** The paragraph that a line stands in: where it begins, and the first line of it that an attribution may begin with. */
interface Paragraph {
  from: number;
  opener: number | null;
}

/** Where quoted mail begins. */
function boundaryOf(lines: readonly string[]): Boundary {
  let paragraph: Paragraph | null = null;
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) {
      paragraph = null;
      continue;
    }
    paragraph ??= { from: index, opener: null };
    if (paragraph.opener === null && ATTRIBUTION_BEGINS.test(line.trim())) paragraph.opener = index;
    const short = line.length <= MAX_LINE;
    if (short && FORWARD_LINE.test(line)) return { at: index, marked: false, forwarded: true, apart: true };
    if (short && ORIGINAL_LINE.test(line)) return { at: index, marked: false, forwarded: false, apart: true };
    if (HEAD_FROM.test(line) && isHead(lines, index)) return { at: ruleAbove(lines, index), marked: false, forwarded: false, apart: true };
    const attribution = attributionAt(lines, index, paragraph);
    if (attribution !== null) return { ...attribution, forwarded: false, apart: false };
    if (isQuoted(line)) {
      const at = startOf(lines, index, paragraph);
      return { at, marked: at === index, forwarded: false, apart: false };
    }
  }
  return { at: lines.length, marked: false, forwarded: false, apart: false };
}

/** Whether a line is the first of a mail's head: another of it stands right below. */
const isHead = (lines: readonly string[], at: number): boolean =>
  lines
    .slice(at + 1, at + 6)
    .filter((line) => !isBlank(line))
    .slice(0, 2)
    .some((line) => HEAD_OTHER.test(line));

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
 * else with its paragraph, however many lines that name makes it. null: this line ends none.
 */
function attributionAt(lines: readonly string[], end: number, { from, opener }: Paragraph): Pick<Boundary, "at" | "marked"> | null {
  const last = lines[end] ?? "";
  if (!ENDS_WITH_COLON.test(last)) return null;
  const at = opener ?? from;
  const marked = isQuoted(nextLine(lines, end + 1) ?? "");
  // Nobody ends so long a line with a colon, but a name in an attribution may have any length.
  if (last.length > MAX_LINE) return { at, marked };
  const line = lines
    .slice(Math.max(at, end - MAX_WRAP + 1), end + 1)
    .map((each) => each.trim())
    .join(" ");
  const tail = line.slice(-TAIL);
  // A verb and a colon are much alike in people's own text ("He wrote:"): something must show that a program wrote the line.
  const made = marked || WHEN_OR_WHO.test(line);
  return (made && ATTRIBUTION.test(tail)) || (marked && WHEN_OR_WHO.test(line)) || ADDRESS_COLON.test(tail) ? { at, marked } : null;
}

/** A mark may stand in somebody's name, and their attribution be wrapped just there: what begins like one above it, with when or who in it, is not the sender's. */
const startOf = (lines: readonly string[], at: number, { opener }: Paragraph): number =>
  opener !== null && WHEN_OR_WHO.test(lines.slice(opener, at).join(" ")) ? opener : at;

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
    const attribution = mine && ENDS_WITH_COLON.test(line) && (line.length > MAX_LINE || ATTRIBUTION.test(line.trimEnd().slice(-TAIL)));
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
