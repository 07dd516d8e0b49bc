import type { ToolOutcome } from "./compiled-tool.ts";

/** What a call had read, and how many addresses that were given it had used, when it ended by an error. */
export type ReadBefore = Pick<ToolOutcome, "untrusted" | "suspicious"> & { usedGiven: number };

const NOTED = new WeakMap<object, ReadBefore>();

/** Notes it beside the error, which stays what it is and is given back. */
export function withRead(error: unknown, read: ReadBefore): unknown {
  if (typeof error === "object" && error !== null) NOTED.set(error, read);
  return error;
}

/** null: nothing is noted. */
export const readBefore = (error: unknown): ReadBefore | null =>
  typeof error === "object" && error !== null ? (NOTED.get(error) ?? null) : null;
