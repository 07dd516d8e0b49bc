import type { Change } from "./shapes.ts";

/** Something the heartbeat looks at, without a model and without leaving the object. */
export interface HeartbeatSource {
  /**
   * `changes`: what may be worth a word at an instant, UTC milliseconds: also what was there before, by the same ids. `next`: when there may be more, if nothing else happens until then: a later
   * instant; null: then never.
   */
  look(now: number): { changes: Change[]; next: number | null };
}

/** The first of some instants that is still to come. */
export function earliest(instants: readonly number[], now: number): number | null {
  const later = instants.filter((one) => one > now);
  return later.length === 0 ? null : Math.min(...later);
}
