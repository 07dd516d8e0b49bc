import { readForAgent } from "../../skills/read-for-agent.ts";
import { saveSkill, unsaveSkill } from "../../skills/save-skill.ts";
import { type RunScriptDeps, runSkillScript, takeBackScript } from "../../skills/run-skill-script.ts";
import type { SkillBy, Skills, SkillsDeps } from "../../skills/skills.ts";
import type { SkillPort } from "./skill-port.ts";

/** The user's skills for tools. `run`: how a program of one is run. */
export function skilled(skills: Skills, deps: SkillsDeps, run: RunScriptDeps): SkillPort {
  const by: SkillBy = { actor: "agent", channel: null };
  return {
    read(name, file, callId) {
      const { text, untrusted, held } = readForAgent(skills, name, file);
      const summary = file === null ? `Read the skill ${name}` : `Read ${file} of the skill ${name}`;
      const { version } = held.current;
      deps.uses.add({
        name,
        callId,
        version,
        kind: "read",
        file: file ?? "SKILL.md",
        ended: "done",
        summary,
        ms: 0,
        micro_usd: 0,
        at: deps.now(),
      });
      return { text, summary, untrusted };
    },
    run: (call, context) => runSkillScript(call, context, run),
    takeBackRun: (receipt, context) => takeBackScript(receipt, context, run),
    save: (proposal, { tainted }) => saveSkill(proposal, { tainted }, by, skills, deps),
    takeBack: (saved) => unsaveSkill(saved, by, skills, deps),
  };
}
