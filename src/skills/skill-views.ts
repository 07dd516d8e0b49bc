import { explainPermissions } from "./explain.ts";
import type { HeldSkill } from "./held-skill.ts";
import type { SkillDetail, SkillUsage, SkillVersionView, SkillView } from "./shapes.ts";
import { NO_USAGE, type StoredVersion } from "./stored-skill.ts";
import { wantsMore } from "./wants-more.ts";

export function versionView({ name: _name, used: _used, createdAt, files, ...version }: StoredVersion): SkillVersionView {
  return { ...version, files: files.map(({ hash: _hash, ...file }) => file), created_at: createdAt };
}

export function skillView({ skill, builtIn, current }: HeldSkill, usage: SkillUsage | undefined): SkillView {
  const count = (severity: string): number => current.findings.filter((finding) => finding.severity === severity).length;
  return {
    name: skill.name,
    title: current.title,
    description: current.description,
    built_in: builtIn,
    origin: current.origin,
    state: skill.uninstalledAt === null ? skill.state : "uninstalled",
    version: current.version,
    waiting: skill.waiting,
    risk: current.risk.level,
    findings: { info: count("info"), warn: count("warn"), danger: count("danger") },
    granted: skill.granted,
    trusted: current.trusted,
    usage: usage ?? NO_USAGE,
    updated_at: skill.updatedAt,
    uninstalled_at: skill.uninstalledAt,
  };
}

export function skillDetail(held: HeldSkill, versions: readonly StoredVersion[], usage: SkillUsage | undefined): SkillDetail {
  const { skill } = held;
  const next = versions.find(({ version }) => version === skill.waiting);
  const more = next === undefined ? null : wantsMore(skill.granted, next.permissions);
  return {
    skill: skillView(held, usage),
    versions: versions.map(versionView),
    more,
    more_explained: more === null ? [] : explainPermissions(more),
  };
}
