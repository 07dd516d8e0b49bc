import { toLocal, wallClock } from "../dates/zone.ts";

/**
 * When a clock in a zone shows a reading: `once`, `twice` (clocks were set back over it: the first and the second time) or never, because clocks were set forward over it; then
 * `end` is the first instant after the gap.
 */
export type Showing = { kind: "once"; at: number } | { kind: "twice"; first: number; second: number } | { kind: "never"; end: number };

const DAY = 86_400_000;

/** What a clock in the zone shows, as a number that orders like the readings do, with milliseconds. */
export const wallAt = (at: number, timeZone: string): number => wallClock(toLocal(at, timeZone));

const offsetAt = (at: number, timeZone: string): number => wallAt(at, timeZone) - at;

/** When the clock shows `wall`. Takes it that a zone changes its clocks at most once within two days. */
export function showing(wall: number, timeZone: string): Showing {
  const before = offsetAt(wall - DAY, timeZone);
  const after = offsetAt(wall + DAY, timeZone);
  if (before === after) return { kind: "once", at: wall - before };
  const [a, b] = [wall - before, wall - after];
  const [isA, isB] = [wallAt(a, timeZone) === wall, wallAt(b, timeZone) === wall];
  if (isA && isB) return a === b ? { kind: "once", at: a } : { kind: "twice", first: Math.min(a, b), second: Math.max(a, b) };
  if (isA || isB) return { kind: "once", at: isA ? a : b };
  return { kind: "never", end: changeBetween(Math.min(a, b), Math.max(a, b), timeZone) };
}

/** The first instant with another offset than `from` has; one change lies in (from, to]. */
export function changeBetween(from: number, to: number, timeZone: string): number {
  const offset = offsetAt(from, timeZone);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === offset) low = middle;
    else high = middle;
  }
  return high;
}
