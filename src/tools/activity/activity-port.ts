/** One thing the agent did or asked, as tools see it. */
export interface ActivityEntry {
  /** UTC milliseconds. */
  at: number;
  tool: string | null;
  /** Such as `done`, `denied`, `approved`. */
  event: string;
  summary: string;
  destinations: readonly string[];
  /** Whether content from outside had a part in it: what is told of it may be its words. */
  tainted: boolean;
}

/** The audit trail, as tools read it. */
export interface ActivityPort {
  /** Newest first, at most `limit`. `sent`: what left for others; `asked`: what the user was asked; `done`: whatever tools did. */
  list(query: { what: "sent" | "asked" | "done"; since: number; text?: string | undefined; limit: number }): ActivityEntry[];
}
