import { analyze } from "./analyze.ts";

/** The longest piece of what was said that is kept with a memory. */
const MAX_QUOTE = 500;

/** Sentences of a text. */
export const sentencesIn = (text: string): string[] =>
  text
    .split(/(?<=[.!?。！？])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");

/** The sentence of what the user typed that a memory was made of: it shares at least half of its stems. null: none does. */
export function quoteOf(text: string, typed: readonly { id: string; text: string }[]): { messageId: string; quote: string } | null {
  const wanted = new Set(analyze(text));
  if (wanted.size === 0) return null;
  let best: { messageId: string; quote: string; share: number } | null = null;
  for (const { id, text: said } of typed)
    for (const sentence of sentencesIn(said)) {
      const has = new Set(analyze(sentence));
      const share = [...wanted].filter((stem) => has.has(stem)).length / wanted.size;
      if (share >= 0.5 && share > (best?.share ?? 0)) best = { messageId: id, quote: sentence.slice(0, MAX_QUOTE), share };
    }
  return best === null ? null : { messageId: best.messageId, quote: best.quote };
}
