import { covers } from "../permission/capability.ts";
import { hostMatches, readHost } from "../permission/host.ts";
import { isBelow } from "../permission/path.ts";
import { noPermissions, type SkillPermissions } from "./skill.ts";

/** What a new version asks for that the old one did not cover. null: nothing, so nobody has to be asked again. */
export function wantsMore(before: SkillPermissions, after: SkillPermissions): SkillPermissions | null {
  const more: SkillPermissions = {
    ...noPermissions(),
    capabilities: after.capabilities.filter((wanted) => !before.capabilities.some((had) => covers(had, wanted))),
    hosts: after.hosts.filter((wanted) => !before.hosts.some((had) => coversPattern(had, wanted))),
    paths: {
      read: after.paths.read.filter((wanted) => !before.paths.read.some((had) => isBelow(had, wanted))),
      write: after.paths.write.filter((wanted) => !before.paths.write.some((had) => isBelow(had, wanted))),
    },
    secrets: after.secrets.filter((wanted) => !before.secrets.includes(wanted)),
    tools: after.tools.filter((wanted) => !before.tools.includes(wanted)),
  };
  const nothing = [more.capabilities, more.hosts, more.paths.read, more.paths.write, more.secrets, more.tools].every(
    (list) => list.length === 0,
  );
  return nothing ? null : more;
}

/** Whether every host of one pattern is one of another's. A pattern of names below a name is covered only by itself or by all hosts. */
function coversPattern(had: string, wanted: string): boolean {
  if (had === wanted) return true;
  if (wanted.startsWith("*")) return had === "*" && !wanted.includes(":");
  const host = readHost(wanted);
  return host !== null && hostMatches(had, host);
}
