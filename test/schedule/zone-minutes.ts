/**
 * Every minute of some years in one zone, by asking the runtime what its clocks show: an independent account of when a reading comes, with no search and no arithmetic of the
 * product's. Offsets are asked for every hour, and for every minute of an hour in which they change.
 */
export interface ZoneMinutes {
  readonly timeZone: string;
  /** UTC minutes. */
  readonly start: number;
  readonly end: number;
  /** The UTC minutes at which clocks changed: the first minute with the new offset. */
  readonly changes: readonly number[];
  /** The UTC minute at which the clock shows a reading for the first time. A reading is in minutes too, as if it were UTC. */
  first(wall: number): number;
  second(wall: number): number;
}

const HOUR = 60;
/** A minute that lies in no array. */
export const NEVER = -1;

export function zoneMinutes(timeZone: string, from: number, to: number): ZoneMinutes {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short", hourCycle: "h23" });
  const wallOf = (minute: number): number => {
    const [day = 0, month = 0, year = 0, hour = 0, min = 0] = (format.format(minute * 60_000).match(/\d+/g) ?? []).map(Number);
    return Date.UTC(year, month - 1, day, hour, min) / 60_000;
  };
  const [start, end] = [from / 60_000, to / 60_000];
  const margin = 4 * 24 * HOUR;
  const base = start - 2 * margin;
  const first = new Int32Array(end - start + 4 * margin).fill(NEVER);
  const second = new Int32Array(first.length).fill(NEVER);
  const changes: number[] = [];
  const note = (minute: number, wall: number): void => {
    const index = wall - base;
    if (first[index] === NEVER) first[index] = minute;
    else second[index] = minute;
  };
  let reading = wallOf(start - margin);
  for (let minute = start - margin; minute < end + margin; minute += HOUR) {
    const after = wallOf(minute + HOUR);
    const steady = after === reading + HOUR;
    for (let one = minute; one < minute + HOUR; one++) {
      const next = steady ? reading + 1 : wallOf(one + 1);
      if (next !== reading + 1) changes.push(one + 1);
      note(one, reading);
      reading = next;
    }
  }
  return {
    timeZone,
    start,
    end,
    changes: changes.filter((minute) => minute >= start && minute < end),
    first: (wall) => first[wall - base] ?? NEVER,
    second: (wall) => second[wall - base] ?? NEVER,
  };
}
