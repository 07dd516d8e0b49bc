import { z } from "zod";

/** Something that stands out in what was asked and done, found by counting. */
export const Finding = z.object({
  /** `repeated`: the same is asked for again and again. `failing`: a tool or a skill fails in the same way. `slow`: what is asked for again takes many steps or much money. */
  kind: z.enum(["repeated", "failing", "slow"]),
  /** What it is about: stems of the requests, or the tool and the shape of its error. By these it is known again when it is found anew. */
  terms: z.array(z.string()),
  /** One line for a person. */
  title: z.string(),
  /** The skill that it is about; null: there is none yet. */
  skill: z.string().nullable(),
  /** How often, on how many days. */
  count: z.number().int(),
  days: z.number().int(),
  /** What one time takes, the median: calls of tools, milliseconds, micro-dollars. */
  calls: z.number(),
  ms: z.number(),
  micro_usd: z.number(),
  /** Turns that show it, the newest first. */
  turn_ids: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;

/** Whether two findings are one. */
export function sameFinding(a: Pick<Finding, "kind" | "terms">, b: Pick<Finding, "kind" | "terms">): boolean {
  // What is asked for again and is slow is one thing to work on.
  if ((a.kind === "failing") !== (b.kind === "failing")) return false;
  const shared = a.terms.filter((term) => b.terms.includes(term)).length;
  if (a.kind === "failing") return shared === Math.max(a.terms.length, b.terms.length);
  // The most telling stem stands first: "make … from my notes" alone is no subject.
  const [mostOfA = "", mostOfB = ""] = [a.terms[0], b.terms[0]];
  return shared * 2 >= Math.min(a.terms.length, b.terms.length) && (b.terms.includes(mostOfA) || a.terms.includes(mostOfB));
}
