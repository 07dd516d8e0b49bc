/** Marks of emphasis in one paragraph. Each may end what any before it began, so that time goes with their square: of this many it is a third of a second. */
const MOST = 4_000;
/** A row of a table, an item of a list and a heading are looked through by themselves. */
const BEGINS = /^\s*(?:\||[-+*]\s|\d{1,9}[.)]\s|#|$)/u;

/** Whether a text has a paragraph that would take the page minutes to draw: no text that is meant has one. */
export function isTangled(text: string): boolean {
  let marks = 0;
  for (const line of text.split("\n")) {
    if (BEGINS.test(line)) marks = 0;
    marks += line.match(/[*_~]/gu)?.length ?? 0;
    if (marks > MOST) return true;
  }
  return false;
}
