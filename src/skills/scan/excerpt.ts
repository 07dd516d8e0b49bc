import { visible } from "../../permission/visible.ts";
import { scrubKeys } from "../../secrets/key-shapes.ts";

const MOST = 160;

/** A piece of a line around a place, safe to be shown anywhere: keys taken out, everything hidden written out, at most 160 characters. */
export function excerptOf(text: string, at = 0): string {
  // Keys go first, from a piece that is large enough to hold them whole.
  const from = Math.max(0, at - 1_000);
  const piece = text
    .slice(from, at + 1_000)
    .toWellFormed()
    .replaceAll(/(?<=\p{Extended_Pictographic})\uFE0F/gu, "");
  const before = visible(scrubKeys(piece.slice(0, at - from)));
  const whole = visible(scrubKeys(piece)).replaceAll(/\s+/g, " ");
  const start = Math.max(0, Math.min(before.replaceAll(/\s+/g, " ").length - 30, whole.length - MOST));
  return whole
    .slice(start, start + MOST)
    .toWellFormed()
    .trim();
}
