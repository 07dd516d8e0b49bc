import type { Space } from "../memory/search.ts";

/** Something that entered a context by itself, because it fits what was asked. */
export interface RecalledItem {
  part: Space;
  /** Of the memory, `<document>:<position>`, or of the message. */
  id: string;
  text: string;
  /** Where it is from, for a person and for the model: "you, 12 May 2026", "Handbook › Leave, page 4". */
  from: string;
  /** "fits the question". */
  why: string;
  tainted: boolean;
}

/** Characters that each kind may take of one request. */
export const RECALL_BUDGET: Readonly<Record<Space, number>> = { memory: 1_600, knowledge: 2_800, archive: 1_600 };

/** What fits, best first: an item that is too long for what is left is passed over. */
export function withinBudget(items: readonly RecalledItem[], budget: Readonly<Record<Space, number>> = RECALL_BUDGET): RecalledItem[] {
  const used = { memory: 0, knowledge: 0, archive: 0 };
  return items.filter(({ part, text, from }) => {
    const size = text.length + from.length + 8;
    if (used[part] + size > budget[part]) return false;
    used[part] += size;
    return true;
  });
}
