import { readDestination } from "./destination.ts";
import type { Effect } from "./effect.ts";
import type { UserWord } from "./user-word.ts";

/**
 * Where a destination comes from. `user`: their word. `given`: an address that a search or a fetched page gave, byte for byte. `model`: anything else, which may be
 * somebody's wish that the model read.
 */
export type Source = "user" | "given" | "model";

/** What is known about where destinations can come from, at the moment the model wrote a call. */
export interface Provenance {
  word: UserWord;
  /** Addresses that searches and fetched pages gave. */
  given: ReadonlySet<string>;
  /** How many calls of the turn went to such addresses before: what makes calls of its own goes on counting. Absent: none. */
  usedGiven?: number;
}

/**
 * Whether the model wrote an address itself: its host is named, but not this very address. What it says there may have been told to it, and so may where that goes on to.
 */
export const isComposed = (destination: string, { word, given }: Provenance): boolean =>
  !given.has(destination) && !word.wroteAddress(destination);

/**
 * Where a destination of a call comes from. To read from a host (a `write` changes the user's own data only, and reads what it writes there) it is enough that the user named the host, or that the very address was given; to send something, the
 * destination itself must be the user's word.
 */
export function sourceOf(destination: string, effect: Effect, { word, given }: Provenance): Source {
  const read = readDestination(destination);
  if (effect !== "read" && effect !== "write") return word.names(read) ? "user" : "model";
  if ((read.kind === "url" || read.kind === "host") && word.namesHost(read.host)) return "user";
  if (word.wroteAddress(destination)) return "user";
  if (given.has(destination)) return "given";
  return word.names(read) ? "user" : "model";
}
