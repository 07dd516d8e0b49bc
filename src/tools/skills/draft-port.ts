import type { CodeCaller } from "../../sandbox/code-run.ts";
import type { Trial, TrialInput, TrialRead } from "../../self-improvement/trial.ts";
import type { SkillProposal, SkillSaved } from "../../skills/save-skill.ts";

/** Drafts of skills as tools see them, before they are anything. */
export interface DraftPort {
  /** Tries a draft without doing anything of what it would do, and keeps how it did. */
  try(draft: SkillProposal, trials: readonly TrialInput[], caller: CodeCaller): Promise<Trial & { read: TrialRead }>;
  /** What differs from the version in use and how the draft did when it was tried, for a person who is asked. */
  compared(draft: SkillProposal): string;
  /** The same for other words in a skill; empty: there is no such skill. */
  reworded(skill: string, text: string): string;
  /** Puts other words into a skill, where the user lets that be done without a question and nothing but words is changed. Throws `forbidden` with what stands against it. */
  reword(skill: string, text: string, by: { tainted: boolean }): SkillSaved;
}

/** What tools of drafts get as stores. */
export interface DraftStores {
  drafts: DraftPort;
}
