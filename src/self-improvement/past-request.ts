/** How one call of a tool ended, as the record of calls tells it. */
export interface PastCall {
  tool: string;
  /** The skill it was made for; null: none. */
  skill: string | null;
  failed: boolean;
  /** What it failed with, a sentence; null: it did not. */
  error: string | null;
  /** Whether content from outside was about when it was called, or spoke in its error: then its arguments and the words of its error may be somebody else's wish. */
  outside: boolean;
}

/** Something that the user asked for in their own words, and what it took. */
export interface PastRequest {
  turnId: string;
  /** As it was typed. */
  text: string;
  /** UTC milliseconds. */
  at: number;
  /** The day of it in the user's zone, `2026-11-26`. */
  day: string;
  calls: readonly PastCall[];
  /** How long it took, milliseconds. */
  ms: number;
  microUsd: number;
  failed: boolean;
}
