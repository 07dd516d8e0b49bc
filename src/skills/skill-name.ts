import { oneLine } from "./plain-text.ts";
import { SKILL_LIMITS } from "./skill.ts";

/** A name by the standard: lower-case letters, digits, single hyphens between them. */
export const isSkillName = (name: string): boolean => name.length <= SKILL_LIMITS.name && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);

/**
 * The name a skill goes by here, of what it was given: Latin without accents, everything else a hyphen, so that no name looks like another one. Empty: nothing of it is left.
 */
export function skillName(given: string): string {
  const plain = oneLine(given)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return plain
    .slice(0, SKILL_LIMITS.name + 1)
    .replace(/^-/, "")
    .slice(0, SKILL_LIMITS.name)
    .replace(/-$/, "");
}

/** For names of which nothing is left: the same name always gets the same one. */
export function numberedName(given: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(given)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `skill-${hash.toString(16).padStart(8, "0")}`;
}
