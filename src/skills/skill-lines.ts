import type { HeldSkill } from "./held-skill.ts";
import { oneLine } from "./plain-text.ts";
import type { SkillUsage } from "./shapes.ts";

/** Characters that the list of skills may take in the fixed prompt: about 250 tokens. */
export const SKILL_LINES = 1_000;
const HEAD = "Skills say how to do something well. Before you do such a thing, read its skill (use_skill {name}) and follow it:";
/** Characters of a description. */
const LINE = 90;

/** The skills that are listed, and the text; empty: none is enabled. */
export interface SkillLines {
  names: string[];
  text: string;
}

/**
 * One line for each enabled skill, as many as there is room for: those used most first, the others by name alone. A description that the user has not accepted is left out: it would stand where instructions stand.
 */
export function skillLines(enabled: readonly HeldSkill[], usage: ReadonlyMap<string, SkillUsage>, most = SKILL_LINES): SkillLines {
  if (enabled.length === 0) return { names: [], text: "" };
  const uses = ({ skill }: HeldSkill): number => (usage.get(skill.name)?.reads ?? 0) + (usage.get(skill.name)?.runs ?? 0);
  const ranked = enabled.toSorted((a, b) => uses(b) - uses(a) || (a.skill.name < b.skill.name ? -1 : 1));
  const lines = new Map<string, string>();
  let room = most - HEAD.length - "\nand 200 more".length;
  for (const held of ranked) {
    const line = `- ${held.skill.name}`;
    if (line.length + 1 > room) break;
    room -= line.length + 1;
    lines.set(held.skill.name, line);
  }
  for (const held of ranked) {
    const line = lines.get(held.skill.name);
    const full = skillLine(held);
    if (line === undefined || full.length - line.length > room) continue;
    room -= full.length - line.length;
    lines.set(held.skill.name, full);
  }
  const names = [...lines.keys()].toSorted();
  const left = enabled.length - names.length;
  return { names, text: [HEAD, ...names.map((name) => lines.get(name)), ...(left === 0 ? [] : [`and ${left} more`])].join("\n") };
}

/** What one is for, in a line. */
export function skillLine({ skill, current }: HeldSkill): string {
  if (!current.trusted) return `- ${skill.name}`;
  const text = oneLine(current.description);
  const [first = ""] = /^[^.!?]{10,}?[.!?](?=\s|$)/u.exec(text) ?? [text];
  return `- ${skill.name}: ${
    first.length <= LINE
      ? first
      : `${first
          .slice(0, LINE - 1)
          .toWellFormed()
          .trimEnd()}…`
  }`;
}
