/** Characters that show nothing, or turn what stands around them: a text could say something else than it shows. */
// eslint-disable-next-line no-misleading-character-class
const UNSEEN = /[^\P{C}\n\t\r]|[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0e\uffa0\u{e0100}-\u{e01ef}]/gu;

/** A text in which everything hidden is written out, as `⟨U+202E⟩`. */
export const visibleText = (text: string): string =>
  text.replaceAll(UNSEEN, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
