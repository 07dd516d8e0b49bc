/** Marks of emphasis and brackets in one paragraph. Each may end what any before it began, so that time goes with their square: of this many it is a third of a second. */
const MOST_MARKS = 4_000;
/** Headings that are marked by the line below them: each is looked for from the beginning. */
const MOST_UNDERLINED = 1_000;
/** A row of a table, an item of a list and a heading are looked through by themselves. */
const BEGINS = /^\s*(?:\||[-+*]\s|\d{1,9}[.)]\s|#|$)/u;
/** Quotes and lists, each in the one before it, on one line: time goes with the third power of how many. */
const DEEP = /^[ \t]*(?:(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))[ \t]*){24}/u;
/** A line across the page, however it is drawn. */
const RULE = /^[ \t]*([-*_])[ \t]*(?:\1[ \t]*){2,}$/u;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/u;

/** Whether a text is such as the parser of Markdown needs seconds or minutes for: no text that is meant is. */
export function isTangled(text: string): boolean {
  let marks = 0;
  let underlined = 0;
  let before = "";
  for (const line of text.split("\n")) {
    if (DEEP.test(line) && !RULE.test(line)) return true;
    if (before.trim() !== "" && UNDERLINE.test(line)) underlined++;
    if (BEGINS.test(line)) marks = 0;
    marks += line.match(/[*_~\]]/gu)?.length ?? 0;
    if (marks > MOST_MARKS || underlined > MOST_UNDERLINED) return true;
    before = line;
  }
  return false;
}
