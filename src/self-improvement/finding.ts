import { z } from "zod";

/** `repeated`: the same is asked for again and again. `failing`: a tool or a skill fails in the same way. `slow`: what is asked for again takes many steps or much money. */
export const FindingKind = z.enum(["repeated", "failing", "slow"]);
export type FindingKind = z.infer<typeof FindingKind>;

/** Something that stands out in what was asked and done, found by counting. */
export interface Finding {
  kind: FindingKind;
  /** What it is about: stems of the requests, or the tool and the shape of its error. By these it is known again when it is found anew. */
  terms: string[];
  /** One line for a person. */
  title: string;
  /** The skill that it is about; null: there is none yet. */
  skill: string | null;
  /** How often, on how many days. */
  count: number;
  days: number;
  /** What one time takes, the median. */
  calls: number;
  ms: number;
  microUsd: number;
  /** Turns that show it, the newest first. */
  turnIds: string[];
}

/** Whether two findings are one. */
export function sameFinding(a: Pick<Finding, "kind" | "terms">, b: Pick<Finding, "kind" | "terms">): boolean {
  // What is asked for again and is slow is one thing to work on.
  if ((a.kind === "failing") !== (b.kind === "failing")) return false;
  const shared = a.terms.filter((term) => b.terms.includes(term)).length;
  return a.kind === "failing"
    ? shared === Math.max(a.terms.length, b.terms.length)
    : shared * 2 >= Math.min(a.terms.length, b.terms.length);
}
