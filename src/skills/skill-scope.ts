import { type Host, hostMatches } from "../permission/host.ts";
import { UserWord } from "../permission/user-word.ts";
import type { CodeAllowance } from "../sandbox/code-run.ts";
import { COORDINATOR_ONLY } from "../tasks/profile.ts";
import type { SkillPermissions } from "./skill.ts";

/** Tools that no skill's program has, whatever it was granted: they begin work that would not be held to the skill's own permissions, or change what the agent is. */
const NEVER: ReadonlySet<string> = new Set([
  ...COORDINATOR_ONLY,
  "add_document",
  "use_skill",
  "save_skill",
  "try_skill",
  "reword_skill",
  "run_skill_script",
]);

/**
 * What a skill's program has in its scope: the tools that it was granted by name, and what they may do. Each kind of permission becomes a capability, so that the kernel compares hosts, paths and secrets of every call; what is not here
 * is not there for the program. The caller's own limits come on top.
 */
export function skillScope({ capabilities, hosts, paths, secrets, tools }: SkillPermissions): CodeAllowance {
  return {
    tools: tools.filter((name) => !NEVER.has(name)),
    capabilities: [
      ...capabilities,
      ...hosts.map((host) => `net.fetch:${host}`),
      ...paths.read.map((path) => `files.read:${path}`),
      ...paths.write.map((path) => `files.write:${path}`),
      ...secrets.map((name) => `secrets.use:${name}`),
    ],
  };
}

/**
 * Whose word an address is in a program of a skill: what the user said elsewhere counts for nothing. To read from a host it is enough that they granted the skill that host, by name or with those below a name; "any host", or any of a top-level domain, names none. Nothing
 * is ever sent on their word.
 */
export class SkillWord extends UserWord {
  readonly #hosts: readonly string[];

  constructor(hosts: readonly string[]) {
    super([]);
    this.#hosts = hosts.filter((pattern) => !/^\*(?:\.[^.]*\.?)?$/u.test(pattern.trim()));
  }

  override namesHost(host: Host): boolean {
    return this.#hosts.some((pattern) => hostMatches(pattern, host));
  }
}
