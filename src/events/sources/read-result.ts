import type { Incoming } from "../incoming.ts";

/**
 * What one look at a feed or page brought. `snapshot` is kept for the next look; `events` are new, as far as the snapshot tells: the first look learns and brings none. `known`: keys of what is there and counts as seen, such as the
 * entries of a feed at the first look.
 */
export type ReadResult =
  | { ok: true; events: Incoming[]; known: string[]; snapshot: string }
  | { ok: false; /** A sentence. */ why: string };
