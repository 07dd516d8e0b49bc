/**
 * Text as a person can judge it: characters that cannot be seen, or that change how others are seen, are written out. Line breaks and tabs stay.
 *
 * Controls (C0, C1), direction marks (UAX #9), zero-width and other default-ignorable characters, variation selectors and tags, private use, lone surrogates.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** Controls except tab and line feed, format characters, whatever may be ignored in display, separators, private use, surrogates, the blank Braille pattern. */
const HIDDEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u2800]|(?![\t\n])\p{Cc}/gu;

/** Sentences about what may be mistaken in a destination; empty: nothing. */
export function lookAlikes(destination: string): string[] {
  const notes: string[] = [];
  if (visible(destination) !== destination) notes.push("It holds characters that cannot be seen; they are written out above.");
  const host = hostIn(destination);
  const ascii = URL.parse(`http://${host}/`)?.hostname ?? "";
  if (ascii.includes("xn--")) notes.push(`Its name is written in letters that can look like others. What is really meant is ${ascii}.`);
  else if (ascii !== "" && ascii !== host.toLowerCase().replace(/\.$/, "") && /\P{ASCII}/u.test(host))
    notes.push(`Its name is written in a special way. What is really meant is ${ascii}.`);
  else if (/\P{ASCII}/u.test(destination) && mixed(destination))
    notes.push("It mixes letters of different scripts, some of which look the same.");
  return notes;
}

/** The host as it is written in an address of the web or of a mailbox; empty: there is none. */
const hostIn = (text: string): string => {
  const destination = text.slice(0, 2_000);
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:\s]+)/iu.exec(destination)?.[1] ?? bare(destination);
};

/** `example.com/path` or `ana@example.com`. */
function bare(destination: string): string {
  const [, host = ""] = /^(?:[^\s@/]*@)?([^\s@/]+)(?:\/.*)?$/su.exec(destination) ?? [];
  return /[^.]\.[^.]/u.test(host) ? host : "";
}

/** Whether one word mixes Latin with Cyrillic, Greek, Armenian or Cherokee, whose letters look alike. */
const mixed = (text: string): boolean =>
  text
    .split(/[^\p{L}]+/u)
    .some(
      (word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(word),
    );
