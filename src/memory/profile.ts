import type { StoredMemory } from "./stored-memory.ts";

/** Characters of the block that is in every context. */
export const PROFILE_CHARS = 1_200;

export interface ProfileBlock {
  /** Empty: nothing is known yet. */
  text: string;
  /** The memories that it is made of. */
  ids: string[];
}

/**
 * The block about the user that is in every context: what is pinned, then the profile, each oldest first. The same memories give the same bytes, so that prompt caches hit. What content
 * from outside had a part in is not in it, pinned or not.
 */
export function profileOf(memories: readonly StoredMemory[], limit = PROFILE_CHARS): ProfileBlock {
  const clean = memories.filter(({ tainted }) => !tainted);
  const ordered = [...clean.filter(({ pinned }) => pinned), ...clean.filter(({ pinned }) => !pinned)];
  const lines: string[] = [];
  const ids: string[] = [];
  let used = 0;
  for (const { id, text } of ordered) {
    const line = `- ${text.replaceAll(/\s+/gu, " ").trim()}`;
    if (used + line.length + 1 > limit) continue;
    used += line.length + 1;
    lines.push(line);
    ids.push(id);
  }
  return { text: lines.join("\n"), ids };
}
