import type { SkillStore } from "../db/object/skills.ts";
import { MargayError } from "../errors.ts";
import type { BuiltInSkill } from "./built-in-skills.ts";
import { within } from "./permission-sets.ts";
import { noPermissions } from "./skill.ts";
import type { StoredSkill, StoredVersion } from "./stored-skill.ts";
import { wantsMore } from "./wants-more.ts";

/** A skill as the user has it, whatever it comes from. */
export interface HeldSkill {
  skill: StoredSkill;
  builtIn: boolean;
  /** The version in use, or that would be. */
  current: StoredVersion;
}

export interface ShelfDeps {
  store: SkillStore;
  builtIn(): ReadonlyMap<string, BuiltInSkill>;
}

/** What there is: the skills that come with Margay, as the user decided about each, and their own. It only reads. */
export class SkillShelf {
  constructor(private readonly deps: ShelfDeps) {}

  isBuiltIn(name: string): boolean {
    return this.deps.builtIn().has(name);
  }

  /** By name. */
  all(): HeldSkill[] {
    const { store, builtIn } = this.deps;
    const rows = new Map(store.all().map((row) => [row.name, row]));
    const names = [...new Set([...builtIn().keys(), ...rows.keys()])].toSorted();
    return names.flatMap((name) => this.#held(name, rows.get(name) ?? null) ?? []);
  }

  find(name: string): HeldSkill | null {
    return this.#held(name, this.deps.store.get(name));
  }

  /** Throws `not_found` also for one that was uninstalled. */
  get(name: string): HeldSkill {
    const held = this.find(name);
    if (held === null || held.skill.uninstalledAt !== null) throw new MargayError("not_found", `There is no skill called ${name}.`);
    return held;
  }

  /** Every version, the newest first. */
  versions({ skill, builtIn, current }: HeldSkill): StoredVersion[] {
    return builtIn ? [current] : this.deps.store.versions(skill.name);
  }

  version(held: HeldSkill, version: string): StoredVersion {
    const found = held.current.version === version ? held.current : held.builtIn ? null : this.deps.store.version(held.skill.name, version);
    if (found === null) throw new MargayError("not_found", `The skill ${held.skill.name} has no such version.`);
    return found;
  }

  /** The bytes of a file; throws `not_found`. */
  bytes({ builtIn, skill: { name } }: HeldSkill, { files }: StoredVersion, path: string): Uint8Array {
    const file = files.find((one) => one.path === path);
    const bytes =
      file === undefined ? null : builtIn ? (this.deps.builtIn().get(name)?.contents.get(path) ?? null) : this.deps.store.bytes(file.hash);
    if (bytes === null) throw new MargayError("not_found", `The skill ${name} has no file ${path}.`);
    return bytes;
  }

  #held(name: string, row: StoredSkill | null): HeldSkill | null {
    const own = this.deps.builtIn().get(name);
    if (own !== undefined) return heldBuiltIn(own, row);
    const current = row && this.deps.store.version(name, row.version);
    return row && current && { skill: row, builtIn: false, current };
  }
}

/** A built-in skill is always the one of this deployment. What only reads is enabled from the start; what a newer one asks for beyond what it was granted waits. */
function heldBuiltIn({ about }: BuiltInSkill, row: StoredSkill | null): HeldSkill {
  const reads = about.risk.level === "L1";
  const decided = row ?? {
    state: reads ? ("enabled" as const) : ("new" as const),
    version: about.version,
    granted: reads ? about.permissions : noPermissions(),
    createdAt: 0,
    updatedAt: 0,
  };
  const newer = decided.state === "enabled" && decided.version !== about.version && wantsMore(decided.granted, about.permissions) !== null;
  return {
    skill: {
      ...decided,
      name: about.name,
      version: about.version,
      granted: within(decided.granted, about.permissions),
      waiting: newer ? about.version : null,
      uninstalledAt: null,
    },
    builtIn: true,
    current: {
      ...about,
      number: 1,
      origin: "built-in",
      source: "",
      trusted: true,
      tainted: false,
      used: true,
      createdAt: decided.createdAt,
    },
  };
}
