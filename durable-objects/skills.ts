import type { OperationName, Operations } from "../src/agent/operations.ts";
import { SkillUseStore } from "../src/db/object/skill-uses.ts";
import { SkillStore } from "../src/db/object/skills.ts";
import { builtInSkills } from "../src/skills/built-in-skills.ts";
import { SkillOffer } from "../src/skills/skill-offer.ts";
import { skillOperations } from "../src/skills/skill-operations.ts";
import { MargayError } from "../src/errors.ts";
import type { CodePort } from "../src/sandbox/code-run.ts";
import { skilled } from "../src/tools/skills/skilled.ts";
import { Skills, type SkillsDeps } from "../src/skills/skills.ts";
import type { HandsDeps } from "./hands.ts";

export type SkillOperations = Pick<Operations, Extract<OperationName, `skills.${string}`>>;

/** Wires skills: what is installed, what the user decided about it, what uses it. No rule lives here. */
export function createSkills({ host, settings, egress, audit, transaction, tools, newId }: HandsDeps, code: CodePort) {
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
  const offer = new SkillOffer({ ...deps, skills, settings });
  const port = skilled(skills, deps, {
    ...deps,
    skills,
    code,
    linux: async () => {
      throw new MargayError("not_configured", "Programs in Python or for a shell cannot be run here.");
    },
  });
  const operations: SkillOperations = skillOperations({ ...deps, skills, egress, tools, newId });
  return {
    skills,
    operations,
    /** What tools work on. */
    port,
    /** What the coordinator is told. */
    offer: (conversationId: string, fromSeq: number | null) => offer.of(conversationId, fromSeq),
    /** Those that are enabled. */
    known: () =>
      skills.enabled().map(({ skill, current }) => ({ name: skill.name, description: current.trusted ? current.description : "" })),
    /** Once a day. */
    tidy: () => skills.tidy(),
  };
}
