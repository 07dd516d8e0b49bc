import type { ExecutionPlan, StepWork } from "../api/plans.ts";
import type { PlaybookView, Variable } from "../api/playbooks.ts";
import { counted } from "../lib/format.ts";
import { onDay } from "../lib/time.ts";

/** Letters without what stands over them, small: what names may be made of. */
const plainLetters = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** A name for a playbook out of a title: `Weekend in Bergen` as `weekend-in-bergen`. May be empty. */
export const playbookName = (title: string): string =>
  plainLetters(title)
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .slice(0, 60)
    .replaceAll(/^-+|-+$/gu, "");

/** A name for a variable out of the words that it stands for, or what it is for. */
export const variableName = (text: string): string =>
  plainLetters(text)
    .replaceAll(/[^a-z0-9]+/gu, "_")
    .replaceAll(/^[^a-z]+/gu, "")
    .slice(0, 40)
    .replaceAll(/_+$/gu, "");

/** A name that is not taken, beginning with another. */
export function freeName(name: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map((item) => item.name));
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? "" : `-${number}`;
    const next = `${name.slice(0, 60 - end.length)}${end}`;
    if (!names.has(next)) return next;
  }
}

/** `4 steps, run twice, last yesterday`. */
export function ranWords(now: number, { steps, runs, last_run_at: last }: PlaybookView): string {
  const many = counted(steps.length, "step");
  if (runs === 0 || last === null) return many;
  return `${many}, run ${runs === 1 ? "once" : `${runs} times`}, last ${onDay(now, last)}`;
}

/** What it asks for: `city, days (3 days)`. */
export const variableWords = (variables: readonly Variable[]): string =>
  variables
    .map(({ name, default: usual }) => `${name.replaceAll("_", " ")}${usual === null || usual === "" ? "" : ` (${usual})`}`)
    .join(", ");

/** Every text inside a value of JSON. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const textsOf = (work: StepWork): string[] => (work.kind === "agent" ? [work.input] : textsIn(work.input));

/** All that a variable can stand in: the goal, and what the steps are told. */
export const planTexts = ({ goal, steps }: Pick<ExecutionPlan, "goal" | "steps">): string[] => [
  goal,
  ...steps.flatMap(({ title, work }) => [title, ...textsOf(work)]),
];

/** How often words stand in texts. */
export const timesIn = (texts: readonly string[], words: string): number =>
  words === "" ? 0 : texts.reduce((sum, text) => sum + text.split(words).length - 1, 0);

/** Words that often begin a sentence and are no name. */
const COMMON = /^(?:A|An|The|I|It|In|On|At|For|From|To|And|Or|With|What|Which|When|Who|How|Find|Make|Write|Look|Give|Use|Add|My|Me|We)$/u;
/** How many are offered. */
const OFFERED = 6;

/** Words of a plan that may be others the next time: in quotes, numbers with what they count, names. Those that stand most often first. */
export function likelyWords(texts: readonly string[]): string[] {
  const all = texts.map((text) => text.replaceAll(/\{\{[^{}]*\}\}/gu, " ")).join("\n");
  const found = [
    ...[...all.matchAll(/[“"]([^”"\n]{2,60})[”"]/gu)].map(([, words = ""]) => words),
    ...[...all.matchAll(/\b\d[\d.,]*[ -]\p{L}+/gu)].map(([words]) => words),
    ...[...all.matchAll(/\p{Lu}[\p{L}\d]+(?: \p{Lu}[\p{L}\d]+)*/gu)]
      .filter(({ index, 0: words }) => isName(all, index, words))
      .map(([words]) => words),
  ];
  const times = new Map(found.map((words) => [words, timesIn(texts, words)]));
  return [...times]
    .toSorted((a, b) => b[1] - a[1])
    .map(([words]) => words)
    .slice(0, OFFERED);
}

/** Whether a word with a capital is a name: it does not only begin a sentence. */
function isName(all: string, index: number, words: string): boolean {
  if (COMMON.test(words)) return false;
  return words.includes(" ") || /[\p{L}\d,;:(] ?$/u.test(all.slice(Math.max(0, index - 2), index));
}
