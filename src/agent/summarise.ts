import type { ContextMessage } from "../db/object/messages.ts";

/** What is kept of a conversation that no longer fits, in two texts that are never mixed. */
export interface Summary {
  /** Of what the user typed and of answers that read nothing from outside. */
  clean: string;
  /** Of what came with content that nobody vouches for. It lives until the next compaction only, so that the mark goes with the text. */
  outside: string;
}

/** Characters of the clean part, and of the other. */
export const SUMMARY_CHARS = 5_000;
export const OUTSIDE_CHARS = 1_500;
/** Of one sentence; longer ones are cut. */
const SENTENCE = 300;

interface Line {
  text: string;
  score: number;
  order: number;
}

/**
 * A summary by rules, made at once when the window moves: the sentences that hold decisions, promises, names, numbers and dates, in their order, with who said them and when. It calls
 * no model, so no turn waits for one; a model's summary of the same messages may take its place later.
 */
export function summarise(before: string, messages: readonly ContextMessage[], day: (at: number) => string): Summary {
  const clean = messages.filter((message) => !message.tainted);
  const outside = messages.filter((message) => message.tainted);
  return {
    clean: fitted([...earlierLines(before), ...linesOf(clean, day, before === "" ? 0 : 1)], SUMMARY_CHARS),
    outside: fitted(linesOf(outside, day, 0), OUTSIDE_CHARS),
  };
}

/** The lines of the summary before this one. Each time it is summarised anew a line has to earn its place against newer ones. */
function earlierLines(before: string): Line[] {
  return before
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((text, order) => ({ text, score: scoreOf(text) * 0.9, order: order - 1_000_000 }));
}

function linesOf(messages: readonly ContextMessage[], day: (at: number) => string, from: number): Line[] {
  let order = from;
  return messages.flatMap((message) => {
    if (message.role === "notice") return [];
    const who = message.role === "user" ? "User" : "You";
    return sentencesOf(message.text)
      .map((whole, index) => ({ whole, index, sentence: whole.slice(0, SENTENCE) }))
      .map(({ whole, index, sentence }) => ({
        text: `${day(message.createdAt)} ${who}: ${sentence}${whole.length > SENTENCE ? "…" : ""}`,
        // What the user said counts more than what was answered, and the beginning of a message more than its end.
        score: scoreOf(sentence) * (message.role === "user" ? 1.3 : 1) * (index === 0 ? 1.2 : 1),
        order: order++,
      }));
  });
}

/** The best lines that fit, in their order. */
function fitted(lines: readonly Line[], limit: number): string {
  let used = 0;
  return lines
    .toSorted((a, b) => b.score - a.score || b.order - a.order)
    .filter((line) => {
      if (line.score <= 0 || used + line.text.length + 1 > limit) return false;
      used += line.text.length + 1;
      return true;
    })
    .toSorted((a, b) => a.order - b.order)
    .map((line) => line.text)
    .join("\n");
}

/** Sentences and list items of a text, without code. */
export function sentencesOf(text: string): string[] {
  return text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, " ")
    .split(/(?<=[.!?。！？])\s+|\n+/u)
    .map((sentence) => sentence.replace(/^\s*(?:[-*+]|\d+[.)]|#{1,6})\s+/, "").trim())
    .filter((sentence) => sentence.length >= 8);
}

const MARKS: readonly [RegExp, number][] = [
  // Decisions and promises.
  [
    /\b(?:decid\w*|agree\w*|chose|choose|settled|go(?:ing)? with|will|won't|shall|must|promis\w*|plan(?:ned|s)?|deadline|due|remember|important|always|never|prefer\w*|instead|cancel\w*|book(?:ed)?|confirm\w*)\b/i,
    2,
  ],
  // Dates and times.
  [
    /\b(?:\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|tomorrow|tonight|next week)\b/i,
    1.5,
  ],
  // Numbers, money, addresses.
  [/\d/, 1],
  [/[€$£]\s?\d|\b\d+\s?(?:euro|eur|usd|dollars?|nok|kr|kg|km|%)/i, 1],
  [/@|https?:\/\//, 1],
  // Names: capitals inside a sentence.
  [/\p{Ll},?\s\p{Lu}\p{Ll}/u, 1],
];

const scoreOf = (sentence: string): number =>
  0.5 + MARKS.reduce((sum, [mark, weight]) => sum + (mark.test(sentence) ? weight : 0), 0) - (sentence.endsWith("?") ? 1 : 0);
