import type { OperationName, Operations } from "../src/agent/operations.ts";
import { SkillUseStore } from "../src/db/object/skill-uses.ts";
import { SkillStore } from "../src/db/object/skills.ts";
import { builtInSkills } from "../src/skills/built-in-skills.ts";
import { skillOperations } from "../src/skills/skill-operations.ts";
import { Skills, type SkillsDeps } from "../src/skills/skills.ts";
import type { HandsDeps } from "./hands.ts";

export type SkillOperations = Pick<Operations, Extract<OperationName, `skills.${string}`>>;

/** Wires skills: what is installed, what the user decided about it, what uses it. No rule lives here. */
export function createSkills({ host, egress, audit, transaction, tools, newId }: HandsDeps) {
  const { sql } = host.storage;
  const deps: SkillsDeps = {
    store: new SkillStore(sql),
    uses: new SkillUseStore(sql),
    builtIn: builtInSkills,
    transaction,
    audit,
    now: host.now,
  };
  const skills = new Skills(deps);
  const operations: SkillOperations = skillOperations({ ...deps, skills, egress, tools, newId });
  return { skills, operations };
}
