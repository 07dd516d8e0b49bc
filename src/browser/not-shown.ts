import type { Carried, Value } from "./carried.ts";

/** What else the comparison needs. */
export interface Around {
  /** Texts that were typed into pages of the session. */
  typed: readonly string[];
  /** UTC milliseconds. */
  now: number;
}

/** What a person was shown of a request, as far as it is known. */
export interface Expected extends Carried {
  /** Names of fields that say where on a picture it was pressed: numbers, which nobody can be shown before. */
  coordinates?: readonly string[];
}

/**
 * What a request carries beyond what a person was shown, in words for them; null: nothing. Every name has to be one that was shown, no more often than it was, and its value one of those that stood there; random texts and
 * times that are new at every press may be other ones. A body that cannot be taken apart is the same, byte for byte, or not much longer and without what was typed into pages since.
 */
export function notShown(now: Carried, shown: Expected, around: Around): string | null {
  const known = new Map<string, Value[]>();
  for (const one of shown.values) known.set(one.name, [...(known.get(one.name) ?? []), one]);
  const frames = new Set(shown.around);
  const other = now.around.find((name) => !frames.has(name) && !known.has(name));
  if (other !== undefined) return named(other);
  const times = new Map<string, number>();
  for (const one of now.values) {
    if (shown.coordinates?.includes(one.name) && /^-?\d{1,5}$/.test(one.value)) continue;
    const there = known.get(one.name);
    const count = (times.get(one.name) ?? 0) + 1;
    times.set(one.name, count);
    if (there === undefined || (count > there.length && one.value !== "")) return said(one);
    if (one.value !== "" && !there.some((was) => isAlike(was, one, around))) return said(one);
  }
  return opaqueProblem(now.opaque, shown.opaque, around.typed);
}

const named = (name: string): string => JSON.stringify(name);
const said = ({ name, value }: Value): string => (name === "" ? JSON.stringify(value) : `${named(name)}: ${JSON.stringify(value)}`);

function isAlike(was: Value, is: Value, { now, typed }: Around): boolean {
  if ((is.size ?? 0) > (was.size ?? Number.POSITIVE_INFINITY)) return false;
  const [before, after] = [plain(was.value), plain(is.value)];
  if (before === after) return true;
  if (after.length > before.length * 1.5 || holds(after, typed) !== null) return false;
  return (isRandom(before) && isRandom(after)) || (isNow(before, now) && isNow(after, now));
}

/** Line ends are the browser's. */
const plain = (text: string): string => text.replaceAll(/\r\n?/g, "\n").trim();

/** A token or a random number: letters and digits that take turns, as no word, name or account number has them. */
function isRandom(text: string): boolean {
  if (/^0\.\d{8,}$/.test(text)) return true;
  if (text.length < 20 || !/^[\w+/=.~:-]+$/.test(text) || !/[a-z]/.test(text)) return false;
  return (text.match(/[a-z](?=\d)|\d(?=[a-z])/gi) ?? []).length >= 4;
}

/** An hour. */
const NEAR_MS = 3_600_000;

/** A moment that is not long ago. */
function isNow(text: string, now: number): boolean {
  const number = /^\d{10}$/.test(text) ? Number(text) * 1_000 : /^\d{13}$/.test(text) ? Number(text) : null;
  const time = number ?? (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && text.length < 40 ? Date.parse(text) : Number.NaN);
  return Math.abs(time - now) < NEAR_MS;
}

/** Shorter texts stand in others by accident. */
const MIN_TYPED = 4;

const holds = (text: string, typed: readonly string[]): string | null =>
  typed.find((one) => one.length >= MIN_TYPED && text.toLowerCase().includes(one.toLowerCase())) ?? null;

/** Bytes that such a body may have more than the one that was there. */
const ROOM = 64;

function opaqueProblem(now: Carried["opaque"], shown: Carried["opaque"], typed: readonly string[]): string | null {
  if (now === null || (shown !== null && now.hash === shown.hash && now.size === shown.size)) return null;
  if (shown === null) return "content that cannot be read";
  // Of one that the browser does not give nothing can be said, unless it did not before either.
  if (now.size === null || shown.size === null || now.size > shown.size * 1.25 + ROOM) return "content that is longer, and cannot be read";
  const more = holds(
    now.text,
    typed.filter((one) => holds(shown.text, [one]) === null),
  );
  return more === null ? null : `content with ${JSON.stringify(more)} in it`;
}
