import { z } from "zod";

/** What one answer was made from, for the page and the API. */

/** One source in a context: what, why it is there, and where it leads. */
export const ContextSource = z.object({
  /** Where it opens: a memory's id, `<document>:<position>`, a message's id; null: nowhere. */
  id: z.string().nullable(),
  /** "Lives in Oslo", "Handbook › Leave, page 4". */
  label: z.string(),
  /** Why it is there: "fits the question", "pinned", "recent". */
  why: z.string(),
  tainted: z.boolean(),
});
export type ContextSource = z.infer<typeof ContextSource>;

export const ContextPart = z.object({
  part: z.enum(["instructions", "persona", "profile", "memory", "knowledge", "archive", "summary", "messages", "tools"]),
  /** About; four characters to a token. */
  tokens: z.number().int(),
  /** Tokens it may take at most; null: no limit of its own. */
  budget: z.number().int().nullable(),
  sources: z.array(ContextSource),
});
export type ContextPart = z.infer<typeof ContextPart>;

export const ContextView = z.object({
  turn_id: z.string(),
  at: z.number().int(),
  /** Sum of the parts. */
  tokens: z.number().int(),
  parts: z.array(ContextPart),
  /** Whether anything in it is content that nobody vouches for. */
  tainted: z.boolean(),
});
export type ContextView = z.infer<typeof ContextView>;
