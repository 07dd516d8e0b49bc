import { expect, test } from "vitest";
import { missedBetween, nextAfter, upcoming } from "../../src/schedule/next.ts";
import { ScheduleSpec } from "../../src/schedule/spec.ts";
import { type RandomCron, randomCron, seeded } from "./random-cron.ts";
import { NEVER, type ZoneMinutes, zoneMinutes } from "./zone-minutes.ts";

/** Three years, a leap day among them. */
const START = Date.UTC(2026, 5, 1);
const END = Date.UTC(2029, 5, 1);
const DAY = 86_400_000;
/** North, south with changes at midnight, half an hour, no change with half an hour, changes on a Friday's midnight, none. */
const ZONES = ["Europe/Oslo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo", "UTC"];
const SCHEDULES = 1_000;
/** Firings up to which a schedule is followed from the first to the last. Beyond, every clock change and instants from all three years are. */
const WHOLE = 40;

/** Every instant at which it is due, found by asking of every reading of every day when the zone's clocks show it. */
function everyFiring(cron: RandomCron, counts: (day: number) => boolean, zone: ZoneMinutes): number[] {
  const due = new Uint8Array(zone.end - zone.start);
  const mark = (minute: number): void => {
    if (minute >= zone.start && minute < zone.end) due[minute - zone.start] = 1;
  };
  for (let day = Math.floor(zone.start / 1_440) - 2; day <= zone.end / 1_440 + 1; day++) {
    if (!cron.isDay(day) || !counts(day)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        let wall = day * 1_440 + hour * 60 + minute;
        if (!cron.frequent) while (zone.first(wall) === NEVER) wall++;
        mark(zone.first(wall));
        if (cron.frequent) mark(zone.second(wall));
      }
    }
  }
  const found: number[] = [];
  for (let minute = due.indexOf(1); minute >= 0; minute = due.indexOf(1, minute + 1)) found.push((zone.start + minute) * 60_000);
  return found;
}

const firstAfter = (sorted: readonly number[], after: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** What a made-up "every other week" counts, in days as if they were UTC. */
function randomNth(
  random: () => number,
  zone: ZoneMinutes,
): { nth: { count: number; unit: "day" | "week" | "month" | "year"; anchor: number }; counts: (day: number) => boolean } | null {
  if (random() > 0.25) return null;
  const unit = (["day", "week", "month", "year"] as const)[Math.floor(random() * 4)] ?? "day";
  const count = 2 + Math.floor(random() * 3);
  const anchorDay = Math.floor(START / DAY) + Math.floor(random() * 900);
  const anchor = zone.first(anchorDay * 1_440 + 720) * 60_000;
  const index = (day: number): number => {
    const date = new Date(day * DAY);
    if (unit === "day") return day;
    // 5 January 1970 was a Monday.
    if (unit === "week") return Math.floor((day - 4) / 7);
    return unit === "month" ? date.getUTCFullYear() * 12 + date.getUTCMonth() : date.getUTCFullYear();
  };
  return { nth: { count, unit, anchor }, counts: (day) => (index(day) - index(anchorDay)) % count === 0 };
}

test("nextAfter() is due at the right instants and once, for 1,000 schedules over three years in six zones", () => {
  const random = seeded(20_261_126);
  const zones = ZONES.map((zone) => zoneMinutes(zone, START, END));
  let compared = 0;
  for (let number = 0; number < SCHEDULES; number++) {
    const zone = zones[number % zones.length];
    if (!zone) throw new Error("no zone");
    const cron = randomCron(random);
    const only = randomNth(random, zone);
    const from = random() < 0.1 ? START + Math.floor((random() * (END - START)) / 2) : undefined;
    const until = random() < 0.1 ? END - Math.floor((random() * (END - START)) / 2) : null;
    const spec = ScheduleSpec.parse({
      kind: "cron",
      expression: cron.expression,
      until,
      ...(from === undefined ? {} : { from }),
      ...(only ? { nth: only.nth } : {}),
    });
    const expected = everyFiring(cron, only?.counts ?? (() => true), zone).filter((at) => at >= (from ?? START) && at <= (until ?? END));
    const same = (after: number, count: number): void => {
      const index = firstAfter(expected, after);
      const wanted = expected.slice(index, index + count);
      const found = upcoming(spec, after, zone.timeZone, wanted.length + 1)
        .filter((at) => at < END)
        .slice(0, wanted.length);
      if (wanted.some((at, position) => at !== found[position]) || found.length !== wanted.length)
        expect({ spec, zone: zone.timeZone, after: iso(after), found: found.map(iso) }).toEqual({
          spec,
          zone: zone.timeZone,
          after: iso(after),
          found: wanted.map(iso),
        });
      compared += wanted.length;
    };
    if (expected.length <= WHOLE) {
      same(START - 1, WHOLE);
      continue;
    }
    for (const change of zone.changes)
      for (const hours of [-1.5, -0.5, 0]) same(change * 60_000 + hours * 3_600_000 - Math.floor(random() * 2), 4);
    for (let sample = 0; sample < 10; sample++) same(START + Math.floor(((sample + random()) / 10) * (END - START)), 1);
  }
  expect(compared).toBeGreaterThan(25_000);
}, 180_000);

test("missedBetween() counts what upcoming() lists, up to its end and to max", () => {
  const spec: ScheduleSpec = { kind: "cron", expression: "*/20 * * * *", until: null };
  const all = upcoming(spec, START, "Europe/Oslo", 500);
  expect(missedBetween(spec, START, all[99] ?? 0, "Europe/Oslo", 1_000)).toEqual(all.slice(0, 100));
  expect(missedBetween(spec, START, (all[99] ?? 0) - 1, "Europe/Oslo", 1_000)).toEqual(all.slice(0, 99));
  expect(missedBetween(spec, START, END, "Europe/Oslo", 10)).toEqual(all.slice(0, 10));
});

test("nextAfter() of a fixed interval is its anchor plus whole intervals, whatever clocks do", () => {
  const random = seeded(7);
  for (let number = 0; number < 300; number++) {
    const ms = 60_000 + Math.floor(random() * 10 * DAY);
    const anchor = START + Math.floor(random() * DAY * 300);
    const spec: ScheduleSpec = { kind: "every", ms, anchor, until: null };
    const after = START + Math.floor(random() * DAY * 1_000);
    const next = nextAfter(spec, after, "Africa/Cairo") ?? 0;
    expect(next).toBeGreaterThan(after);
    expect((next - anchor) % ms).toBe(0);
    expect(next - ms <= after || next === anchor).toBe(true);
  }
});

const iso = (at: number): string => new Date(at).toISOString();
