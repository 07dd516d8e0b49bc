import type { NewAuditEntry } from "../db/object/audit.ts";
import type { SkillUseStore } from "../db/object/skill-uses.ts";
import type { SkillStore } from "../db/object/skills.ts";
import { MargayError } from "../errors.ts";
import type { BuiltInSkill } from "./built-in-skills.ts";
import { decodeText } from "./decode-text.ts";
import { explainPermissions } from "./explain.ts";
import { type HeldSkill, SkillShelf } from "./held-skill.ts";
import { entriesOf, within } from "./permission-sets.ts";
import {
  SKILL_KEPT_MS,
  type SkillComparison,
  type SkillDetail,
  type SkillEnable,
  type SkillList,
  type SkillUses,
  type SkillView,
} from "./shapes.ts";
import { noPermissions, type SkillPermissions } from "./skill.ts";
import { skillDetail, skillView } from "./skill-views.ts";
import type { StoredSkill, StoredVersion } from "./stored-skill.ts";
import { wantsMore } from "./wants-more.ts";

export interface SkillsDeps {
  store: SkillStore;
  uses: SkillUseStore;
  builtIn(): ReadonlyMap<string, BuiltInSkill>;
  transaction<T>(work: () => T): T;
  audit(entry: NewAuditEntry): void;
  /** UTC milliseconds. */
  now(): number;
}

/** Who decides: the user, by the page, the API or a command; or by their yes to what the agent proposed. */
export interface SkillBy {
  actor: "user" | "agent";
  channel: string | null;
}

/** Characters of a file in a comparison. */
const SHOWN = 100_000;

/** What the user decides about skills: enabled or not, with which permissions, which version. Refusals are `MargayError`s with a sentence. */
export class Skills {
  readonly shelf: SkillShelf;

  constructor(private readonly deps: SkillsDeps) {
    this.shelf = new SkillShelf(deps);
  }

  list(): SkillList {
    const totals = this.deps.uses.totals();
    return { skills: this.shelf.all().map((held) => skillView(held, totals.get(held.skill.name))) };
  }

  /** Also one that was uninstalled. */
  get(name: string): SkillDetail {
    const held = this.shelf.find(name);
    if (held === null) throw missing(name);
    return skillDetail(held, this.shelf.versions(held), this.deps.uses.totals().get(name));
  }

  /** Those that are enabled, by name. */
  enabled(): HeldSkill[] {
    return this.shelf.all().filter(({ skill }) => skill.state === "enabled" && skill.uninstalledAt === null);
  }

  /** Enables exactly the version that was looked at, with what of its permissions it gets. */
  enable(name: string, { version: id, permissions = noPermissions(), acknowledge, trust }: SkillEnable, by: SkillBy): SkillDetail {
    const held = this.shelf.get(name);
    const version = this.shelf.version(held, id);
    const beyond = wantsMore(version.permissions, permissions);
    if (beyond !== null)
      throw new MargayError("invalid_request", `The skill does not ask for ${entriesOf(beyond).join(", ")}, so it cannot be granted.`);
    const dangers = version.findings.filter(({ severity }) => severity === "danger");
    if (dangers.length > 0 && !acknowledge)
      throw new MargayError(
        "conflict",
        `The scan found in it what malware does: ${dangers[0]?.why ?? ""} Look at the findings; it is enabled only when you say that you did.`,
      );
    const { waiting } = held.skill;
    // A newer one that waits goes on waiting when an older one is chosen.
    const still = waiting !== null && waiting !== id && held.current.version === id ? waiting : null;
    return this.#decide(held, { state: "enabled", version: id, waiting: still, granted: permissions }, by, {
      event: "enabled",
      summary: `Skill ${name} enabled${dangers.length > 0 ? ", in spite of what the scan found" : ""}: ${grantedText(permissions)}`,
      input: JSON.stringify({ version: id, permissions, trust }),
      also: () => {
        if (!held.builtIn) this.deps.store.markVersion(name, id, { used: true, trusted: trust });
      },
    });
  }

  /** What it was granted is taken back. */
  disable(name: string, by: SkillBy): SkillDetail {
    const held = this.shelf.get(name);
    return this.#decide(held, { state: "disabled", granted: noPermissions() }, by, {
      event: "disabled",
      summary: `Skill ${name} disabled`,
    });
  }

  /** Goes back to a version that was in use, in one step. Of what is granted now it keeps what that one asks for. */
  rollBack(name: string, id: string, by: SkillBy): SkillDetail {
    const held = this.shelf.get(name);
    const version = this.shelf.version(held, id);
    if (!version.used) throw new MargayError("conflict", "This version was never in use. Look at it and enable it.");
    const granted = within(held.skill.granted, version.permissions);
    return this.#decide(held, { version: id, waiting: null, granted }, by, {
      event: "changed",
      summary: `Skill ${name} back to version ${version.number}`,
    });
  }

  uninstall(name: string, by: SkillBy): SkillView {
    const held = this.#own(name, "cannot be uninstalled. You can disable it.");
    const before = skillView(held, this.deps.uses.totals().get(name));
    this.#decide(
      held,
      { state: held.skill.state === "new" ? "new" : "disabled", granted: noPermissions(), uninstalledAt: this.deps.now() },
      by,
      {
        event: "deleted",
        summary: `Skill ${name} uninstalled`,
      },
    );
    return before;
  }

  /** It comes back as it was, but not enabled: what it may do is for the user to say again. */
  restore(name: string, by: SkillBy): SkillDetail {
    const held = this.shelf.find(name);
    if (held === null || held.skill.uninstalledAt === null)
      throw new MargayError("not_found", `There is no uninstalled skill called ${name}.`);
    return this.#decide(held, { uninstalledAt: null }, by, { event: "created", summary: `Skill ${name} brought back` });
  }

  compare(name: string, from: string, to: string): SkillComparison {
    const held = this.#held(name);
    const [before, after] = [this.shelf.version(held, from), this.shelf.version(held, to)];
    const hashes = ({ files }: StoredVersion): Map<string, string> => new Map(files.map(({ path, hash }) => [path, hash]));
    const [old, next] = [hashes(before), hashes(after)];
    const paths = [...new Set([...old.keys(), ...next.keys()])].filter((path) => old.get(path) !== next.get(path)).toSorted();
    const more = wantsMore(before.permissions, after.permissions);
    return {
      from,
      to,
      files: paths.map((path) => ({
        path,
        change: old.has(path) ? (next.has(path) ? "changed" : "removed") : "added",
        before: this.#text(held, before, path),
        after: this.#text(held, after, path),
      })),
      more,
      more_explained: more === null ? [] : explainPermissions(more),
    };
  }

  /** `version` null: the one in use, or that would be. */
  file(name: string, version: string | null, path: string): { bytes: Uint8Array<ArrayBuffer>; text: boolean } {
    const held = this.#held(name);
    const of = version === null ? held.current : this.shelf.version(held, version);
    const bytes = this.shelf.bytes(held, of, path);
    return { bytes: new Uint8Array(bytes), text: of.files.some((file) => file.path === path && file.text) };
  }

  /** Every file of a version. */
  export(name: string, version: string | null): { path: string; bytes: Uint8Array }[] {
    const held = this.#held(name);
    const of = version === null ? held.current : this.shelf.version(held, version);
    return of.files.map(({ path }) => ({ path, bytes: this.shelf.bytes(held, of, path) }));
  }

  uses(name: string, limit: number): SkillUses {
    this.#held(name);
    return { uses: this.deps.uses.list(name, limit) };
  }

  /** Once a day: what was uninstalled 30 days ago is gone. */
  tidy(): void {
    const { store, uses, now, transaction } = this.deps;
    transaction(() => {
      for (const { name, uninstalledAt } of store.all())
        if (uninstalledAt !== null && uninstalledAt < now() - SKILL_KEPT_MS) store.delete(name);
      uses.prune(now());
    });
  }

  #held(name: string): HeldSkill {
    const held = this.shelf.find(name);
    if (held === null) throw missing(name);
    return held;
  }

  #own(name: string, cannot: string): HeldSkill {
    const held = this.shelf.get(name);
    if (held.builtIn) throw new MargayError("forbidden", `${name} is a skill of Margay's own and ${cannot}`);
    return held;
  }

  #text(held: HeldSkill, version: StoredVersion, path: string): string | null {
    if (!version.files.some((file) => file.path === path && file.text)) return null;
    return (
      decodeText(this.shelf.bytes(held, version, path))
        ?.text.slice(0, SHOWN)
        .toWellFormed() ?? null
    );
  }

  #decide(
    { skill }: HeldSkill,
    change: Partial<StoredSkill>,
    { actor, channel }: SkillBy,
    entry: Pick<NewAuditEntry, "event" | "summary" | "input"> & { also?(): void },
  ): SkillDetail {
    const { also, ...told } = entry;
    const { store, transaction, audit, now } = this.deps;
    return transaction(() => {
      store.put({ ...skill, createdAt: skill.createdAt === 0 ? now() : skill.createdAt, ...change, updatedAt: now() });
      also?.();
      audit({ kind: "skill", actor, channel, subject: skill.name, ...told });
      return this.get(skill.name);
    });
  }
}

/** What it may do, in one line for the trail. */
const grantedText = (permissions: SkillPermissions): string => entriesOf(permissions).join(", ") || "no permissions";

const missing = (name: string): MargayError => new MargayError("not_found", `There is no skill called ${name}.`);
