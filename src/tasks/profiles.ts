import type { ProfileRow, ProfileStore } from "../db/object/profiles.ts";
import { MargayError } from "../errors.ts";
import { covers } from "../permission/capability.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import { BUILT_IN_PROFILES } from "./built-in-profiles.ts";
import { COORDINATOR_CAPABILITIES, COORDINATOR_ONLY, DEFAULT_LIMITS, type Profile } from "./profile.ts";
import type { ProfileInput, ProfileList, ProfilePatch, ProfileView } from "./shapes.ts";

/** Profiles that one user may make. */
export const MAX_PROFILES = 50;

export interface ProfilesDeps {
  store: ProfileStore;
  /** The tools there are now. */
  tools(): readonly CompiledTool[];
  /** What the user has granted. */
  granted(): readonly string[];
  /** A line for the trail. */
  changed(name: string, summary: string): void;
  transaction<T>(work: () => T): T;
  now(): number;
}

/** The kinds of executors that a user has: the built-in ones and their own. */
export class Profiles {
  constructor(private readonly deps: ProfilesDeps) {}

  /** null: there is none of that name. */
  find(name: string): Profile | null {
    return builtIn(name) ?? this.deps.store.get(name);
  }

  list(): ProfileList {
    const capabilities = this.deps.granted().filter((capability) => !COORDINATOR_CAPABILITIES.test(capability));
    return {
      profiles: [...BUILT_IN_PROFILES.map((profile) => view(profile, null)), ...this.deps.store.all().map((row) => view(row, row))],
      choices: { tools: this.#choices().map(({ name, description }) => ({ name, description })), capabilities },
    };
  }

  get(name: string): ProfileView {
    const profile = builtIn(name);
    return profile ? view(profile, null) : this.#own(name);
  }

  add(input: ProfileInput): ProfileView {
    const { store, now } = this.deps;
    if (builtIn(input.name)) throw new MargayError("conflict", `${input.name} is a profile of Margay's own. Choose another name.`);
    if (store.get(input.name)) throw new MargayError("conflict", `There is a profile called ${input.name} already.`);
    if (store.all().length >= MAX_PROFILES)
      throw new MargayError("conflict", `There are ${MAX_PROFILES} profiles already. Delete one that is not used.`);
    return this.#put({ ...input, createdAt: now() }, "made");
  }

  update(name: string, patch: ProfilePatch): ProfileView {
    if (builtIn(name))
      throw new MargayError("forbidden", `${name} is a profile of Margay's own and stays as it is. Make one of your own beside it.`);
    const known = this.deps.store.get(name) ?? missing(name);
    return this.#put({ ...known, ...patch, limits: { ...known.limits, ...patch.limits } }, "changed");
  }

  /** Tasks that were begun with it go on as they were. */
  delete(name: string): ProfileView {
    if (builtIn(name)) throw new MargayError("forbidden", `${name} is a profile of Margay's own and cannot be deleted.`);
    const gone = this.#own(name);
    this.deps.transaction(() => {
      this.deps.store.delete(name);
      this.deps.changed(name, `Profile ${name} deleted`);
    });
    return gone;
  }

  #own(name: string): ProfileView {
    const row = this.deps.store.get(name) ?? missing(name);
    return view(row, row);
  }

  #choices(): CompiledTool[] {
    return this.deps.tools().filter((tool) => !COORDINATOR_ONLY.has(tool.name));
  }

  #put(input: Omit<ProfileInput, "limits"> & { limits: ProfilePatch["limits"]; createdAt: number }, what: string): ProfileView {
    const { store, now, granted, transaction, changed } = this.deps;
    const choices = new Set(this.#choices().map(({ name }) => name));
    for (const tool of input.tools)
      if (!choices.has(tool)) throw new MargayError("invalid_request", `There is no tool ${tool} that a profile could use.`);
    const have = granted().filter((capability) => !COORDINATOR_CAPABILITIES.test(capability));
    const capabilities = input.capabilities ?? have;
    for (const wanted of capabilities)
      if (!have.some((one) => covers(one, wanted)))
        throw new MargayError(
          "invalid_request",
          `"${wanted}" is not granted to your agent, so a profile of yours cannot use it.${/secret/iu.test(wanted) ? SIGNING_IN : ""}`,
        );
    const row: ProfileRow = {
      name: input.name,
      purpose: input.purpose,
      prompt: input.prompt,
      tier: input.tier,
      tools: [...new Set(input.tools)],
      capabilities: [...new Set(capabilities)],
      limits: { ...DEFAULT_LIMITS, ...input.limits },
      createdAt: input.createdAt,
      updatedAt: now(),
    };
    transaction(() => {
      store.put(row);
      changed(row.name, `Profile ${row.name} ${what}`);
    });
    return view(row, row);
  }
}

const SIGNING_IN = ' To sign in with stored secrets it is "secrets.use", or "secrets.use:bank" for the one named bank.';

const builtIn = (name: string): Profile | null => BUILT_IN_PROFILES.find((profile) => profile.name === name) ?? null;

function view(profile: Profile, row: ProfileRow | null): ProfileView {
  const { name, purpose, prompt, tier, tools, capabilities, limits } = profile;
  return {
    name,
    purpose,
    prompt,
    tier,
    tools: [...tools],
    capabilities: [...capabilities],
    limits: { ...limits },
    built_in: row === null,
    created_at: row?.createdAt ?? null,
    updated_at: row?.updatedAt ?? null,
  };
}

function missing(name: string): never {
  throw new MargayError("not_found", `There is no profile called ${name}.`);
}
