import { z } from "zod";
import type { Tool } from "../tool.ts";
import { SKILLS_USE, type SkillStores } from "./skill-port.ts";

/** Any JSON. */
const Json: z.ZodType = z.json();

const Input = z.object({
  skill: z.string().max(100),
  script: z.string().max(400),
  args: z.record(z.string(), Json).optional(),
});

/** Runs a program of a skill that the user enabled. In it there is what the skill was granted and the caller has; each of its calls passes the gate for itself. */
export const runSkillScript: Tool<typeof Input, SkillStores> = {
  name: "run_skill_script",
  version: 1,
  description: "Run a program of a skill, as its instructions say",
  input: Input,
  capabilities: () => [SKILLS_USE],
  effect: () => "write",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 30, perMs: 60_000 },
  timeoutMs: 150_000,
  replay: "keyed",
  rare: true,
  describe: ({ skill, script }) => `Run ${script} of the skill ${skill}`,
  execute: ({ skill, script, args = {} }, context) => context.stores.skills.run({ skill, script, args }, context),
  undo: (receipt, context) => context.stores.skills.takeBackRun(receipt, context),
};
