/**
 * What a screen reader is told while a reply streams: whole sentences only, each once. `said` is how much of the text was
 * announced before; the result says what is new and how far it reaches.
 */
export function nextSpoken(text: string, said: number, ended: boolean): { speak: string; said: number } {
  const rest = text.slice(said);
  if (ended) return { speak: plain(rest), said: text.length };
  const match = /^[\s\S]*[.!?:]\s|^[\s\S]*\n/u.exec(rest);
  if (match === null) return { speak: "", said };
  return { speak: plain(match[0]), said: said + match[0].length };
}

/** Markdown without its marks, roughly: it is read aloud, not shown. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/```[\s\S]*?(```|$)/gu, " code block ")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .replaceAll(/[*_`#>|]+/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim();
