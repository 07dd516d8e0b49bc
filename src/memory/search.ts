/**
 * The search index of one user: memories, pieces of documents, and the conversation archive, each a space of its own. It lives in the user's object and can be made again
 * from the records at any time. Nothing of another user is ever in it.
 */

export type Space = "memory" | "knowledge" | "archive";

export interface SearchEntry {
  space: Space;
  /** Unique within its space. */
  id: string;
  text: string;
  /** What it stands under, such as a document's title and headings; counts more than the text. */
  heading?: string;
  /** What it is a part of (a document, a session of conversation): the parts of a group support each other. null: it stands alone. */
  group: string | null;
  /** Its place in the group, from 0. */
  position: number;
  /** When it was said, or the time that it is about, UTC milliseconds; null: no time. */
  at: number | null;
}

export interface SearchQuery {
  /** As the user said it. */
  text: string;
  spaces: readonly Space[];
  /** Hits at most. */
  limit: number;
  /** UTC milliseconds: "last week" is said of this moment. */
  now: number;
  /** The user's IANA zone. */
  timeZone: string;
  /** Default `hybrid`. */
  mode?: "lexical" | "vector" | "hybrid";
  /** Only parts of these groups; absent: all. */
  groups?: readonly string[];
  /** How long vectors may take when they come from elsewhere, milliseconds: later the words alone answer. */
  waitMs?: number;
}

export interface SearchHit {
  space: Space;
  id: string;
  group: string | null;
  text: string;
  at: number | null;
  /** Comparable within one answer only; higher is better. */
  score: number;
  /** What spoke for it. */
  why: readonly ("words" | "meaning" | "time")[];
}

export interface SearchIndex {
  /** Adds or replaces entries by space and id. Synchronous, so that it can be part of a transaction; vectors follow with `embed()`. */
  put(entries: readonly SearchEntry[]): void;
  delete(space: Space, ids: readonly string[]): void;
  deleteGroup(space: Space, group: string): void;
  clear(space: Space): void;
  /** Makes sure that nothing of what was deleted is left in the index's own storage. Dear; for what was forgotten. */
  purge(spaces: readonly Space[]): void;
  count(space: Space): number;
  /** Where an entry stands; null: there is none. */
  place(space: Space, id: string): { group: string | null; position: number } | null;
  /** Best first. An empty or meaningless query finds nothing. Never throws for what `text` holds. */
  search(query: SearchQuery): Promise<SearchHit[]>;
  /** Gives vectors to entries that have none of the embedder in use, at most `limit`; how many are left. Safe to repeat at any point. */
  embed(limit: number): Promise<{ done: number; left: number }>;
  /** How far the vectors are. */
  progress(): { entries: number; embedded: number; embedder: string };
}
