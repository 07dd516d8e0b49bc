import { referencesOf } from "./references.ts";
import type { StoredWork } from "./stored-plan.ts";

/** What the order of steps depends on. */
export interface Ordered {
  name: string;
  work: StoredWork;
  after: readonly string[];
}

/** The steps that must be done before one: those it says, and those that its texts name. */
export function needsOf(step: Ordered, names: ReadonlySet<string>): string[] {
  return [...new Set([...step.after, ...referencesOf(step.work)])].filter((name) => names.has(name));
}

export const namesOf = (steps: readonly Ordered[]): Set<string> => new Set(steps.map(({ name }) => name));

/** The steps in an order in which they can run, each as early as it was written. null: some wait for each other. */
export function inOrder<Step extends Ordered>(steps: readonly Step[]): Step[] | null {
  const names = namesOf(steps);
  const done = new Set<string>();
  const ordered: Step[] = [];
  let left = [...steps];
  while (left.length > 0) {
    const next = left.find((step) => needsOf(step, names).every((name) => done.has(name)));
    if (next === undefined) return null;
    ordered.push(next);
    done.add(next.name);
    left = left.filter((step) => step !== next);
  }
  return ordered;
}
