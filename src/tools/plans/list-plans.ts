import { z } from "zod";
import type { Tool } from "../tool.ts";
import { PLANS_READ, type PlanStores } from "./plan-port.ts";
import { marked, view } from "./plan-tool.ts";

const Input = z.object({ plan: z.number().int().positive().optional().describe("its number; without it, all, and the playbooks") });

const LISTED = 10;

/** What plans there are and how far they are, and which playbooks could be run. */
export const listPlans: Tool<typeof Input, PlanStores> = {
  name: "list_plans",
  version: 1,
  description: "Plans and playbooks, or one plan whole",
  input: Input,
  capabilities: () => [PLANS_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "safe",
  rare: true,
  describe: () => "Look at plans",
  async execute({ plan }, { stores }) {
    if (plan !== undefined) {
      const one = stores.plans.numbered(plan);
      return { output: view(one, true), summary: `Looked at plan ${plan}`, ...marked(one) };
    }
    const plans = stores.plans.recent(LISTED);
    const playbooks = stores.plans.playbooks();
    const outside = playbooks.some(({ tainted }) => tainted) ? { untrusted: "plans and playbooks" } : marked(...plans);
    return {
      output: {
        plans: plans.map((one) => view(one)),
        playbooks: playbooks.map(({ name, description, variables }) => ({
          name,
          description,
          ...(variables.length === 0
            ? {}
            : {
                variables: Object.fromEntries(
                  variables.map((one) => [one.name, one.default === null ? "must be given" : `else: ${one.default}`]),
                ),
              }),
        })),
      },
      summary: plans.length === 1 ? "Looked at 1 plan" : `Looked at ${plans.length} plans`,
      ...outside,
    };
  },
};
