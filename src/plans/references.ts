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

/** What a step does with texts in the place of names. */
export function fillWork(work: StoredWork, valueOf: (name: string) => string | undefined): StoredWork {
  if (work.kind === "agent") return { ...work, input: fillText(work.input, valueOf) };
  const input = Object.fromEntries(
    Object.entries(work.input).map(([key, member]) => [
      key,
      typeof member === "string" ? fillText(member, valueOf) : fillTexts(member, valueOf),
    ]),
  );
  return { ...work, input };
}

function fillTexts(value: unknown, valueOf: (name: string) => string | undefined): unknown {
  if (typeof value === "string") return fillText(value, valueOf);
  if (Array.isArray(value)) return value.map((member) => fillTexts(member, valueOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillTexts(member, valueOf)]));
}

/** A variable's text where names would be read again: no name can be made with it. */
export const inert = (text: string): string => text.replaceAll(/\{(?=\{)/gu, "{ ");

/** An object or a list that a text is the JSON of; undefined: it is none. A number or a word in quotes stays the text that it is. */
function structureOf(text: string): unknown {
  if (!/^\s*[[{]/u.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
