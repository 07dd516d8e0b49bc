import { z } from "zod";
import { PlanDraft } from "../../plans/shapes.ts";
import type { Tool } from "../tool.ts";
import { PLANS_WRITE, type PlanStores } from "./plan-port.ts";
import { marked, saidBy, view } from "./plan-tool.ts";

const Receipt = z.object({ id: z.string() });

/** What a model is told of the input: the rules in `PlanDraft` say the rest when they are broken. */
const SCHEMA = {
  type: "object",
  required: ["goal", "steps"],
  properties: {
    goal: { type: "string" },
    steps: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "title", "work"],
        properties: {
          name: { type: "string", description: "snake_case; {{name}} in a later text stands for its result" },
          title: { type: "string" },
          after: { type: "array", items: { type: "string" }, description: "only where no text names it" },
          work: {
            type: "object",
            description: '{"kind":"agent","profile","input"} or {"kind":"tool","tool","input":{}}',
          },
        },
      },
    },
  },
};

/** Writes a plan down for the user to decide about. */
export const proposePlan: Tool<typeof PlanDraft, PlanStores> = {
  name: "propose_plan",
  version: 1,
  description: "Show the user a plan of steps to approve, instead of doing the work",
  input: PlanDraft,
  schema: SCHEMA,
  capabilities: () => [PLANS_WRITE],
  effect: () => "write",
  plans: true,
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 20, perMs: 600_000 },
  timeoutMs: 10_000,
  replay: "keyed",
  rare: true,
  describe: ({ steps }) => `Propose a plan of ${steps.length === 1 ? "1 step" : `${steps.length} steps`}`,
  async execute(draft, context) {
    const plan = context.stores.plans.propose(draft, saidBy(context));
    return {
      output: {
        plan_id: plan.id,
        proposed: view(plan),
        note: "The user sees it and decides: nothing runs yet. Say in a sentence or two what it is, and what is still open. End your answer.",
      },
      summary: `Proposed plan ${plan.number}`,
      receipt: { id: plan.id },
      ...marked(plan),
    };
  },
  async undo(receipt, context) {
    const plan = context.stores.plans.delete(Receipt.parse(receipt).id, saidBy(context));
    return { output: { removed: `plan ${plan.number}` }, summary: `Took back plan ${plan.number}` };
  },
};
