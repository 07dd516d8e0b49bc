import { MargayError } from "../errors.ts";
import type { WebSearch } from "./web-search.ts";

/** Searches of one user a day that the owner pays for, where `WEB_SEARCH_DAILY` says nothing else. */
export const DAILY_SEARCHES = 100;

const DAY_MS = 86_400_000;

export interface DailyLimit {
  /** Searches a day. */
  most: number;
  /** UTC milliseconds. */
  now(): number;
  /** How many searches of the user were begun since a moment (UTC milliseconds), the one that is about to be made included. */
  begun(since: number): number;
}

/** An engine that the owner pays for, with a limit for each user. A day is one of UTC: a user can change their own time zone. Throws `rate_limited`, before the engine is asked. */
export function withDailyLimit(engine: WebSearch, { most, now, begun }: DailyLimit): WebSearch {
  return {
    name: engine.name,
    async search(request) {
      const at = now();
      if (begun(at - (at % DAY_MS)) > most)
        throw new MargayError(
          "rate_limited",
          `The owner of this Margay pays for ${most === 1 ? "1 search" : `${most} searches`} a day and user, and today's are used up; there are more from midnight UTC. With a key of your own, from Brave Search (as \`brave_search\`) or Exa (as \`exa_search\`), stored under Settings → Secrets, there is no such limit.`,
        );
      return engine.search(request);
    },
  };
}
