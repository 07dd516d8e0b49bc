import { describe, expect, it } from "vitest";
import { untilNext } from "../../src/web/api/schedules.ts";
import {
  headWords,
  lastWords,
  nextWords,
  runWords,
  sameAgain,
  typedInstant,
  typedWhen,
  whatWords,
  whenWords,
  withoutRest,
} from "../../src/web/schedules/schedule-words.ts";
import { changesWords, nextLook, quietWords, withChosen } from "../../src/web/settings/heartbeat-words.ts";
import { schedule } from "./fixtures.ts";

const NOW = new Date(2026, 4, 20, 12).getTime();
const DAY = 86_400_000;
const once = (at: number) => schedule({ spec: { kind: "once", at }, said: "tomorrow at 5", next_at: at });

describe("what a row says of a schedule", () => {
  it("says when it is due next, or that it is not", () => {
    expect(nextWords(NOW, schedule({ next_at: NOW + DAY }))).toMatch(/^Next: Tomorrow, /u);
    expect(nextWords(NOW, schedule({ next_at: NOW }))).toBe("Due now");
    expect(nextWords(NOW, schedule({ status: "paused", next_at: null }))).toBe("Paused");
    expect(nextWords(NOW, schedule({ status: "ended", next_at: null }))).toBe("Ended");
  });

  it("says what came of the last time, and nothing of none", () => {
    expect(lastWords(NOW, schedule())).toBeNull();
    expect(lastWords(NOW, schedule({ last_at: NOW - DAY, last_outcome: "told" }))).toMatch(/^Told yesterday at /u);
    expect(lastWords(NOW, schedule({ last_at: NOW, last_outcome: "skipped" }))).toMatch(/^Missed and skipped today at /u);
  });

  it("names the zone only of one that has its own", () => {
    expect(whenWords(schedule())).toBe("Every weekday at 09:00");
    expect(whenWords(schedule({ time_zone: "Europe/Oslo" }))).toBe("Every weekday at 09:00 (Europe/Oslo)");
  });

  it("does not say the same words twice, and gives all of a line that was cut", () => {
    expect(whatWords(schedule())).toBe("Reminds you");
    expect(whatWords(schedule({ title: "Break" }))).toBe("Reminds you: Stretch");
    const cut = { title: "Call the dent…", action: { kind: "text" as const, text: "Call the dentist" } };
    expect(headWords(cut)).toBe("Call the dentist");
    expect(headWords({ ...cut, title: "Dentist" })).toBe("Dentist");
  });
});

describe("runWords()", () => {
  it("says who ran it and how late it was", () => {
    const run = { due_at: NOW, at: NOW, outcome: "told" as const, late: false, manual: false, error: null };
    expect(runWords(run)).toBe("Told");
    expect(runWords({ ...run, manual: true })).toBe("Told (run by hand)");
    expect(runWords({ ...run, late: true, at: NOW + 3 * 3_600_000 })).toBe("Told (late: it was due 3 h before)");
  });
});

describe("typedWhen()", () => {
  it("writes out what is due a single time, on the clock of its zone", () => {
    expect(typedInstant(Date.UTC(2026, 10, 27, 16), "Europe/Oslo")).toBe("2026-11-27 17:00");
    expect(typedInstant(Date.UTC(2026, 10, 27, 23, 5), "Europe/Oslo")).toBe("2026-11-28 00:05");
    expect(typedWhen(once(Date.UTC(2026, 10, 27, 16)), "UTC")).toBe("2026-11-27 16:00");
    expect(typedWhen(schedule(), "UTC")).toBe("every weekday at 9");
  });
});

describe("sameAgain()", () => {
  it("is the same time again, not the same words said on another day, and nothing for what is over", () => {
    expect(sameAgain(NOW, schedule())?.when).toBe("every weekday at 9");
    expect(sameAgain(NOW, once(NOW + DAY))?.when).toBe(new Date(NOW + DAY).toISOString());
    expect(sameAgain(NOW, once(NOW - DAY))).toBeNull();
  });
});

describe("withoutRest()", () => {
  it("leaves the time", () => {
    expect(withoutRest("tomorrow at 5 to call Ben", "call Ben")).toBe("tomorrow at 5");
    expect(withoutRest("call Ben tomorrow", "call Ben")).toBe("tomorrow");
    expect(withoutRest("tomorrow at 5", "something else")).toBe("tomorrow at 5");
  });
});

describe("untilNext()", () => {
  it("waits for the first that is due, neither too often nor too seldom", () => {
    expect(untilNext(NOW, [])).toBe(false);
    expect(untilNext(NOW, [schedule({ next_at: NOW + 30 * DAY }), schedule({ next_at: NOW + 10_000 })])).toBe(12_000);
    expect(untilNext(NOW, [schedule({ next_at: NOW - DAY })])).toBe(4_000);
    expect(untilNext(NOW, [schedule({ next_at: NOW + DAY })])).toBe(60_000);
  });
});

describe("what is said of the heartbeat", () => {
  it("says when it looks next, and how often it spoke up", () => {
    expect(nextLook(NOW, { on: true, next_at: null, spoken_today: 0, looks: [] })).toBe("Looks again when something changes.");
    expect(nextLook(NOW, { on: true, next_at: NOW + DAY, spoken_today: 2, looks: [] })).toMatch(
      /^Looks next: Tomorrow, .*\. Spoke up 2 times today\.$/u,
    );
  });

  it("says when it is quiet, over midnight too, and when it never is", () => {
    expect(quietWords({ from: "22:00", to: "07:00" })).toContain("of the next day");
    expect(quietWords({ from: "12:00", to: "13:00" })).not.toContain("of the next day");
    expect(quietWords({ from: "08:00", to: "08:00" })).toMatch(/^No quiet hours/u);
    expect(quietWords({ from: "", to: "08:00" })).toBe("Both times are needed.");
  });

  it("keeps what is chosen among the choices, and counts changes", () => {
    expect(withChosen([5, 30], 7)).toEqual([5, 7, 30]);
    expect(changesWords({ at: NOW, outcome: "spoke", changes: 2, why: "" })).toBe("2 changes");
    expect(changesWords({ at: NOW, outcome: "none", changes: 0, why: "" })).toBeNull();
  });
});
