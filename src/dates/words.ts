/** A piece of the text, by UTF-16 offsets. */
export interface Span {
  start: number;
  end: number;
}

/** Lower case, straight quotes and plain spaces, each for exactly one other UTF-16 unit, so that spans fit the original. */
export function normalise(text: string): string {
  return text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐‑‒–—−]/g, "-")
    .replace(/[\s\u00a0\u200b\u202f]/g, " ");
}

/** Replaces a span by spaces of the same length. */
export const blank = (text: string, { start, end }: Span): string => text.slice(0, start) + " ".repeat(end - start) + text.slice(end);

/** The text without the spans and the small words that led to them, for what is left as a title. */
export function without(text: string, spans: readonly Span[]): string {
  let rest = text;
  for (const span of spans) rest = blank(rest, span);
  return rest.replace(/\s+/g, " ").trim();
}

export const MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december".split("|");
export const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
/** From 1. */
export const monthOf = (name: string): number => MONTHS.findIndex((month) => month.startsWith(name.slice(0, 3))) + 1;

export const WEEKDAY =
  "(?:sun(?:day)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday|nsday)?|wensday|thu(?:rs?(?:day)?)?|thrusday|fri(?:day)?|firday|sat(?:urday)?|saterday)";
const WEEKDAYS: Record<string, number> = { su: 0, mo: 1, tu: 2, we: 3, th: 4, fr: 5, fi: 5, sa: 6 };
/** 0 is Sunday. */
export const weekdayNamed = (name: string): number => WEEKDAYS[name.slice(0, 2)] ?? 0;

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const TENS: Record<string, number> = { thirty: 30, forty: 40, "forty-five": 45, fifty: 50, sixty: 60, ninety: 90 };
/** Number words that people use for amounts and clock times. */
export const NUMBER_WORD = [...SMALL.slice(1), ...Object.keys(TENS).sort((a, b) => b.length - a.length)]
  .sort((a, b) => b.length - a.length)
  .join("|");

/** A number in digits or words; null: neither. */
export function numberOf(word: string): number | null {
  if (/^\d+(?:[.,]\d+)?$/.test(word)) return Number(word.replace(",", "."));
  const index = SMALL.indexOf(word);
  return index >= 0 ? index : (TENS[word] ?? null);
}

const ORDINALS = "first second third fourth fifth".split(" ");
/** `1st`, `first` … `5th`; `last` is -1. */
export function ordinalOf(word: string): number {
  if (word === "last") return -1;
  const index = ORDINALS.indexOf(word);
  return index >= 0 ? index + 1 : Number.parseInt(word, 10);
}
