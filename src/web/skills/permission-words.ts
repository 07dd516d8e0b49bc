import type { SkillPermissions } from "../api/skills.ts";
import { toolTitle } from "../../permission/tool-title.ts";

/** One thing that a skill asks for, which can be granted or not. */
export interface Permission {
  /** Unique among those of a skill. */
  key: string;
  kind: "capability" | "host" | "read" | "write" | "secret" | "tool";
  /** As it is written in its manifest. */
  value: string;
}

/** What a kind of capability lets somebody do; absent: shown as it is written. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  "todos.read": "Read your to-dos",
  "todos.write": "Change your to-dos",
  "memory.read": "Read what is remembered about you",
  "memory.write": "Remember things about you",
  "knowledge.read": "Read your documents",
  "knowledge.write": "Add to your documents",
  "schedule.read": "See your schedules and reminders",
  "schedule.write": "Make schedules and reminders",
  "tasks.read": "See your tasks",
  "tasks.write": "Start and end tasks",
  "plans.read": "See your plans",
  "plans.write": "Make and run plans",
  "activity.read": "See what was done and asked",
  "listener.read": "See what you listen to",
  "listener.write": "Listen to pages, feeds and services",
  "settings.propose": "Propose changes to your settings",
  "web.search": "Search the web",
  "net.fetch": "Open addresses on the network",
  "browser.use": "Use a browser",
  "email.send": "Send mail",
  "secrets.use": "Use your stored secrets",
  "code.run": "Run programs",
  "shell.run": "Run commands in a Linux",
  "package.install": "Install packages in a Linux",
  "skills.use": "Use your skills",
  "skills.propose": "Propose skills",
  "files.read": "Read your files",
  "files.write": "Write your files",
  "files.delete": "Delete your files",
};

/** Of some, what they mean where they are not limited. */
const ANY: Readonly<Record<string, string>> = {
  "net.fetch": "Open any address on the network",
  "email.send": "Send mail to anybody",
  "secrets.use": "Use any of your stored secrets",
};

/** What a box or a line of these does not decide. */
export const FOR_PROGRAMS =
  "This is for its programs. What Margay does itself by its instructions, it does with its own permissions, and asks as ever.";

export function permissionsIn({ capabilities, hosts, paths, secrets, tools }: SkillPermissions): Permission[] {
  const all = (kind: Permission["kind"], values: readonly string[]): Permission[] =>
    values.map((value) => ({ key: `${kind} ${value}`, kind, value }));
  return [
    ...all("capability", capabilities),
    ...all("tool", tools),
    ...all("read", paths.read),
    ...all("write", paths.write),
    ...all("host", hosts),
    ...all("secret", secrets),
  ];
}

/** Those of a skill's permissions that were chosen, as they are granted. */
export function grantOf(asked: SkillPermissions, chosen: ReadonlySet<string>): SkillPermissions {
  const of = (kind: Permission["kind"], values: readonly string[]): string[] => values.filter((value) => chosen.has(`${kind} ${value}`));
  return {
    capabilities: of("capability", asked.capabilities),
    hosts: of("host", asked.hosts),
    paths: { read: of("read", asked.paths.read), write: of("write", asked.paths.write) },
    secrets: of("secret", asked.secrets),
    tools: of("tool", asked.tools),
  };
}

/** What it lets the skill do, as one line. */
export function permissionWords({ kind, value }: Permission): string {
  if (kind === "host") return value === "*" ? "Reach any address on the network" : `Reach ${value} on the network`;
  if (kind === "read") return `Its programs may read ${value === "/" ? "all your files" : value}`;
  if (kind === "write") return `Its programs may write in ${value === "/" ? "all your files" : value}`;
  if (kind === "secret") return `Use your secret ${value}`;
  if (kind === "tool") return `Its programs may use: ${toolTitle(value)}`;
  const [name = "", ...scope] = value.split(":");
  const words = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
  if (words === undefined) return `“${value}”, which is not known here`;
  const within = scope.join(":");
  if (within === "") return words;
  return within === "*" ? (ANY[name] ?? words) : `${words}, only ${within}`;
}

/** Whether it can do harm that cannot be taken back: such are chosen one by one. */
export const isGrave = ({ kind, value }: Permission): boolean =>
  kind === "secret" || (kind === "host" && value === "*") || (kind === "capability" && GRAVE.test(value));

/** Capabilities that reach secrets, what the user is signed in to, or their settings. */
const GRAVE = /^\s*(?:secrets\.use|browser\.use|settings\.propose)\b/u;
