import type { SkillView } from "../skills/shapes.ts";
import { skillList, skillText } from "../skills/skill-text.ts";
import type { Command, CommandContext } from "./command.ts";
import { MargayError } from "../errors.ts";
import { z } from "zod";

const USAGE = [
  "/skill",
  "/skill show weekly-review",
  "/skill enable weekly-review 1a2b3c4d: the version that was shown",
  "/skill disable weekly-review",
  '/skill run timesheet scripts/hours.js {"title": "May", "entries": []}',
].join("\n");

export const skill: Command = {
  name: "skill",
  description: "Skills: list, show, enable, disable, run",
  usage: USAGE,
  also: ["skills"],
  run(args, context) {
    const { skills } = context.ports;
    const all = skills.list();
    if (args === "" || /^(?:list|ls|help)$/iu.test(args)) return skillList(all);
    const [, verb = "", after = ""] = /^(\S+)\s*([\s\S]*)$/u.exec(args) ?? [];
    const does = VERBS.find((one) => one === verb.toLowerCase());
    if (does === undefined) {
      const meant = namedSkill(args, all);
      if (meant.rest === "" && all.some(({ name }) => name === meant.name)) return skillText(skills.get(meant.name));
      return `I do not know “${verb}”. You can write:\n\n${USAGE.split("\n")
        .map((line) => `- \`${line}\``)
        .join("\n")}`;
    }
    if (after === "") return `Which skill? Say its name, for example \`/skill ${does} weekly-review\`. /skill shows them.`;
    const { name, rest } = namedSkill(after, all);
    switch (does) {
      case "show":
        return skillText(skills.get(name));
      case "enable":
        return enable(name, rest, context);
      case "disable":
        if (skills.get(name).skill.state !== "enabled") return `${name} is not enabled.`;
        return `Disabled ${skills.disable(name).skill.name}. What it was granted is taken back.`;
      case "run":
        return runScript(name, rest, context);
    }
  },
};

const VERBS = ["show", "enable", "disable", "run"] as const;
/** Words that a title has at most, as people write it. */
const TITLE_WORDS = 8;

/** The skill that is meant at the beginning of a text, by its name or as the page shows it ("Weekly review"), and what follows. One that is not there is the first word. */
function namedSkill(text: string, all: readonly Pick<SkillView, "name" | "title">[]): { name: string; rest: string } {
  const ends = [...text.matchAll(/\S+/gu)].map(({ index, 0: word }) => index + word.length);
  for (const end of ends.slice(0, TITLE_WORDS).toReversed()) {
    const written = text.slice(0, end).trim().toLowerCase();
    const meant = all.find(({ name, title }) => name === written.replaceAll(/\s+/gu, "-") || title.toLowerCase() === written);
    if (meant !== undefined) return { name: meant.name, rest: text.slice(end).trim() };
  }
  const end = ends[0] ?? 0;
  return { name: text.slice(0, end).trim(), rest: text.slice(end).trim() };
}

/** Nothing is enabled that was not shown: the first time it is shown, with the words that enable exactly that. */
function enable(name: string, rest: string, { ports: { skills } }: CommandContext): string {
  const [, id = "", anyway] = /^([0-9a-f]{8,64})?\s*(anyway)?$/iu.exec(rest.trim()) ?? [];
  const detail = skills.get(name);
  const wanted = detail.skill.waiting ?? detail.skill.version;
  // Whoever makes versions can have two begin alike: then no beginning says which one was shown.
  const [version, other] = detail.versions.filter((one) => one.version.startsWith(id.toLowerCase() || "-"));
  if (id === "" || version === undefined || other !== undefined)
    return `${id !== "" && version === undefined ? `No version of ${name} begins with ${id}.\n\n` : ""}${skillText(detail)}\n\nTo enable it with all that it asks for: \`/skill enable ${name} ${other === undefined ? wanted.slice(0, 8) : wanted}\`. To choose what it gets, use the page.`;
  skills.enable(name, { version: version.version, permissions: version.permissions, acknowledge: anyway !== undefined, trust: true });
  return `Enabled ${name}. It can be used from your next message on.`;
}

async function runScript(name: string, rest: string, { ports }: CommandContext): Promise<string> {
  const [, script = "", text = ""] = /^(\S+)\s*([\s\S]*)$/u.exec(rest) ?? [];
  if (script === "") return `Which program? \`/skill show ${name}\` lists them.`;
  const { output, summary, status } = await ports.callTool("run_skill_script", { skill: name, script, args: argsOf(text) });
  if (status === "waiting") return `${summary}. It waits for your answer: /approvals`;
  if (status !== "done") throw new MargayError(status === "denied" ? "forbidden" : "invalid_request", summary);
  const shown = typeof output === "string" ? output : JSON.stringify(output, null, 2);
  return `${summary}\n\n\`\`\`\n${shown.slice(0, 3_000).toWellFormed().replaceAll("```", "ˋˋˋ")}\n\`\`\``;
}

function argsOf(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new MargayError("invalid_request", 'Write the arguments as JSON, such as {"title": "May"}.');
  }
}
