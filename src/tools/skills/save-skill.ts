import { z } from "zod";
import { MargayError } from "../../errors.ts";
import { proposalText, readProposal, SkillSaved } from "../../skills/save-skill.ts";
import type { Tool } from "../tool.ts";
import { DraftInput } from "./draft-input.ts";
import type { DraftStores } from "./draft-port.ts";
import { SKILLS_PROPOSE, type SkillStores } from "./skill-port.ts";

const Input = DraftInput.extend({ why: z.string().max(1_000).optional().describe("for the user: what was seen, what it changes") });

/**
 * Writes a skill, or a new version of one. It always asks: how the agent works from then on is the user's to say. A yes is one to exactly these texts and to what they ask for, so it enables them too, unless they ask for credentials or
 * what others depend on: then the user enables them on their page.
 */
export const saveSkill: Tool<typeof Input, SkillStores & DraftStores> = {
  name: "save_skill",
  version: 1,
  description: "Propose a skill (SKILL.md) of your own, or a change of one",
  input: Input,
  capabilities: () => [SKILLS_PROPOSE],
  effect: () => "write",
  asks: "It changes how I work from now on, so you decide.",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 20, perMs: 3_600_000 },
  timeoutMs: 30_000,
  // The same content again is the same version.
  replay: "keyed",
  rare: true,
  describe: (input) => proposalText(input),
  asked(input, { drafts }) {
    const reading = readProposal(input);
    if (!reading.ok) return { refused: `It cannot be saved. ${reading.reason}` };
    return { input, description: [proposalText(input), input.why ?? "", drafts.compared(input)].filter((text) => text !== "").join("\n") };
  },
  async execute(input, { stores, tainted }) {
    const reading = readProposal(input);
    if (!reading.ok) throw new MargayError("invalid_request", `It is not saved. ${reading.reason}`);
    const saved = stores.skills.save(input, { tainted });
    return {
      output: {
        saved: saved.name,
        enabled: saved.enabled,
        ...(saved.enabled ? {} : { note: "The user enables it on their page Skills." }),
      },
      summary: `Saved the skill ${saved.name}${saved.enabled ? "" : ", not enabled"}`,
      receipt: saved,
    };
  },
  async undo(receipt, { stores }) {
    const saved = SkillSaved.parse(receipt);
    stores.skills.takeBack(saved);
    return {
      output: { restored: saved.name },
      summary: `Took back the skill ${saved.name}${saved.before === null ? "" : " as it was written"}`,
    };
  },
};
