import { outsideNames } from "./references.ts";
import type { PlanStepView } from "./shapes.ts";
import type { StoredWork } from "./stored-plan.ts";
import type { PlaybookStep } from "./stored-playbook.ts";

/** The goal and steps of a plan with `{{name}}` wherever the text of a variable stands, longer texts first: a short one may be a part of them. */
export function withVariables(
  plan: { goal: string; steps: readonly Pick<PlanStepView, "name" | "title" | "work" | "after" | "author">[] },
  variables: readonly { name: string; text: string }[],
): { goal: string; steps: PlaybookStep[] } {
  const wanted = variables.toSorted((a, b) => b.text.length - a.text.length);
  const named = (text: string): string => outsideNames(text, (part) => replaced(part, wanted));
  return {
    goal: named(plan.goal),
    steps: plan.steps.map(({ name, title, work, after, author }) => ({
      name,
      title: named(title).slice(0, 200),
      work: workWith(work, named),
      after,
      author,
    })),
  };
}

/** One pass over the text: a name that was put in is not looked into. */
function replaced(text: string, variables: readonly { name: string; text: string }[]): string {
  const [first, ...rest] = variables;
  if (first === undefined || first.text === "") return text;
  return text
    .split(first.text)
    .map((part) => replaced(part, rest))
    .join(`{{${first.name}}}`);
}

const workWith = (work: StoredWork, named: (text: string) => string): StoredWork =>
  work.kind === "agent" ? { ...work, input: named(work.input) } : { ...work, input: mapTexts(work.input, named) };

type ToolInput = Extract<StoredWork, { kind: "tool" }>["input"];

function mapTexts(input: ToolInput, named: (text: string) => string): ToolInput {
  const value = (member: unknown): unknown => {
    if (typeof member === "string") return named(member);
    if (Array.isArray(member)) return member.map(value);
    if (typeof member !== "object" || member === null) return member;
    return Object.fromEntries(Object.entries(member).map(([key, inner]) => [key, value(inner)]));
  };
  return Object.fromEntries(Object.entries(input).map(([key, member]) => [key, value(member)]));
}
