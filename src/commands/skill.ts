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
  run(args, context) {
    const { skills } = context.ports;
    const [, verb = "", name = "", rest = ""] = /^(\S+)\s*(\S*)\s*([\s\S]*)$/u.exec(args) ?? [];
    if (args === "" || /^(?:list|ls|help)$/iu.test(args)) return skillList(skills.list());
    if (name === "") return `Which skill? Say its name, for example \`/skill ${verb} weekly-review\`. /skill shows them.`;
    switch (verb.toLowerCase()) {
      case "show":
        return skillText(skills.get(name));
      case "enable":
        return enable(name, rest, context);
      case "disable":
        return `Disabled ${skills.disable(name).skill.name}. What it was granted is taken back.`;
      case "run":
        return runScript(name, rest, context);
      default:
        return `I do not know “${verb}”. You can write:\n\n${USAGE.split("\n")
          .map((line) => `- \`${line}\``)
          .join("\n")}`;
    }
  },
};

/** Nothing is enabled that was not shown: the first time it is shown, with the words that enable exactly that. */
function enable(name: string, rest: string, { ports: { skills } }: CommandContext): string {
  const [, id = "", anyway] = /^([0-9a-f]{8,64})?\s*(anyway)?$/iu.exec(rest.trim()) ?? [];
  const detail = skills.get(name);
  const wanted = detail.skill.waiting ?? detail.skill.version;
  // Whoever makes versions can have two begin alike: then no beginning says which one was shown.
  const [version, other] = detail.versions.filter((one) => one.version.startsWith(id.toLowerCase() || "-"));
  if (id === "" || version === undefined || other !== undefined)
    return `${skillText(detail)}\n\nTo enable it with all that it asks for: \`/skill enable ${name} ${other === undefined ? wanted.slice(0, 8) : wanted}\`. To choose what it gets, use the page.`;
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
