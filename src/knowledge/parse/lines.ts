/** The lines of a text without their ends (LF, CRLF or CR), one after the other: a list of all of them would cost more than the text. */
export function* linesOf(text: string): Generator<string, void> {
  const end = /\r\n?|\n/g;
  let from = 0;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    yield text.slice(from, match.index);
    from = end.lastIndex;
  }
  if (from < text.length) yield text.slice(from);
}
