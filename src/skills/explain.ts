import { readCapability } from "../permission/capability.ts";
import type { Skill, SkillPermissions } from "./skill.ts";

/** What a kind of capability means to a person. */
const WORDS: Readonly<Record<string, string>> = {
  "todos.read": "read your to-dos",
  "todos.write": "change your to-dos",
  "memory.read": "read what is remembered about you",
  "memory.write": "remember things about you",
  "knowledge.read": "read your documents",
  "knowledge.write": "add to your documents",
  "schedule.read": "see your schedules and reminders",
  "schedule.write": "make schedules and reminders",
  "tasks.read": "see your tasks",
  "tasks.write": "start and end tasks",
  "plans.read": "see your plans",
  "plans.write": "make and run plans",
  "activity.read": "see what was done and asked",
  "listener.read": "see what you listen to",
  "listener.write": "listen to events",
  "settings.propose": "propose changes to your settings",
  "web.search": "search the web",
  "net.fetch": "open addresses on the network",
  "browser.use": "use a browser",
  "email.send": "send mail",
  "secrets.use": "use your stored secrets",
  "code.run": "run programs",
  "shell.run": "run commands in a Linux",
  "package.install": "install packages in a Linux",
  "skills.use": "use your skills",
  "skills.propose": "propose skills",
  "files.read": "read your files",
  "files.write": "write your files",
  "files.delete": "delete your files",
};

/** Of some, what it means where it is not limited. */
const ANY: Readonly<Record<string, string>> = {
  "net.fetch": "open any address on the network",
  "email.send": "send mail to anybody",
  "secrets.use": "use any of your stored secrets",
};

/** What a skill will be able to do once it is enabled with all that it asks for, and what it brings, in sentences. */
export function explainSkill({ permissions, files, needs }: Pick<Skill, "permissions" | "files" | "needs">): string[] {
  const sentences = explainPermissions(permissions);
  if (sentences.length === 0) sentences.push("It asks for no permissions: it is instructions that your agent reads.");
  const scripts = files.filter(({ kind }) => kind === "script").map(({ path }) => path);
  if (scripts.length > 0)
    sentences.push(
      `It brings ${scripts.length === 1 ? "a program" : `${scripts.length} programs`}: ${few(scripts)}. Adding it runs ${scripts.length === 1 ? "nothing" : "none of them"}.`,
    );
  if (needs.environment.length > 0)
    sentences.push(`It expects to be given ${few(needs.environment)}. It gets none of your secrets unless you say so.`);
  if (needs.programs.length > 0) sentences.push(`It expects these programs to be installed: ${few(needs.programs)}.`);
  if (needs.tools.length > 0)
    sentences.push(`It was written for tools of another agent: ${few(needs.tools)}. Naming them gives it nothing here.`);
  return sentences;
}

/** One sentence for each thing that is asked for, or that it has. */
export function explainPermissions(
  { capabilities, hosts, paths, secrets, tools }: SkillPermissions,
  may: "wants to" | "may" = "wants to",
): string[] {
  const sentences = capabilities.map((capability) => explainCapability(capability, may));
  if (hosts.includes("*")) sentences.push(`It ${may} reach any address on the network.`);
  else if (hosts.length > 0) sentences.push(`It ${may} reach these addresses, and no others: ${hosts.join(", ")}.`);
  if (paths.read.length > 0) sentences.push(`It ${may} read your files in ${paths.read.join(", ")}.`);
  if (paths.write.length > 0) sentences.push(`It ${may} write your files in ${paths.write.join(", ")}.`);
  if (secrets.length > 0) sentences.push(`It ${may} use these of your secrets: ${secrets.join(", ")}.`);
  if (tools.length > 0) sentences.push(`It ${may} use these tools: ${tools.join(", ")}.`);
  return sentences;
}

function explainCapability(capability: string, may: "wants to" | "may"): string {
  const read = readCapability(capability);
  const words = read !== null && Object.hasOwn(WORDS, read.kind) ? WORDS[read.kind] : undefined;
  if (read === null || words === undefined) return `It wants "${capability}", which is not known here.`;
  if (read.scope === "*") return `It ${may} ${ANY[read.kind] ?? words}.`;
  return read.scope === null ? `It ${may} ${words}.` : `It ${may} ${words}, within: ${read.scope}.`;
}

const few = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 6).join(", ")} and ${names.length - 6} more`;
