import type { ApprovalView } from "../../channels/approval-view.ts";
import { longTexts } from "../lib/long-texts.ts";

/** What a person says yes to, where one line cannot hold it. */
export interface Subject {
  title: string;
  /** What would be sent, value by value. */
  values: { name: string; value: string }[];
  /** Programs and longer texts, whole. */
  texts: { name: string; text: string }[];
}

/** Texts whose own name is another one. */
const NAMES: Readonly<Partial<Record<string, string>>> = { skill_md: "SKILL.md" };

/** Characters of a text that the title can hold. */
const IN_TITLE = 120;

/** Takes from the arguments of a call what has to be read before one says yes. Nothing is left out of what it takes. */
export function subjectOf({ tool, description, arguments: text }: Pick<ApprovalView, "tool" | "description" | "arguments">): Subject {
  const input = parsed(text);
  const seen = tool === "browser_submit" ? seenOf(input) : null;
  if (seen !== null) return seen;
  const texts = longTexts(input).texts.filter((one) => one.text.length > IN_TITLE || !description.includes(one.text));
  return {
    title: description,
    values: [],
    texts: texts.map((one) => ({ name: NAMES[one.name] ?? written(one.name), text: written(one.text) })),
  };
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
