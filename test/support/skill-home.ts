import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { SkillUseStore } from "../../src/db/object/skill-uses.ts";
import { SkillStore } from "../../src/db/object/skills.ts";
import { builtInSkills, type BuiltInSkill } from "../../src/skills/built-in-skills.ts";
import { installSkill, type NewVersion } from "../../src/skills/install-skill.ts";
import type { SkillPermissions, FolderEntry } from "../../src/skills/skill.ts";
import { noPermissions } from "../../src/skills/skill.ts";
import { SkillOffer } from "../../src/skills/skill-offer.ts";
import { type SkillBy, Skills, type SkillsDeps } from "../../src/skills/skills.ts";
import { objectStorage } from "./object-storage.ts";

export const SKILL_DAY = Date.UTC(2026, 10, 26, 12);

/** One user's skills on real tables. `builtIn`: those of Margay's own; none unless they are given. */
export function skillHome(builtIn: ReadonlyMap<string, BuiltInSkill> = new Map()) {
  const storage = objectStorage();
  const clock = { now: SKILL_DAY };
  const trail: NewAuditEntry[] = [];
  const deps: SkillsDeps = {
    store: new SkillStore(storage.sql),
    uses: new SkillUseStore(storage.sql),
    builtIn: () => builtIn,
    transaction: (work) => storage.transactionSync(work),
    audit: (entry) => void trail.push(entry),
    now: () => clock.now++,
  };
  const skills = new Skills(deps);
  const by: SkillBy = { actor: "user", channel: "web" };
  const settings = new SettingStore(storage.sql);
  return {
    storage,
    clock,
    trail,
    deps,
    skills,
    by,
    offer: new SkillOffer({ ...deps, skills, settings }),
    install: (entries: readonly FolderEntry[], change: Partial<NewVersion> = {}) =>
      installSkill(
        { entries, folder: null, origin: "zip", source: "", strict: false, trusted: false, tainted: true, ...change },
        by,
        skills,
        deps,
      ),
    /** Enables the version that would be, with all that it asks for or with these. */
    enable(name: string, permissions?: SkillPermissions, trust = true) {
      const { skill, versions } = skills.get(name);
      const wanted = skill.waiting ?? skill.version;
      const asked = versions.find(({ version }) => version === wanted)?.permissions ?? noPermissions();
      return skills.enable(name, { version: wanted, permissions: permissions ?? asked, acknowledge: false, trust }, by);
    },
  };
}

export const ownSkills = builtInSkills;
