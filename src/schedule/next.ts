import { cronClock, type CronClock } from "./cron-expression.ts";
import { nthPeriod } from "./nth-period.ts";
import type { CronSpec, ScheduleSpec } from "./spec.ts";
import { changeBetween, showing, wallAt } from "./wall-clock.ts";

/** Days, weeks, months or years that count and hold no day that the expression names, one after the other, before it is given up ("29 February every third year" needs a few). */
const MAX_BARREN = 2_000;

/**
 * The first instant strictly after `after` (UTC ms) at which it is due, in an IANA zone; null: never again. Throws RangeError for an unknown zone.
 *
 * When clocks change:
 * - A fixed time of the day (no `*` in minute and hour: `30 2 * * *`, `0,30 1-3 * * *`) that is left out is due at the first instant after the gap (02:30 at 03:00), once,
 *   however many of its times the gap swallows. That also holds for a day that a zone left out. One that comes twice is due the first time only.
 * - What comes every so often (`*` in minute or hour: `0 * * * *`, `*\/15 * * * *`, `*\/20 2 * * *`) is due whenever the clock shows it: not in the gap, and in both passes of an hour
 *   that comes twice. So every hour is every real hour.
 * - `every` counts time as it passes and knows no clocks.
 */
export function nextAfter(spec: ScheduleSpec, after: number, timeZone: string): number | null {
  const at = firstAfter(spec, after, timeZone);
  return at !== null && "until" in spec && spec.until !== null && at > spec.until ? null : at;
}

function firstAfter(spec: ScheduleSpec, after: number, timeZone: string): number | null {
  switch (spec.kind) {
    case "once":
      return spec.at > after ? spec.at : null;
    case "every":
      return after < spec.anchor ? spec.anchor : spec.anchor + (Math.floor((after - spec.anchor) / spec.ms) + 1) * spec.ms;
    case "cron": {
      const since = spec.from === undefined ? after : Math.max(after, spec.from - 1);
      let first: number | null = null;
      for (const expression of [spec.expression, ...(spec.also ?? [])]) {
        const clock = cronClock(expression);
        const next = clock.fixed ? nextFixed(spec, clock, since, timeZone) : nextFrequent(spec, clock, since, timeZone);
        if (next !== null && (first === null || next < first)) first = next;
      }
      return first;
    }
  }
}

/** The next `count`, in order; fewer where it ends before. */
export function upcoming(spec: ScheduleSpec, after: number, timeZone: string, count: number): number[] {
  const found: number[] = [];
  let from = after;
  while (found.length < count) {
    const next = nextAfter(spec, from, timeZone);
    if (next === null) break;
    found.push(next);
    from = next;
  }
  return found;
}

/** The instants in (after, until] at which it was due, the first `max` of them: for runs that were missed. */
export function missedBetween(spec: ScheduleSpec, after: number, until: number, timeZone: string, max: number): number[] {
  const found: number[] = [];
  let from = after;
  while (found.length < max) {
    const next = nextAfter(spec, from, timeZone);
    if (next === null || next > until) break;
    found.push(next);
    from = next;
  }
  return found;
}

/** The first reading after `wall` that the expression names and that lies in a period that counts. */
function nextReading(spec: CronSpec, clock: CronClock, wall: number, timeZone: string): number | null {
  let reading = clock.after(wall);
  for (let barren = 0; reading !== null && spec.nth && barren < MAX_BARREN; barren++) {
    const period = nthPeriod(reading, spec.nth, timeZone);
    if (period.counts) return reading;
    reading = clock.after(period.next - 1_000);
  }
  return spec.nth ? null : reading;
}

/** Instants come in the order of their readings here, a reading that was left out having its gap's end. */
function nextFixed(spec: CronSpec, clock: CronClock, after: number, timeZone: string): number | null {
  for (let reading = nextReading(spec, clock, wallAt(after, timeZone), timeZone); reading !== null;) {
    const shown = showing(reading, timeZone);
    const at = shown.kind === "once" ? shown.at : shown.kind === "twice" ? shown.first : shown.end;
    if (at > after) return at;
    // `after` is in the second pass of an hour, and this was due in the first.
    reading = nextReading(spec, clock, reading, timeZone);
  }
  return null;
}

function nextFrequent(spec: CronSpec, clock: CronClock, after: number, timeZone: string): number | null {
  const wall = wallAt(after, timeZone);
  const here = showing(wall, timeZone);
  if (here.kind === "twice" && after < here.second) {
    // In the first pass of an hour: what is left of it, else its second pass, which starts at an earlier reading than now.
    const change = changeBetween(after, here.second, timeZone);
    const first = nextReading(spec, clock, wall, timeZone);
    if (first !== null && first - wall < change - after) return after + (first - wall);
    const start = wallAt(change, timeZone);
    const second = nextReading(spec, clock, start - 1_000, timeZone);
    if (second === null) return null;
    return second - start < here.second - here.first ? change + (second - start) : firstShown(second - 1_000);
  }
  return firstShown(wall);

  function firstShown(from: number): number | null {
    for (let reading = nextReading(spec, clock, from, timeZone); reading !== null;) {
      const shown = showing(reading, timeZone);
      if (shown.kind === "once") return shown.at;
      if (shown.kind === "twice") return shown.first > after ? shown.first : shown.second;
      // The whole gap at once: a day that was left out has 1,440 minutes.
      reading = nextReading(spec, clock, wallAt(shown.end, timeZone) - 1_000, timeZone);
    }
    return null;
  }
}
