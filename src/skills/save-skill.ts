import { z } from "zod";
import { MargayError, withNext } from "../errors.ts";
import { describedSkill, type Described } from "./described-skill.ts";
import { explainPermissions } from "./explain.ts";
import { installSkill } from "./install-skill.ts";
import { cutTo, oneLine } from "./plain-text.ts";
import { readSkill } from "./read-skill.ts";
import { SkillPermissionsShape, type SkillInstalled } from "./shapes.ts";
import type { FolderEntry } from "./skill.ts";
import type { SkillBy, Skills, SkillsDeps } from "./skills.ts";

/** What the agent wants to be a skill, in whole files. */
export interface SkillProposal {
  skill_md: string;
  files?: readonly { path: string; text: string }[] | undefined;
}

/** What a save left, to take it back. `before`: the version that was in use; null: there was none. */
export const SkillSaved = z.object({
  name: z.string(),
  version: z.string(),
  enabled: z.boolean(),
  /** When it was saved, UTC milliseconds: what the user decided later is theirs. Absent: it was saved before this was noted. */
  at: z.number().optional(),
  before: z
    .object({
      version: z.string(),
      state: z.enum(["new", "enabled", "disabled"]),
      granted: SkillPermissionsShape,
      waiting: z.string().nullable(),
    })
    .nullable(),
});
export type SkillSaved = z.infer<typeof SkillSaved>;

export const entriesOfProposal = ({ skill_md: text, files = [] }: SkillProposal): FolderEntry[] =>
  [{ path: "SKILL.md", text }, ...files].map((file) => ({ path: file.path, bytes: new TextEncoder().encode(file.text) }));

/** Reads what is to be written here: strictly, and what malware does is not written at all. */
export function readProposal(proposal: SkillProposal): { ok: true; about: Described } | { ok: false; reason: string } {
  const reading = readSkill(entriesOfProposal(proposal), { folder: null, strict: true });
  if (!reading.ok) return { ok: false, reason: reading.reason };
  const { about } = describedSkill(reading.skill, reading.warnings);
  const danger = about.findings.find(({ severity }) => severity === "danger");
  return danger === undefined ? { ok: true, about } : { ok: false, reason: `${danger.file}, line ${danger.line}: ${danger.why}` };
}

/** Characters of what it says of itself in a question: what it asks for is to be seen too. */
const SAID = 300;

/** What a person is asked, in a few lines. */
export function proposalText(proposal: SkillProposal): string {
  const reading = readProposal(proposal);
  if (!reading.ok) return `Save a skill that cannot be saved: ${reading.reason}`;
  const { name, description, permissions, risk, findings, files } = reading.about;
  const wants = explainPermissions(permissions);
  const warned = findings.filter(({ severity }) => severity === "warn");
  return [
    `Save ${enablesItself(reading.about) ? "and enable " : ""}the skill ${name} (${risk.level}): ${cutTo(oneLine(description), SAID)}`,
    ...(wants.length === 0 ? ["It asks for no permissions."] : wants),
    ...(files.length > 1
      ? [
          `It brings ${files
            .slice(1)
            .map(({ path }) => path)
            .join(", ")}.`,
        ]
      : []),
    ...warned.slice(0, 3).map(({ file, line, why }) => `Look at ${file}, line ${line}: ${why}`),
  ].join(" ");
}

/** A yes to the texts is one to what they ask for, except for what is gravest: that has its own page. */
const enablesItself = ({ risk, findings }: Described): boolean =>
  risk.level !== "L3" && findings.every(({ severity }) => severity !== "danger");

/**
 * Makes the skill, or its new version, after the user's yes to exactly these texts. What was written where content from outside was read stays marked: it guides nobody until the user enables it on their page. `words`: they said no yes to it, so it
 * takes the place of the one in use with what that one was granted, or throws `forbidden`.
 */
export function saveSkill(
  proposal: SkillProposal,
  { tainted, words = false }: { tainted: boolean; words?: boolean },
  by: SkillBy,
  skills: Skills,
  deps: SkillsDeps,
): SkillSaved {
  const reading = readProposal(proposal);
  if (!reading.ok) throw new MargayError("invalid_request", reading.reason);
  const { name, version, permissions } = reading.about;
  return deps.transaction(() => {
    const held = skills.shelf.find(name);
    const before = held === null || held.skill.uninstalledAt !== null ? null : held.skill;
    const installed: SkillInstalled = installSkill(
      { entries: entriesOfProposal(proposal), folder: null, origin: "agent", source: "", strict: true, trusted: !tainted, tainted },
      by,
      skills,
      deps,
    );
    if (words && (before?.state !== "enabled" || installed.outcome === "waiting" || installed.outcome === "new"))
      throw new MargayError("forbidden", `${name} cannot be changed without the user.`, withNext("Use save_skill."));
    const enabled = words || enablesItself(reading.about);
    if (!words && enabled && (installed.outcome !== "same" || before?.state !== "enabled"))
      skills.enable(name, { version, permissions, acknowledge: false, trust: !tainted }, by);
    return {
      name,
      version,
      enabled,
      at: skills.shelf.get(name).skill.updatedAt,
      before: before && { version: before.version, state: before.state, granted: before.granted, waiting: before.waiting },
    };
  });
}

/** Takes a saved version back: the skill is as it was before, or gone. Throws `conflict` when something was decided about it since. */
export function unsaveSkill(
  { name, version, at, before }: SkillSaved,
  by: SkillBy,
  skills: Skills,
  { store, transaction, audit, now }: SkillsDeps,
): void {
  transaction(() => {
    const held = skills.shelf.get(name);
    const decided = at !== undefined && held.skill.updatedAt !== at;
    const gone = before !== null && store.version(name, before.version) === null;
    if (decided || gone || (held.skill.version !== version && held.skill.waiting !== version))
      throw new MargayError("conflict", `The skill ${name} was changed since, so I left it as it is.`);
    if (before === null) {
      skills.uninstall(name, by);
      return;
    }
    store.put({ ...held.skill, ...before, updatedAt: now() });
    audit({
      kind: "skill",
      event: "changed",
      actor: by.actor,
      channel: by.channel,
      subject: name,
      summary: `Skill ${name} put back as it was`,
    });
  });
}
