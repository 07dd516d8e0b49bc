import { toLocal } from "../dates/zone.ts";
import { cronClock } from "./cron-expression.ts";
import { missedBetween, nextAfter } from "./next.ts";
import type { ScheduleSpec } from "./spec.ts";

/** Later than this it was missed: an alarm is a little late at times, and nobody minds. */
export const LATE_MS = 120_000;
/** Nothing is due more often. */
export const MIN_GAP_MS = 60_000;

const HOUR_MS = 3_600_000;
/** Missed times that are counted. */
const MAX_COUNTED = 500;

/** What the clock says of something whose time has come. */
export interface DueTimes {
  /** The latest time at which it was due. */
  due: number;
  /** Whether that one was missed. */
  late: boolean;
  /** How many times before it were missed, at most {@link MAX_COUNTED}. */
  earlier: number;
  /** The next time; null: there is none. */
  next: number | null;
}

/** `since` is the first time at which it was due and did not run, `now` or earlier. */
export function dueTimes(spec: ScheduleSpec, since: number, now: number, timeZone: string): DueTimes {
  const missed = missedBetween(spec, since, now, timeZone, MAX_COUNTED);
  // More than are counted: the latest is looked for near the end.
  const latest = missed.length < MAX_COUNTED ? missed.at(-1) : (recent(spec, now, timeZone) ?? missed.at(-1));
  const due = latest ?? since;
  return {
    due,
    late: now - due > LATE_MS,
    earlier: missed.length,
    next: nextAfter(spec, Math.max(now, due + MIN_GAP_MS - 1), timeZone),
  };
}

function recent(spec: ScheduleSpec, now: number, timeZone: string): number | undefined {
  for (const back of [HOUR_MS, 24 * HOUR_MS]) {
    const found = missedBetween(spec, now - back, now, timeZone, 2 * MAX_COUNTED * 24).at(-1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A time that something ran at, and the zone that it was counted in. */
export interface LastDue {
  at: number;
  timeZone: string;
}

/** The next time in another zone. A time of the day that came already on that day does not come again because its user went west. */
export function nextElsewhere(spec: ScheduleSpec, last: LastDue | null, now: number, timeZone: string): number | null {
  const next = nextAfter(spec, now, timeZone);
  if (next === null || last === null || spec.kind !== "cron" || !cronClock(spec.expression).fixed) return next;
  const same = JSON.stringify(toLocal(next, timeZone)) === JSON.stringify(toLocal(last.at, last.timeZone));
  return same ? nextAfter(spec, next, timeZone) : next;
}
