import { stem } from "porter2";
import { commonStem, plainForm } from "./irregular-forms.ts";
import { STOP_WORDS } from "./stop-words.ts";

/** Longer texts are analysed up to here, UTF-16 units. */
const MAX_TEXT = 200_000;
/** Longer runs of letters are not words; they are cut, UTF-16 units. */
const MAX_WORD = 64;

/** Letters and digits, joined by what joins parts of one word: "well-known", "foo_bar", "1,000", "don't", "a.b". */
const RUN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-‐‑_.,'+@/][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;
const PART = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const PLAIN = /^[a-z]+$/;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
/** Scripts that are written without spaces between words, and Korean, whose words carry their particles. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]+/u;
const UNSPACED_RUNS = new RegExp(UNSPACED, "gu");
/** Marks are folded where they are accents; in other scripts they are vowels, without which a word is another. */
const ACCENTS = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu;
/** Letters that Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
  ħ: "h",
  ŋ: "n",
  ς: "σ",
};
const ODD_LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

/** Compatibility forms, case and accents folded away: "Ｃａｆé" is "cafe". */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(ACCENTS, "$1")
    .normalize("NFC")
    .replace(ODD_LETTER, (letter) => LETTERS[letter] ?? letter);
}

/** A word folded, still one word: "½" is folded to "1⁄2", whose stroke is no letter. */
const foldWord = (word: string): string => fold(word).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, "");

/** At most so long, and no half of a character at its end. */
const cut = (word: string): string => (word.length > MAX_WORD ? word.slice(0, MAX_WORD).replace(/[\ud800-\udbff]$/, "") : word);

/**
 * A text as the terms it is found by, in order: words folded and stemmed (Porter2, English), stop words left out, numbers plain, scripts without spaces as pairs of
 * characters. A compound ("wi-fi", "getUserName", "v1.2") is there in its parts and, after them, as a whole. A term has only letters, digits and marks, so it can stand between quotes
 * in any query. Never throws.
 */
export function analyze(text: string): string[] {
  const terms: string[] = [];
  const clean = (text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text).replaceAll("’", "'");
  for (const [run] of clean.matchAll(RUN)) addRun(run, terms);
  return terms;
}

function addRun(run: string, terms: string[]): void {
  const lower = run.toLowerCase();
  if (PLAIN.test(run) || (PLAIN.test(lower) && !CAMEL.test(run))) {
    addWord(lower, terms);
    return;
  }
  const possessive = /'s?$/i.exec(run) ?? /'s$/i.exec(run);
  const base = possessive && run.length > possessive[0].length ? run.slice(0, -possessive[0].length) : run;
  if (base !== run) {
    addRun(base, terms);
    return;
  }
  if (/^\d{1,3}(?:,\d{3})+$/.test(run)) {
    terms.push(run.replaceAll(",", ""));
    return;
  }
  // What an apostrophe joins is one word, whatever its capitals: "don't", "O'Brien".
  const parts = [...run.replace(/[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)+/gu, (word) => word.replaceAll("'", "").toLowerCase()).matchAll(PART)].map(
    ([part]) => part,
  );
  const before = terms.length;
  for (const part of parts) addPart(part, terms);
  if (parts.length < 2 || parts.length > 5) return;
  const whole = cut(foldWord(parts.join("")));
  if (terms.length - before > 1 && !UNSPACED.test(whole)) terms.push(PLAIN.test(whole) ? stem(whole) : whole);
}

const CAMEL = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const CAMEL_BORDER = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const ORDINAL = /^(\d+)(?:st|nd|rd|th)$/;

function addPart(part: string, terms: string[]): void {
  if (CAMEL.test(part)) {
    const humps = part.split(CAMEL_BORDER);
    if (humps.length > 1 && humps.length <= 8) {
      for (const hump of humps) addWord(foldWord(hump), terms);
      addWord(foldWord(part), terms);
      return;
    }
  }
  const folded = fold(part);
  if (UNSPACED.test(folded)) addUnspaced(folded, terms);
  else for (const [word] of folded.matchAll(PART)) addWord(word.replace(ORDINAL, "$1"), terms);
}

function addWord(word: string, terms: string[]): void {
  if (STOP_WORDS.has(word) || word === "") return;
  const plain = plainForm(cut(word));
  terms.push(PLAIN.test(plain) && plain.length > 2 ? commonStem(stem(plain)) : plain);
}

function addUnspaced(text: string, terms: string[]): void {
  let from = 0;
  for (const match of text.matchAll(UNSPACED_RUNS)) {
    for (const [word] of text.slice(from, match.index).matchAll(PART)) addWord(word, terms);
    const characters = Array.from(match[0]);
    if (characters.length === 1) terms.push(match[0]);
    for (let index = 0; index + 1 < characters.length; index++) terms.push(`${characters[index] ?? ""}${characters[index + 1] ?? ""}`);
    from = match.index + match[0].length;
  }
  for (const [word] of text.slice(from).matchAll(PART)) addWord(word, terms);
}
