import type { StoredWork } from "./stored-plan.ts";

const REFERENCE = /\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}/gu;
/** A text that is a reference and nothing else. */
const WHOLE = /^\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}$/u;

/** The names that stand in a text as `{{name}}`, each once, in their order. */
export const namesIn = (text: string): string[] => [...new Set(Array.from(text.matchAll(REFERENCE), ([, name = ""]) => name))];

/** The texts of what a step does. Keys of a tool's input are none. */
export function textsOf(work: StoredWork): string[] {
  return work.kind === "agent" ? [work.input] : stringsIn(work.input);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((member) => stringsIn(member));
}

/** The names that stand in the texts of what a step does. */
export const referencesOf = (work: StoredWork): string[] => [...new Set(textsOf(work).flatMap(namesIn))];

/** A text with what stands between its names changed, and the names as they are. */
export function outsideNames(text: string, change: (part: string) => string): string {
  let changed = "";
  let from = 0;
  for (const { 0: whole, index } of text.matchAll(REFERENCE)) {
    changed += change(text.slice(from, index)) + whole;
    from = index + whole.length;
  }
  return changed + change(text.slice(from));
}

/** How often names stand in the texts of what a step does. */
export const countReferences = (work: StoredWork): number =>
  textsOf(work).reduce((sum, text) => sum + Array.from(text.matchAll(REFERENCE)).length, 0);

/** Characters that texts have once filled: known before anything is put together. */
export function filledLength(texts: readonly string[], valueOf: (name: string) => string | undefined): number {
  let sum = 0;
  for (const text of texts) {
    sum += text.length;
    for (const [whole, name = ""] of text.matchAll(REFERENCE)) sum += (valueOf(name) ?? whole).length - whole.length;
  }
  return sum;
}

/** Puts a text in the place of each name that `valueOf` knows, once: what is put there is not read again. */
export const fillText = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replaceAll(REFERENCE, (whole, name: string) => valueOf(name) ?? whole);

/** The same for every text in a value. A text that is one name and nothing else becomes the value behind it, where that is an object or a list. */
export function fillValue(value: unknown, valueOf: (name: string) => string | undefined): unknown {
  if (typeof value === "string") {
    const name = WHOLE.exec(value)?.[1];
    const whole = name === undefined ? undefined : valueOf(name);
    return whole === undefined ? fillText(value, valueOf) : (structureOf(whole) ?? whole);
  }
  if (Array.isArray(value)) return value.map((member) => fillValue(member, valueOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillValue(member, valueOf)]));
}

/**
 * The same for a text that is read for names again later: those that it held before and that `valueOf` does not know stay, and none comes to be, neither in what was put in nor out of it and what stands beside it.
 */
export function fillOnce(text: string, valueOf: (name: string) => string | undefined): string {
  const kept = new Set<number>();
  let filled = "";
  let from = 0;
  for (const { 0: whole, 1: name = "", index } of text.matchAll(REFERENCE)) {
    filled += text.slice(from, index);
    const value = valueOf(name);
    if (value === undefined) kept.add(filled.length);
    filled += value ?? whole;
    from = index + whole.length;
  }
  filled += text.slice(from);
  return filled.replaceAll(REFERENCE, (whole: string, _name: string, at: number) => (kept.has(at) ? whole : whole.replace("{{", "{ {")));
}

/** What a step does with texts in the place of names, as {@link fillOnce} puts them there. */
export function fillWork(work: StoredWork, valueOf: (name: string) => string | undefined): StoredWork {
  if (work.kind === "agent") return { ...work, input: fillOnce(work.input, valueOf) };
  const input = Object.fromEntries(
    Object.entries(work.input).map(([key, member]) => [
      key,
      typeof member === "string" ? fillOnce(member, valueOf) : fillTexts(member, valueOf),
    ]),
  );
  return { ...work, input };
}

function fillTexts(value: unknown, valueOf: (name: string) => string | undefined): unknown {
  if (typeof value === "string") return fillOnce(value, valueOf);
  if (Array.isArray(value)) return value.map((member) => fillTexts(member, valueOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillTexts(member, valueOf)]));
}

/** An object or a list that a text is the JSON of; undefined: it is none. A number or a word in quotes stays the text that it is. */
function structureOf(text: string): unknown {
  if (!/^\s*[[{]/u.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
