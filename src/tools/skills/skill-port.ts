import type { ToolContext, ToolOutput } from "../tool.ts";
import type { SkillProposal, SkillSaved } from "../../skills/save-skill.ts";

/** To read and run skills that the user enabled, and to propose one; granted to everybody by default. What a skill itself may do is granted with it. */
export const SKILLS_USE = "skills.use";
export const SKILLS_PROPOSE = "skills.propose";

/** One of a skill's files as an agent reads it. */
export interface SkillText {
  text: string;
  /** One line for a person. */
  summary: string;
  /** Where it comes from, when the user has not accepted these very texts. */
  untrusted: string | null;
}

/** The user's skills as tools see them. Everything throws a `MargayError` that says what is wrong. */
export interface SkillPort {
  /** The instructions (`file` null) or another file of an enabled skill. */
  read(name: string, file: string | null, callId: string): SkillText;
  /** Runs a program of an enabled skill, with what the skill was granted and the caller has, and nothing else. */
  run(call: { skill: string; script: string; args: unknown }, context: ToolContext<SkillStores>): Promise<ToolOutput>;
  /** Takes back what a run wrote. */
  takeBackRun(receipt: unknown, context: ToolContext<SkillStores>): Promise<ToolOutput>;
  /** Makes a skill, or a version of one, that the user said yes to. */
  save(proposal: SkillProposal, by: { tainted: boolean }): SkillSaved;
  /** Takes a saved version back. */
  takeBack(saved: SkillSaved): void;
}

/** What skill tools get as stores. */
export interface SkillStores {
  skills: SkillPort;
}
