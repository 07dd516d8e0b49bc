import type { OperationName, Operations } from "../src/agent/operations.ts";
import { ImprovementStore } from "../src/db/object/improvements.ts";
import { SkillUseStore } from "../src/db/object/skill-uses.ts";
import { SkillStore } from "../src/db/object/skills.ts";
import { builtInSkills } from "../src/skills/built-in-skills.ts";
import { SkillOffer } from "../src/skills/skill-offer.ts";
import { skillOperations } from "../src/skills/skill-operations.ts";
import { linuxScript } from "../src/skills/linux-script.ts";
import { mayWith } from "../src/sandbox/may-with.ts";
import type { LinuxSandbox } from "../src/sandbox/linux/linux-sandbox.ts";
import { DEFAULT_GRANTS } from "../src/tools/registry.ts";
import type { CodePort } from "../src/sandbox/code-run.ts";
import { drafts } from "../src/self-improvement/drafts.ts";
import { skilled } from "../src/tools/skills/skilled.ts";
import { Skills, type SkillsDeps } from "../src/skills/skills.ts";
import type { HandsDeps } from "./hands.ts";

export type SkillOperations = Pick<Operations, Extract<OperationName, `skills.${string}`>>;

/** Where programs of skills run. */
export interface SkillRunners {
  code: CodePort;
  /** The Linux of a name; null: there is none here. */
  sandbox(name: string): LinuxSandbox | null;
}

/** Wires skills: what is installed, what the user decided about it, what uses it. No rule lives here. */
export function createSkills(
  { host, settings, egress, audit, transaction, tools, newId, library }: HandsDeps,
  { code, sandbox }: SkillRunners,
) {
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
    linux: (script, context) =>
      linuxScript(script, context, {
        sandbox: (skill) => sandbox(`skill:${skill}`),
        files: library.syncFiles,
        may: mayWith({ granted: () => DEFAULT_GRANTS, policy: (tool) => settings.user().tools[tool] ?? null }, context.profile),
      }),
  });
  const draftPort = drafts({
    skills,
    skillsDeps: deps,
    code,
    store: new ImprovementStore(sql),
    tools: () => tools().map(({ name }) => name),
    setting: () => settings.user().selfImprovement,
    now: host.now,
  });
  const operations: SkillOperations = skillOperations({ ...deps, skills, egress, tools, newId });
  return {
    skills,
    operations,
    /** What tools work on. */
    ports: { skills: port, drafts: draftPort },
    /** What the coordinator is told. */
    offer: (conversationId: string, fromSeq: number | null) => offer.of(conversationId, fromSeq),
    /** The same for executors, which begin with it and keep it. */
    lines: () => offer.lines(),
    /** Those that are enabled. */
    known: () =>
      skills.enabled().map(({ skill, current }) => ({ name: skill.name, description: current.trusted ? current.description : "" })),
    /** Once a day. */
    tidy: () => skills.tidy(),
  };
}
