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
  const put = (held: HeldSkill, line: string, limit: number): boolean => {
    const more = line.length + 1 - (lines.has(held.skill.name) ? (lines.get(held.skill.name)?.length ?? 0) + 1 : 0);
    if (more > limit) return false;
    room -= more;
    lines.set(held.skill.name, line);
    return true;
  };
  // The first ones in full, then every name that there is room for, then more of them in full.
  const half = room / 2;
  for (const held of ranked) if (!put(held, skillLine(held), room - half)) break;
  for (const held of ranked) if (!lines.has(held.skill.name)) put(held, `- ${held.skill.name}`, room);
  for (const held of ranked) if (lines.has(held.skill.name)) put(held, skillLine(held), room);
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
