import type { ExampleCall } from "../db/object/past-requests.ts";
import type { Finding } from "./finding.ts";

/** One time that shows what was found. */
export interface Example {
  /** What the user typed. */
  text: string;
  calls: readonly ExampleCall[];
}

const MAX_TEXT = 600;
const MAX_INPUT = 200;
const MAX_CALLS = 25;

/** What the executor that works on a finding is told: what was counted, how it went, and what to do. Nothing in it is content from outside. */
export function taskText(finding: Finding, examples: readonly Example[], skills: readonly { name: string; description: string }[]): string {
  const known = skills.map(({ name, description }) => `- ${name}: ${cut(description, 120)}`).join("\n");
  return [
    `Improve how the user's agent works: ${WHAT[finding.kind]}`,
    `What was counted: ${finding.title}.`,
    examples.map(exampleText).join("\n\n"),
    `Skills there are:\n${known === "" ? "none" : known}`,
    finding.skill === null ? NEW : `Change the skill ${finding.skill}: read it first with use_skill, all files that matter.`,
    HOW,
  ].join("\n\n");
}

const WHAT: Readonly<Record<Finding["kind"], string>> = {
  repeated: "something is asked for again and again, and worked out anew each time.",
  failing: "something fails again and again in the same way.",
  slow: "something that is asked for again takes many steps or much money each time.",
};

const NEW = "Look first whether one of the skills there does it and should be changed; otherwise write a new one.";

const HOW = `Write as little as does it: SKILL.md with name, one line that says when to use it, and steps with the agent's tools; a program in scripts/*.js where things are counted or the same calls are made every time. Ask for no permission that the examples do not need. Then call try_skill with all files and, for programs, arguments like those of the examples; mend what it finds and try again. Last call save_skill once, with a rationale of two or three sentences: what was seen, what changes, what it saves. The user decides. If a skill would not help, save nothing and say why.`;

function exampleText({ text, calls }: Example): string {
  const lines = calls.slice(0, MAX_CALLS).map(({ tool, input, failed, error, outside }) => {
    const ended = failed ? ` failed${outside ? "" : `: ${cut(error ?? "", 160)}`}` : "";
    return `- ${tool}${input === null ? "" : ` ${cut(input, MAX_INPUT)}`}${ended}`;
  });
  const rest = calls.length > MAX_CALLS ? [`- … ${calls.length - MAX_CALLS} more`] : [];
  return `The user asked: ${JSON.stringify(cut(text, MAX_TEXT))}\nThe calls for it:\n${[...lines, ...rest].join("\n") || "- none"}`;
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);
