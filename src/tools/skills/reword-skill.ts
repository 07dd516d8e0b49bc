import { z } from "zod";
import { SkillSaved } from "../../skills/save-skill.ts";
import type { Tool } from "../tool.ts";
import type { DraftStores } from "./draft-port.ts";
import { SKILLS_PROPOSE, type SkillStores } from "./skill-port.ts";

const Input = z.object({
  skill: z.string().max(100),
  skill_md: z.string().min(1).max(100_000).describe("the whole SKILL.md"),
  why: z.string().min(1).max(500),
});

const describe = ({ skill, why }: z.output<typeof Input>): string => `Change the wording of the skill ${skill}: ${why}`;

/** Changes nothing but the words of a skill, without a question, where the user set that this may be done. It is a version like any other, and taken back in one step. */
export const rewordSkill: Tool<typeof Input, SkillStores & DraftStores> = {
  name: "reword_skill",
  version: 1,
  description: "Improve only the wording of a skill, where the user allows it; else save_skill",
  input: Input,
  capabilities: () => [SKILLS_PROPOSE],
  effect: () => "write",
  asksIfTainted: () => "It changes how I work from now on, and content from outside was read before.",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 5, perMs: 86_400_000 },
  timeoutMs: 30_000,
  replay: "keyed",
  rare: true,
  describe,
  asked: (input, { drafts }) => ({
    input,
    description: [describe(input), drafts.reworded(input.skill, input.skill_md)].filter((text) => text !== "").join("\n"),
  }),
  async execute({ skill, skill_md: text, why }, { stores, tainted }) {
    const saved = stores.drafts.reword(skill, text, { tainted });
    return {
      output: { changed: skill, why, note: "It can be taken back." },
      summary: `Changed the wording of the skill ${skill}: ${why}`.slice(0, 300),
      receipt: saved,
    };
  },
  async undo(receipt, { stores }) {
    const saved = SkillSaved.parse(receipt);
    stores.skills.takeBack(saved);
    return { output: { restored: saved.name }, summary: `Put the skill ${saved.name} back as it was` };
  },
};
