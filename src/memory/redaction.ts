import { analyze, fold } from "./analyze.ts";

/** What is to be forgotten: a memory's text, and the words that it was made of where they are known. */
export interface Forgetting {
  text: string;
  quote: string | null;
}

/** Stands in the place of a sentence that was forgotten. */
export const FORGOTTEN = "[forgotten]";

/** A sentence is about it when it holds so much of its terms. */
const SHARE = 0.75;
/** Codes, numbers, addresses: by themselves enough to know a thing by. */
const IDENTIFIER = /[\p{L}\p{N}][\p{L}\p{N}@._+-]{2,}[\p{L}\p{N}]/gu;
const YEAR = /^(?:19|20)\d\d$/;

interface Needle {
  exact: string[];
  identifiers: string[];
  terms: ReadonlySet<string>;
}

/**
 * Takes what is forgotten out of texts: every sentence that says it, in the same words or in others of the same stems, becomes one tombstone. Whole sentences, since what is left of one
 * would still say what it was about. Texts that do not say it stay as they are, byte for byte.
 */
export class Redaction {
  readonly #needles: readonly Needle[];

  constructor(forgotten: readonly Forgetting[]) {
    this.#needles = forgotten.map(({ text, quote }) => {
      const said = [text, ...(quote === null ? [] : [quote])];
      return {
        exact: said.map(plain).filter((each) => each.length >= 8),
        identifiers: [...new Set(said.flatMap(identifiersIn))],
        terms: new Set(analyze(text).filter((term) => !GENERIC.has(term))),
      };
    });
  }

  /** The text without it; the same text where it is not said. */
  text(text: string): string {
    if (!this.#needles.some((needle) => this.#concerns(needle, text))) return text;
    const kept: string[] = [];
    for (const sentence of sentencesIn(text)) {
      if (!this.#needles.some((needle) => says(needle, sentence))) kept.push(sentence);
      else if (kept.at(-1)?.trim() !== FORGOTTEN) kept.push(`${FORGOTTEN}${sentence.slice(sentence.trimEnd().length)}`);
    }
    const left = kept.join("");
    // Said over several sentences: then no single one holds it all.
    return this.#needles.some(({ exact }) => exact.some((each) => plain(left).includes(each))) ? FORGOTTEN : left;
  }

  /** The same for every text in a JSON value. */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    // A code that was given as a number.
    if (typeof value === "number") return this.text(String(value)) === String(value) ? value : FORGOTTEN;
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, REFERENCES.has(name) ? each : this.value(each)]));
  }

  /** Cheap, so that most texts are not taken apart. */
  #concerns({ exact, identifiers, terms }: Needle, text: string): boolean {
    const lower = plain(text);
    if (identifiers.some((identifier) => lower.includes(identifier)) || exact.some((each) => lower.includes(each))) return true;
    if (terms.size < 2) return false;
    // Most texts have none of it: stems are looked for by their beginnings before a text is taken apart.
    const folded = fold(text);
    let begun = 0;
    for (const term of terms) if (folded.includes(term.slice(0, Math.max(2, term.length - 2)))) begun++;
    return begun / terms.size >= SHARE && sharedShare(terms, new Set(analyze(text))) >= SHARE;
  }
}

function says({ exact, identifiers, terms }: Needle, sentence: string): boolean {
  const lower = plain(sentence);
  if (identifiers.some((identifier) => lower.includes(identifier))) return true;
  if (exact.some((each) => lower.includes(each) || (lower.length >= 8 && each.includes(lower)))) return true;
  return terms.size >= 2 && sharedShare(terms, new Set(analyze(sentence))) >= SHARE;
}

function sharedShare(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of wanted) if (found.has(term)) shared++;
  return shared / wanted.size;
}

const ENDS = new Set([".", "!", "?", "。", "！", "？"]);
const isSpace = (character: string): boolean => character.trim() === "";

/** The sentences and lines of a text, each with what ends it and the space behind: together they are the text. One pass, whatever it holds. */
function sentencesIn(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const here = text.charAt(at);
    const next = text.charAt(at + 1);
    const ends = here === "\n" || here === "。" || here === "！" || here === "？" || (ENDS.has(here) && (next === "" || isSpace(next)));
    if (!ends) continue;
    while (at + 1 < text.length && isSpace(text.charAt(at + 1))) at++;
    sentences.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length) sentences.push(text.slice(from));
  return sentences;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/gu, " ").trim();

const identifiersIn = (text: string): string[] =>
  [...plain(text).matchAll(IDENTIFIER)].map(([word]) => word).filter((word) => (/\d/.test(word) || word.includes("@")) && !YEAR.test(word));

/** What refers to something and says nothing. */
const REFERENCES = new Set(["id", "key", "callId", "approvalId", "providerCallId", "type", "kind", "status", "mime"]);

/** Stems that memories are written with and that say nothing of their own. */
const GENERIC = new Set(analyze("user is was has have had likes prefers wants name called says said told remember"));
