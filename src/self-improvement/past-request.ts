/** How one call of a tool ended, as the record of calls tells it. */
export interface PastCall {
  tool: string;
  /** The skill it was made for; null: none. */
  skill: string | null;
  failed: boolean;
  /** What it failed with, a sentence; null: it did not. */
  error: string | null;
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
