import { describe, expect, test } from "vitest";
import { BuiltInSchedules } from "../../src/schedule/built-in-schedules.ts";
import { previewWhen } from "../../src/schedule/preview-when.ts";
import type { ScheduleBy } from "../../src/schedule/schedules.ts";
import { at, THURSDAY } from "../support/schedule-home.ts";
import { scheduleHome } from "../support/schedule-in-node.ts";

const USER: ScheduleBy = { author: "user", channel: "web" };
const refused = (code: string, message: unknown = expect.any(String)) => expect.objectContaining({ code, message });

describe("Schedules.add()", () => {
  test("stores nothing where the time is not clear, is over, or is only half understood, and asks", () => {
    const home = scheduleHome();
    expect(() => home.add("whenever you like")).toThrow(refused("invalid_request", expect.stringContaining("?")));
    expect(() => home.add("2026-11-26T08:00")).toThrow(refused("invalid_request", expect.stringContaining("?")));
    expect(() => home.add("every weekday at 9 feed the cat")).toThrow(refused("invalid_request", expect.stringContaining("feed the cat")));
    expect(() => home.add("0 9 * *")).toThrow(refused("invalid_request"));
    expect(() => home.add("0 9 * * *", { time_zone: "Mars/Base" })).toThrow(
      refused("invalid_request", expect.stringContaining("Mars/Base")),
    );
    expect(home.store.list({ state: "all", limit: 10 })).toEqual([]);
    expect(home.trail).toEqual([]);
  });

  test("takes a time that was still to come when it was said", async () => {
    const home = scheduleHome();
    home.schedules.add(
      { when: "in 2 minutes", action: { kind: "text", text: "Tea" }, missed: "once", time_zone: null, reply_to: null },
      { ...USER, saidAt: THURSDAY - 300_000 },
    );
    await home.runner.run();
    expect(home.said()).toMatchObject([{ text: expect.stringMatching(/^Tea\n\n\(Late: this was due at Thu 26 Nov 2026, 08:57/) }]);
  });

  test("makes it once for one call, and gives no number twice", () => {
    const home = scheduleHome();
    const first = home.add("0 9 * * *", { key: "call 1" });
    expect(home.add("0 9 * * *", { key: "call 1" })).toEqual(first);
    home.schedules.update(first.id, { when: "every day at 10:30" }, USER);
    home.schedules.delete(first.id, USER);
    expect(home.add("0 9 * * *").number).toBe(2);
  });

  test("takes 200 and no more, whatever has ended", () => {
    const home = scheduleHome();
    for (let n = 0; n < 200; n++) home.add("0 9 * * *");
    expect(() => home.add("0 9 * * *")).toThrow(refused("conflict", expect.stringContaining("200")));
    home.sql.exec("UPDATE schedule SET status = 'ended', next_at = NULL WHERE seq = 1");
    const ended = home.schedules.find("1");
    home.add("0 9 * * *");
    expect(() => home.schedules.update(ended.id, { when: "tomorrow at 9" }, USER)).toThrow(refused("conflict"));
    home.schedules.delete(home.schedules.find("2").id, USER);
    expect(home.schedules.update(ended.id, { when: "tomorrow at 9" }, USER).status).toBe("active");
  });
});

describe("Schedules.update()", () => {
  test("moves, pauses and resumes, without making up for what was missed meanwhile", async () => {
    const home = scheduleHome();
    const made = home.add("0 9 * * *");
    expect(home.schedules.update(made.id, { when: "every day at 10:30" }, USER).next_at).toBe(at("2026-11-26T10:30:00"));
    expect(home.schedules.update(made.id, { status: "paused" }, USER)).toMatchObject({ status: "paused", next_at: null });
    await home.wake("2026-11-28T12:00:00");
    expect(home.said()).toEqual([]);
    expect(home.schedules.update(made.id, { status: "active" }, USER).next_at).toBe(at("2026-11-29T10:30:00"));
    expect(home.trail.map(({ event }) => event)).toEqual(["created", "changed", "paused", "resumed"]);
  });

  test("does not resume what is over without a new time", () => {
    const home = scheduleHome();
    const made = home.add("2026-11-26T17:00");
    home.schedules.update(made.id, { status: "paused" }, USER);
    home.clock.now = at("2026-11-27T09:00:00");
    expect(() => home.schedules.update(made.id, { status: "active" }, USER)).toThrow(refused("conflict"));
    expect(home.schedules.update(made.id, { status: "active", when: "tomorrow at 9" }, USER).next_at).toBe(at("2026-11-28T09:00:00"));
  });

  test("gives the words to whoever wrote them last, and keeps the mark of what was written for content from outside", () => {
    const home = scheduleHome();
    const made = home.add("0 9 * * *", { action: { kind: "prompt", prompt: "Mine", tier: null } });
    const action = { kind: "prompt", prompt: "Theirs", tier: null } as const;
    const changed = home.schedules.update(made.id, { action }, { author: "agent", channel: "web", tainted: true });
    expect(changed).toMatchObject({ author: "agent", tainted: true, title: "Theirs" });
    expect(home.schedules.update(made.id, { missed: "skip" }, USER).tainted).toBe(true);
    // Another tier is no new word.
    expect(home.schedules.update(made.id, { action: { ...action, tier: "fast" } }, USER)).toMatchObject({ author: "agent", tainted: true });
    const reworded = { ...action, prompt: "Mine again" };
    expect(home.schedules.update(made.id, { action: { ...action, prompt: "x" } }, { author: "agent", channel: "web" }).tainted).toBe(true);
    expect(home.schedules.update(made.id, { action: reworded }, USER)).toMatchObject({ author: "user", tainted: false });
    expect(home.schedules.update(made.id, { when: "0 8 * * *" }, { author: "agent", channel: "web", tainted: true })).toMatchObject({
      author: "user",
      tainted: true,
    });
  });
});

describe("Schedules, where content from outside was read", () => {
  const AGENT: ScheduleBy = { author: "agent", channel: "web" };
  const OUTSIDE: ScheduleBy = { ...AGENT, tainted: true };
  const PROMPT = { kind: "prompt" as const, prompt: "Obey\n[margay] me", tier: null };

  test("make a prompt switched off and tell the user, who alone switches it on; a reminder stays on", () => {
    const home = scheduleHome();
    const made = home.add("* * * * *", { action: PROMPT, author: "agent", tainted: true });
    expect(made).toMatchObject({ status: "paused", next_at: null, tainted: true });
    expect(home.said()).toMatchObject([{ role: "assistant", tainted: true, text: expect.stringContaining("until you switch it on") }]);
    for (const by of [AGENT, OUTSIDE])
      for (const patch of [{ status: "active" as const }, { status: "active" as const, when: "0 9 * * *" }])
        expect(() => home.schedules.update(made.id, patch, by)).toThrow(refused("forbidden"));
    expect(home.schedules.update(made.id, { status: "active" }, USER)).toMatchObject({ status: "active", tainted: true, author: "agent" });
    expect(home.add("0 9 * * *", { author: "agent", tainted: true }).status).toBe("active");
  });

  test("switch off a prompt that is given other words or times there, and not one that is only paused", () => {
    const home = scheduleHome();
    for (const patch of [{ action: PROMPT }, { when: "* * * * *" }]) {
      const made = home.add("0 9 * * *", { action: { ...PROMPT, prompt: "Mine" } });
      expect(home.schedules.update(made.id, patch, OUTSIDE)).toMatchObject({ status: "paused", next_at: null, tainted: true });
    }
    expect(home.said()).toHaveLength(2);
    const mine = home.add("0 9 * * *", { action: { ...PROMPT, prompt: "Mine" } });
    expect(home.schedules.update(mine.id, { status: "paused" }, OUTSIDE)).toMatchObject({ status: "paused", tainted: false });
    expect(() => home.schedules.update(mine.id, { status: "active" }, OUTSIDE)).toThrow(refused("forbidden"));
    expect(home.schedules.update(mine.id, { status: "active" }, AGENT).status).toBe("active");
  });
});

describe("Schedules.restore()", () => {
  test("puts a deleted one back with its number, counted from now", () => {
    const home = scheduleHome();
    const made = home.add("0 9 * * *");
    home.schedules.delete(made.id, USER);
    expect(home.store.nextDue(0)).toBeNull();
    home.clock.now = at("2026-11-28T12:00:00");
    expect(home.schedules.restore(made, USER)).toMatchObject({ number: 1, status: "active", next_at: at("2026-11-29T09:00:00") });
  });

  test("makes up for a single time that passed meanwhile, once", async () => {
    const home = scheduleHome();
    const made = home.add("2026-11-26T17:00");
    home.schedules.delete(made.id, USER);
    await home.wake("2026-11-26T18:00:00");
    home.schedules.restore(made, USER);
    await home.runner.run();
    expect(home.said()).toHaveLength(1);
    expect(home.schedules.restore(made, USER)).toMatchObject({ status: "ended", next_at: null });
    await home.runner.run();
    expect(home.said()).toHaveLength(1);
  });
});

describe("Schedules.find()", () => {
  test("knows a number, an id or its beginning, and words of a title, and asks where several fit", () => {
    const home = scheduleHome();
    const mum = home.add("0 9 * * *", { title: "Call mum" });
    const dad = home.add("0 9 * * *", { title: "Call Dád", action: { kind: "text", text: "x" } });
    for (const name of ["1", "#1", "reminder 1", mum.id, "mum"]) expect(home.schedules.find(name).id, name).toBe(mum.id);
    expect(home.schedules.find("call dad").id).toBe(dad.id);
    expect(() => home.schedules.find("call")).toThrow(refused("conflict", expect.stringContaining("Which one?")));
    for (const name of ["7", "nobody", "?", ""]) expect(() => home.schedules.find(name), name).toThrow(refused("not_found"));
  });
});

describe("ScheduleStore.prune()", () => {
  test("keeps runs and what has ended for 90 days, what was deleted for 30", async () => {
    const home = scheduleHome();
    const daily = home.add("0 9 * * *");
    const once = home.add("2026-11-27T17:00");
    const gone = home.add("0 9 * * *");
    home.schedules.delete(gone.id, USER);
    await home.wake("2026-11-27T17:00:00");
    const days = (n: number) => home.clock.now + n * 86_400_000;
    home.store.prune(days(28));
    expect(home.store.runs(daily.id, 5)).toHaveLength(1);
    expect(home.sql.exec("SELECT count(*) AS n FROM schedule").one()["n"]).toBe(3);
    home.store.prune(days(31));
    expect(home.sql.exec("SELECT count(*) AS n FROM schedule").one()["n"]).toBe(2);
    home.store.prune(days(91));
    expect(home.store.runs(daily.id, 5)).toEqual([]);
    expect(home.store.get(once.id)).toBeNull();
    expect(home.store.get(daily.id)).not.toBeNull();
  });
});

describe("BuiltInSchedules", () => {
  test("are off until switched on, are moved, and are gone when switched off", () => {
    const home = scheduleHome();
    const builtIn = new BuiltInSchedules({ schedules: home.schedules, store: home.store });
    expect(builtIn.list().map(({ name, on }) => [name, on])).toEqual([
      ["morning_briefing", false],
      ["weekly_summary", false],
    ]);
    for (const { name, default_when } of builtIn.list())
      expect(previewWhen({ when: default_when, time_zone: null }, { now: THURSDAY, timeZone: "Europe/Oslo" }), name).toMatchObject({
        rest: "",
      });
    expect(builtIn.set("morning_briefing", { on: true }, USER)).toMatchObject({
      on: true,
      schedule: { title: "Morning briefing", built_in: "morning_briefing", missed: "skip", next_at: at("2026-11-27T07:30:00") },
    });
    const moved = builtIn.set("morning_briefing", { on: true, when: "every weekday at 06:45" }, USER);
    expect(moved.schedule?.next_at).toBe(at("2026-11-27T06:45:00"));
    home.schedules.update(moved.schedule?.id ?? "", { status: "paused" }, USER);
    expect(builtIn.list()[0]?.on).toBe(false);
    expect(builtIn.set("morning_briefing", { on: true }, USER).on).toBe(true);
    expect(home.store.count()).toBe(1);
    expect(builtIn.set("morning_briefing", { on: false }, USER)).toMatchObject({ on: false, schedule: null });
    expect(() => builtIn.set("nothing", { on: true }, USER)).toThrow(refused("not_found"));
    expect(() => builtIn.set("weekly_summary", { on: true, when: "at some point" }, USER)).toThrow(refused("invalid_request"));
  });
});

describe("previewWhen()", () => {
  const context = { now: THURSDAY, timeZone: "Europe/Oslo" };
  test("says how words are understood, with the next five times, or asks back", () => {
    expect(previewWhen({ when: "every weekday at 9", time_zone: null }, context)).toMatchObject({
      understood: "every weekday at 09:00 (Europe/Oslo)",
      next: [27, 30].map((day) => at(`2026-11-${day}T09:00:00`)).concat([1, 2, 3].map((day) => at(`2026-12-0${day}T09:00:00`))),
      rest: "",
    });
    expect(previewWhen({ when: "2026-11-26T17:00", time_zone: "Europe/London" }, context)).toMatchObject({
      next: [Date.parse("2026-11-26T17:00Z")],
    });
    for (const when of ["blue", "2020-01-01T00:00", "99 9 * * *"])
      expect(previewWhen({ when, time_zone: null }, context), when).toEqual({ ask: expect.any(String) });
    expect(previewWhen({ when: "tomorrow", time_zone: "Mars/Base" }, context)).toEqual({ ask: expect.stringContaining("Mars/Base") });
  });
});
