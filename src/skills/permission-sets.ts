import { noPermissions, type SkillPermissions } from "./skill.ts";
import { wantsMore } from "./wants-more.ts";

/** Whether nothing is in it. */
export const emptySet = (set: SkillPermissions): boolean => wantsMore(noPermissions(), set) === null;

/** What of a set lies within another. */
export function within(set: SkillPermissions, limit: SkillPermissions): SkillPermissions {
  const kept = <T>(list: readonly T[], alone: (one: T) => SkillPermissions): T[] =>
    list.filter((one) => wantsMore(limit, alone(one)) === null);
  const none = noPermissions();
  return {
    capabilities: kept(set.capabilities, (one) => ({ ...none, capabilities: [one] })),
    hosts: kept(set.hosts, (one) => ({ ...none, hosts: [one] })),
    paths: {
      read: kept(set.paths.read, (one) => ({ ...none, paths: { read: [one], write: [] } })),
      write: kept(set.paths.write, (one) => ({ ...none, paths: { read: [], write: [one] } })),
    },
    secrets: kept(set.secrets, (one) => ({ ...none, secrets: [one] })),
    tools: kept(set.tools, (one) => ({ ...none, tools: [one] })),
  };
}

/** Every entry in one line each, for a refusal. */
export const entriesOf = ({ capabilities, hosts, paths, secrets, tools }: SkillPermissions): string[] => [
  ...capabilities,
  ...hosts,
  ...paths.read.map((path) => `read ${path}`),
  ...paths.write.map((path) => `write ${path}`),
  ...secrets.map((name) => `the secret ${name}`),
  ...tools,
];
