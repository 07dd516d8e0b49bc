import type { ApprovalView } from "./approval-view.ts";
import { longTexts } from "./long-texts.ts";

/** What a person says yes to, where one line cannot hold it. */
export interface Subject {
  title: string;
  /** What would be sent, value by value; or what the title does not say of what it is called with. */
  values: { name: string; value: string }[];
  /** Programs and longer texts, whole. */
  texts: { name: string; text: string }[];
}

/** Texts whose own name is another one. */
const NAMES: Readonly<Partial<Record<string, string>>> = { skill_md: "SKILL.md" };

/** Characters of a text that the title can hold. */
const IN_TITLE = 120;

/** Takes from the arguments of a call what has to be read before one says yes. Nothing is left out of what it takes. */
export function subjectOf({
  tool,
  description,
  arguments: text,
  shows = [],
}: Pick<ApprovalView, "tool" | "description" | "arguments" | "shows">): Subject {
  const input = parsed(text);
  const seen = tool === "browser_submit" ? seenOf(input) : null;
  if (seen !== null) return seen;
  const { texts: long, rest } = longTexts(input);
  const unsaid = notIn(description, [...long.map((one) => one.text), ...stringsIn(rest)]);
  const texts = long.filter((one) => one.text.length > IN_TITLE || unsaid.has(one.text));
  return {
    title: description,
    values: [...shows.map(({ name, text: shown }) => ({ name, value: shown })), ...valuesIn(rest, unsaid)],
    texts: texts.map((one) => ({ name: NAMES[one.name] ?? written(one.name), text: written(one.text) })),
  };
}

/** The arguments that hold anything the title does not say. */
const valuesIn = (rest: Record<string, unknown>, unsaid: ReadonlySet<string>): Subject["values"] =>
  Object.entries(rest).flatMap(([name, value]) =>
    stringsIn(value).some((one) => unsaid.has(one))
      ? [{ name: written(name), value: written(typeof value === "string" ? value : JSON.stringify(value)) }]
      : [],
  );

/** Where the picture is that a question about a form is asked with; null: there is none. */
export function pictureOf({ tool, arguments: text }: Pick<ApprovalView, "tool" | "arguments">): string | null {
  const { seen } = Object(tool === "browser_submit" ? parsed(text) : null);
  const { screenshot } = Object(seen);
  return typeof screenshot === "string" ? screenshot : null;
}

/** Of a form on a page: what is pressed, and each value, also those that the page hides. */
function seenOf(input: unknown): Subject | null {
  const { seen } = Object(input);
  const { element, page, fields, sends, asks } = Object(seen);
  if (typeof element !== "string" || typeof page !== "string") return null;
  const values = listOf(fields).map(({ field, value }) => ({ name: written(field), value: written(value) }));
  const bodies = listOf(sends).map(({ method, to, body }) => ({ name: "Sent by", value: written([method, to, body].join(" ").trim()) }));
  const questions = (Array.isArray(asks) ? asks : []).map((ask) => ({ name: "Yes to", value: written(ask) }));
  return { title: `Press ${written(element)} on ${written(page)}`, values: [...values, ...questions, ...bodies], texts: [] };
}

/** Texts in lists and objects too; numbers and switches are none. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((one) => stringsIn(one)) : [];
}

/**
 * The texts that a title does not say. Each place in it says one of them: what stands there as a part of another text is not said by it, or whoever wrote the other one could hide it; nor is what may stand there as a part
 * of one that the title says the beginning of.
 */
function notIn(title: string, texts: readonly string[]): ReadonlySet<string> {
  const unsaid = new Set<string>();
  let rest = title;
  for (const text of texts.toSorted((a, b) => b.length - a.length)) {
    if (text === "") continue;
    const at = placeOf(rest, text);
    if (at < 0 || isPartOf(unsaid, text, title)) unsaid.add(text);
    else rest = `${rest.slice(0, at)}\0${rest.slice(at + text.length)}`;
  }
  return unsaid;
}

/** Whether a text stands in one of these that a title may say the beginning of. */
function isPartOf(texts: ReadonlySet<string>, text: string, title: string): boolean {
  for (const longer of texts) if (longer.includes(text) && begins(title, longer)) return true;
  return false;
}

/** Whether a title may say the beginning of a text: its first word stands there. */
const begins = (title: string, text: string): boolean => title.includes(/^[^\s"\\]{0,20}/u.exec(text)?.[0] ?? "");

/** Where a text stands in another, and is no part of a word there; -1: nowhere. */
function placeOf(title: string, text: string): number {
  const isLetter = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);
  for (let at = title.indexOf(text); at >= 0; at = title.indexOf(text, at + 1))
    if (!isLetter(title.charAt(at - 1)) && !isLetter(title.charAt(at + text.length))) return at;
  return -1;
}

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map((one) => Object(one)) : []);

/** Arguments come with what cannot be seen written out, but for what JSON writes in its own way. */
const written = (value: unknown): string =>
  String(value ?? "").replaceAll(
    /(?![\t\n])\p{Cc}/gu,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
