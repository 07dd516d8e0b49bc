import { fitVector } from "./embedder.ts";
import type { QuantisedVector } from "./vector-code.ts";

/** What the mean of the best answers counts beside the question. */
const WEIGHT = 1;

/** A question's vector drawn towards its best answers (Rocchio 1971): what they have in common is likely what is meant. */
export function withFeedback(question: Float32Array, best: readonly QuantisedVector[]): Float32Array {
  if (best.length === 0) return question;
  const wider = Float32Array.from(question);
  for (const { code, step } of best) {
    const factor = (WEIGHT * step) / best.length;
    for (let index = 0; index < wider.length; index++) wider[index] = (wider[index] ?? 0) + factor * (code[index] ?? 0);
  }
  return fitVector(wider);
}
