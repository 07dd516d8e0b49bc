import type { StepWork } from "../api/plans.ts";
import type { PlaybookInput } from "../api/playbooks.ts";

export type StepDraft = PlaybookInput["steps"][number];

/** One argument of a tool while it is typed. */
export interface TypedField {
  name: string;
  text: string;
  /** Written as JSON: it is no text. */
  json: boolean;
}

/** A step while it is typed. */
export interface TypedStep {
  name: string;
  title: string;
  kind: StepWork["kind"];
  /** Of a task: who works on it, and what they are told. */
  profile: string;
  text: string;
  /** Of a call: the tool, and its arguments one by one, or all of them as JSON where `raw` is not null. */
  tool: string;
  fields: TypedField[];
  raw: string | null;
  after: string[];
}

type Input = Extract<StepWork, { kind: "tool" }>["input"];

export const typedFields = (input: Input): TypedField[] =>
  Object.entries(input).map(([name, value]) =>
    typeof value === "string" ? { name, text: value, json: false } : { name, text: JSON.stringify(value), json: true },
  );

export function typedStep({ name, title, work, after }: StepDraft): TypedStep {
  const blank = { profile: "research", text: "", tool: "", fields: [], raw: null };
  const typed = { ...blank, name, title, kind: work.kind, after: [...after] };
  if (work.kind === "agent") return { ...typed, profile: work.profile, text: work.input };
  return { ...typed, tool: work.tool, fields: typedFields(work.input) };
}

/** A step that stands for another's result, and nothing else. */
const REFERENCE = /^\{\{[^{}]+\}\}$/u;

/** What was typed as the arguments of a tool; a sentence where it cannot be read. What is empty is left out. */
export function inputOf({ fields, raw }: Pick<TypedStep, "fields" | "raw">): Input | string {
  if (raw !== null) return objectOf(raw) ?? 'The arguments must be a JSON object, such as {"title": "Buy tickets"}.';
  // Entries, not assignments: a name such as `__proto__` is one like any other.
  const entries: [string, Input[string]][] = [];
  for (const { name, text, json } of fields) {
    if (text.trim() === "") continue;
    if (!json || REFERENCE.test(text.trim())) {
      entries.push([name, json ? text.trim() : text]);
      continue;
    }
    try {
      entries.push([name, JSON.parse(text)]);
    } catch {
      return `“${name}” must be JSON, such as 3, true or ["a", "b"].`;
    }
  }
  return Object.fromEntries(entries);
}

function objectOf(text: string): Input | null {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Input) : null;
  } catch {
    return null;
  }
}

/** What was typed as a step; a sentence where something is missing or cannot be read. */
export function stepOf(typed: TypedStep): StepDraft | string {
  const { name, after, kind, profile } = typed;
  const title = typed.title.trim();
  if (title === "") return "A step needs a title.";
  if (kind === "agent") {
    const input = typed.text.trim();
    return input === "" ? `Say what is to be done in “${title}”.` : { name, title, after, work: { kind, profile, input } };
  }
  const tool = typed.tool.trim();
  if (tool === "") return `Say which tool “${title}” calls.`;
  const input = inputOf(typed);
  return typeof input === "string" ? input : { name, title, after, work: { kind, tool, input } };
}

/** Every name that a step refers to. */
const referred = (work: StepWork): string[] =>
  [...JSON.stringify(work.input).matchAll(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/gu)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** Every step that one waits for: those in `after` and those that its texts name. */
export function needsOf({ work, after }: StepDraft, steps: readonly Pick<StepDraft, "name">[]): string[] {
  const named = new Set([...after, ...referred(work)]);
  return steps.flatMap(({ name }) => (named.has(name) ? [name] : []));
}

/** Steps that one may wait for: all but itself and those that wait for it, which would wait for each other for ever. */
export function couldWaitFor<Step extends StepDraft>(steps: readonly Step[], name: string): Step[] {
  const blocked = new Set([name]);
  for (let size = 0; size !== blocked.size;) {
    size = blocked.size;
    for (const step of steps) if (needsOf(step, steps).some((need) => blocked.has(need))) blocked.add(step.name);
  }
  return steps.filter((step) => !blocked.has(step.name));
}
