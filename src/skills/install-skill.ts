import { MargayError } from "../errors.ts";
import { type Described, describedSkill } from "./described-skill.ts";
import type { HeldSkill } from "./held-skill.ts";
import { within } from "./permission-sets.ts";
import { readSkill } from "./read-skill.ts";
import { MAX_SKILL_VERSIONS, MAX_SKILLS, type SkillInstalled, type SkillOrigin } from "./shapes.ts";
import { type FolderEntry, noPermissions } from "./skill.ts";
import type { SkillBy, Skills, SkillsDeps } from "./skills.ts";
import type { StoredSkill } from "./stored-skill.ts";
import { wantsMore } from "./wants-more.ts";

/** Bytes that all skills of one user may take, with their versions. */
export const SKILL_ROOM = 200 * 1024 * 1024;

/** A folder that is to become a skill, or a version of one. */
export interface NewVersion {
  entries: readonly FolderEntry[];
  /** What the folder was called; null: nothing that means anything. */
  folder: string | null;
  origin: Exclude<SkillOrigin, "built-in">;
  /** Where it came from, for a person. */
  source: string;
  /** What it has to be called, where it is a new version of a skill that is there; undefined: whatever it says. */
  only?: string;
  /** What is written here has to be right; what others wrote is read as well as it can be. */
  strict: boolean;
  /** Whether the user has read these very texts and said yes. */
  trusted: boolean;
  /** Whether they were written where content from outside was read. */
  tainted: boolean;
}

const RANK = { L1: 1, L2: 2, L3: 3 } as const;

/**
 * Takes a folder in. It runs nothing and grants nothing. Where the skill is enabled, a version that asks for no more, brings no greater risk and has nothing new to look at takes the place of the one in use, whose permissions it
 * keeps; any other waits. The same content again changes nothing. All of it is one transaction: an object that ends in the middle has what it had before.
 */
export function installSkill(wanted: NewVersion, by: SkillBy, skills: Skills, deps: SkillsDeps): SkillInstalled {
  const reading = readSkill(wanted.entries, { folder: wanted.folder, strict: wanted.strict });
  if (!reading.ok)
    throw new MargayError("invalid_request", `This cannot be installed as a skill. ${reading.reason}`, { warnings: reading.warnings });
  const { about, contents } = describedSkill(reading.skill, reading.warnings);
  const { name, version } = about;
  if (skills.shelf.isBuiltIn(name))
    throw new MargayError("conflict", `${name} is a skill of Margay's own. Give yours another name in its SKILL.md.`);
  return deps.transaction(() => {
    const held = skills.shelf.find(name);
    if (wanted.only !== undefined && wanted.only !== name)
      throw new MargayError("conflict", `What is there now is another skill, ${name}. Install it by its address if you want it.`);
    const isNew = held === null || held.skill.uninstalledAt !== null;
    if (isNew && deps.store.all().filter(({ uninstalledAt }) => uninstalledAt === null).length >= MAX_SKILLS)
      throw new MargayError("conflict", `There are ${MAX_SKILLS} skills already. Uninstall one that is not used.`);
    if (held !== null && held.skill.uninstalledAt === null && (held.skill.version === version || held.skill.waiting === version))
      return { ...skills.get(name), outcome: "same" };
    if (deps.store.version(name, version) === null) keep(about, contents, wanted, deps);
    const { skill, outcome } = placed(about, held, deps.now());
    deps.store.put(skill);
    if (outcome === "updated" && skill.state === "enabled") deps.store.markVersion(name, version, { used: true });
    prune(skill, deps);
    deps.audit({
      kind: "skill",
      event: outcome === "new" ? "created" : "changed",
      actor: by.actor,
      channel: by.channel,
      subject: name,
      tainted: wanted.tainted,
      input: version,
      summary: `Skill ${name} ${SAID[outcome]} (${wanted.origin}${wanted.source === "" ? "" : `, ${wanted.source}`}), ${about.risk.level}`,
    });
    return { ...skills.get(name), outcome };
  });
}

const SAID = { new: "installed, not enabled", updated: "updated", waiting: "has a new version that waits for you" } as const;

function keep(about: Described, contents: readonly Uint8Array[], wanted: NewVersion, { store, now }: SkillsDeps): void {
  const size = about.files.reduce((sum, file) => sum + file.size, 0);
  makeRoom(size, about.name, store);
  if (store.size() + size > SKILL_ROOM)
    throw new MargayError("payload_too_large", "Your skills take more than 200 MB together. Uninstall one that is not used.");
  store.addVersion(
    {
      ...about,
      number: store.nextNumber(about.name),
      origin: wanted.origin,
      source: wanted.source.slice(0, 500),
      trusted: wanted.trusted,
      tainted: wanted.tainted,
      used: false,
      createdAt: now(),
    },
    contents,
  );
}

/** What was uninstalled makes room, the longest ago first: before its 30 days are over where there is none otherwise, and never more of them than there can be skills. */
function makeRoom(size: number, name: string, store: SkillsDeps["store"]): void {
  const gone = store
    .all()
    .filter((one) => one.uninstalledAt !== null && one.name !== name)
    .toSorted((a, b) => (a.uninstalledAt ?? 0) - (b.uninstalledAt ?? 0));
  for (const [index, one] of gone.entries()) {
    if (gone.length - index < MAX_SKILLS && store.size() + size <= SKILL_ROOM) return;
    store.delete(one.name);
  }
}

/** Where a version goes that was not there. */
function placed(about: Described, held: HeldSkill | null, now: number): { skill: StoredSkill; outcome: "new" | "updated" | "waiting" } {
  const { name, version } = about;
  const fresh: StoredSkill = {
    name,
    state: "new",
    version,
    waiting: null,
    granted: noPermissions(),
    createdAt: now,
    updatedAt: now,
    uninstalledAt: null,
  };
  if (held === null) return { skill: fresh, outcome: "new" };
  const { skill, current } = held;
  if (skill.uninstalledAt !== null) return { skill: { ...fresh, createdAt: skill.createdAt }, outcome: "new" };
  if (skill.state !== "enabled") return { skill: { ...skill, version, waiting: null, updatedAt: now }, outcome: "updated" };
  if (wantsMore(current.permissions, about.permissions) !== null || isGraver(current, about))
    return { skill: { ...skill, waiting: version, updatedAt: now }, outcome: "waiting" };
  return {
    skill: { ...skill, version, waiting: null, granted: within(skill.granted, about.permissions), updatedAt: now },
    outcome: "updated",
  };
}

/** Whether there is something about a version that a person should see first. */
function isGraver(before: Described, after: Described): boolean {
  const grave = ({ findings }: Described): string[] =>
    findings.flatMap(({ severity, rule, file, excerpt }) => (severity === "info" ? [] : [`${severity} ${rule} ${file} ${excerpt}`]));
  const known = new Set(grave(before));
  return RANK[after.risk.level] > RANK[before.risk.level] || grave(after).some((finding) => !known.has(finding));
}

/** The oldest versions go, never one that is in use or waits. */
function prune({ name, version, waiting }: StoredSkill, { store }: SkillsDeps): void {
  const old = store.versions(name).slice(MAX_SKILL_VERSIONS);
  for (const one of old) if (one.version !== version && one.version !== waiting) store.deleteVersion(name, one.version);
}
