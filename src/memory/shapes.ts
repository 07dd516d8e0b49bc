import { z } from "zod";

/** The shapes of memory in the API; the page shares them. Instants are UTC milliseconds. */

/**
 * `profile`: short, always in context. `fact`: something that holds. `episode`: something that happened. `ephemeral`: holds until `expires_at`.
 */
export const MemoryKind = z.enum(["profile", "fact", "episode", "ephemeral"]);
export type MemoryKind = z.infer<typeof MemoryKind>;

/** The longest memory, characters. */
export const MAX_MEMORY_TEXT = 1_000;

/** Where a memory comes from. */
export const MemorySource = z.object({
  /** `chat`: what was said; `document`; `import`: brought along; `page`: typed on the Memory page or over the API. */
  kind: z.enum(["chat", "document", "import", "page"]),
  /** Id of the message or document; null where there is none. */
  id: z.string().nullable(),
  /** The very words that it was made of, where it was made of some. */
  quote: z.string().max(2_000).nullable(),
  channel: z.string().nullable(),
});
export type MemorySource = z.infer<typeof MemorySource>;

export const MemoryView = z.object({
  id: z.string(),
  kind: MemoryKind,
  text: z.string(),
  /** The time it is about; null: none in particular. */
  about_at: z.number().int().nullable(),
  source: MemorySource,
  /** 0 to 1: how sure it is. What the user asked to remember is 1. */
  confidence: z.number().min(0).max(1),
  /** Made where content from outside was read: never the user's word. */
  tainted: z.boolean(),
  pinned: z.boolean(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
  /** When it last entered a conversation; null: never. */
  last_used_at: z.number().int().nullable(),
  uses: z.number().int(),
  /** The memory whose place it took. */
  replaces: z.string().nullable(),
  /** When another took its place; it can still be asked about. */
  superseded_at: z.number().int().nullable(),
  superseded_by: z.string().nullable(),
  expires_at: z.number().int().nullable(),
});
export type MemoryView = z.infer<typeof MemoryView>;

export const MemoryQuery = z.object({
  /** Plain words: found as recall finds them. Absent: newest first. */
  search: z.string().min(1).max(500).optional(),
  kind: MemoryKind.optional(),
  /** `past`: what another took the place of, and what expired. */
  state: z.enum(["current", "past", "all"]).default("current"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Of `next`. */
  cursor: z.string().max(200).optional(),
});
export type MemoryQuery = z.infer<typeof MemoryQuery>;

export const MemoryPage = z.object({
  memories: z.array(MemoryView),
  /** Pass as `cursor`; null: no more. */
  next: z.string().nullable(),
  /** How many there are, by kind, current ones only. */
  counts: z.record(MemoryKind, z.number().int()),
});
export type MemoryPage = z.infer<typeof MemoryPage>;

export const MemoryInput = z.object({
  text: z.string().trim().min(1).max(MAX_MEMORY_TEXT),
  kind: MemoryKind.default("fact"),
  about_at: z.number().int().nullable().default(null),
  expires_at: z.number().int().nullable().default(null),
  pinned: z.boolean().default(false),
});
export type MemoryInput = z.infer<typeof MemoryInput>;

export const MemoryPatch = MemoryInput.partial().extend({
  text: MemoryInput.shape.text.optional(),
  kind: MemoryKind.optional(),
  about_at: z.number().int().nullable().optional(),
  expires_at: z.number().int().nullable().optional(),
  pinned: z.boolean().optional(),
});
export type MemoryPatch = z.infer<typeof MemoryPatch>;

/** What was forgotten, and where it was looked for afterwards. */
export const Forgotten = z.object({
  /** How many memories. */
  memories: z.number().int(),
  /** How many messages had words of theirs taken out. */
  messages: z.number().int(),
  /** Whether the record, the index, the vectors and the archive were looked through again and hold none of it. False: what could not be reached yet is tried again by itself. */
  verified: z.boolean(),
  /** Skills that the agent wrote and the user said yes to, whose texts still say it. Absent: none. */
  skills: z.array(z.string()).optional(),
});
export type Forgotten = z.infer<typeof Forgotten>;

/** How memory is doing. */
export const MemoryStatus = z.object({
  /** The index: entries, how many have vectors, and of which embedder. */
  index: z.object({ entries: z.number().int(), embedded: z.number().int(), embedder: z.string() }),
  /** When the conversation was last read for what to remember; null: never. */
  last_pass_at: z.number().int().nullable(),
  /** Writes that the record has not got yet. */
  unsaved: z.number().int(),
  /** Whether the agent remembers by itself, without being told to. */
  quiet: z.boolean(),
});
export type MemoryStatus = z.infer<typeof MemoryStatus>;

/** One thing found by recall: a memory, a piece of a document, or what was said. */
export const RecallHit = z.object({
  space: z.enum(["memory", "knowledge", "archive"]),
  /** Of the memory, `<document>:<position>`, or of the message. */
  id: z.string(),
  text: z.string(),
  /** Where it is from, for a person: "You, 12 May 2026", "Handbook › Leave, page 4". */
  from: z.string(),
  at: z.number().int().nullable(),
  score: z.number(),
  tainted: z.boolean(),
});
export type RecallHit = z.infer<typeof RecallHit>;
