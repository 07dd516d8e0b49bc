import { describe, expect, test } from "vitest";
import { compileTool } from "../../../src/tools/compile-tool.ts";
import { changeSchedule } from "../../../src/tools/schedule/change-schedule.ts";
import { listSchedules } from "../../../src/tools/schedule/list-schedules.ts";
import { ScheduleChange, scheduleChangeText, ScheduleList, scheduleListText } from "../../../src/tools/schedule/listed.ts";
import { SCHEDULE_READ, SCHEDULE_WRITE, type ScheduleStores } from "../../../src/tools/schedule/schedule-port.ts";
import { schedule } from "../../../src/tools/schedule/schedule.ts";
import { aCall, approvedOf, memoryGate } from "../../support/memory-gate.ts";
import { at, THURSDAY } from "../../support/schedule-home.ts";
import { scheduleHome } from "../../support/schedule-in-node.ts";

function tools() {
  const home = scheduleHome();
  const gate = memoryGate<ScheduleStores>({ schedules: home.port }, { now: () => home.clock.now, timeZone: () => "Europe/Oslo" });
  gate.state.granted = [SCHEDULE_READ, SCHEDULE_WRITE];
  const all = [compileTool(schedule, gate.deps), compileTool(listSchedules, gate.deps), compileTool(changeSchedule, gate.deps)];
  let calls = 0;
  const find = (name: string) => {
    const tool = all.find((one) => one.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    return tool;
  };
  return {
    home,
    gate,
    call: (name: string, input: unknown, change: { tainted?: boolean; id?: string } = {}) =>
      find(name).call(aCall({ id: `turn:tool:${calls++}`, input, saidAt: THURSDAY, ...change })),
    undo(name: string, callId: string) {
      const receipt: unknown = JSON.parse(gate.log.rows.get(callId)?.receipt ?? "null");
      return find(name).undo?.({ callId, receipt, signal: new AbortController().signal });
    },
  };
}

describe("schedule", () => {
  test("makes a reminder, says how its time was understood, and repeats nothing when it is repeated", async () => {
    const { call, home } = tools();
    const input = { when: "tomorrow at 17:00", what: "Call *mum*" };
    const made = await call("schedule", input, { id: "turn:tool:x" });
    expect(made).toMatchObject({
      status: "done",
      untrusted: null,
      output: { scheduled: { n: 1, title: "Call *mum*", kind: "text", when: "once, Friday 27 November 2026, 17:00 (Europe/Oslo)" } },
    });
    // The trail keeps this line for ever.
    expect(made.summary).not.toContain("mum");
    expect(scheduleChangeText(ScheduleChange.parse(made.output))).toBe(
      "I will remind you once, Friday 27 November 2026, 17:00 (Europe/Oslo): **Call \\*mum\\***. It is number 1.",
    );
    expect(home.port.add({ ...input, kind: "text" }, { key: "turn:tool:x", saidAt: 0, tainted: false }).number).toBe(1);
    expect(home.store.count()).toBe(1);
  });

  test("takes what it is to do out of the words, asks back, and keeps the agent's words from being the user's", async () => {
    const { call, home } = tools();
    expect(await call("schedule", { when: "every weekday at 9 sum up my to-dos", kind: "prompt" })).toMatchObject({
      output: { scheduled: { kind: "prompt", title: "sum up my to-dos", next: "Fri 27 Nov 2026, 09:00" } },
    });
    expect(home.store.get("id000000")).toMatchObject({ author: "agent", reply_to: null });
    expect(await call("schedule", { when: "call mum" })).toMatchObject({ status: "failed", summary: expect.stringContaining("When?") });
    expect(await call("schedule", { when: "tomorrow at 9" })).toMatchObject({ status: "failed", summary: "Of what shall I remind you?" });
    for (const input of [{ when: "" }, { when: "tomorrow at 9", what: "x".repeat(4_001) }, { when: "x ".repeat(3_000) }])
      expect(await call("schedule", input)).toMatchObject({ status: "failed" });
    expect(home.store.count()).toBe(1);
  });

  test("keeps the mark of content from outside, wherever it is shown", async () => {
    const { call, home } = tools();
    await call("schedule", { when: "tomorrow at 9", what: "Obey", kind: "prompt" }, { tainted: true });
    expect(home.store.get("id000000")?.tainted).toBe(true);
    expect((await call("list_schedules", {})).untrusted).toContain("content from outside");
    expect((await call("change_schedule", { schedule: "1", do: "pause" })).untrusted).toContain("content from outside");
  });
});

describe("change_schedule", () => {
  test("changes, pauses, resumes, runs and deletes, each taken back as it was", async () => {
    const { call, undo, home } = tools();
    await call("schedule", { when: "every day at 9", what: "Stretch" });
    const changes: [input: object, now: object][] = [
      [
        { when: "every day at 10", what: "Run" },
        { next_at: at("2026-11-26T10:00:00"), title: "Run" },
      ],
      [{ do: "pause" }, { status: "paused", next_at: null }],
      [{ missed: "skip" }, { missed: "skip" }],
    ];
    for (const [index, [input, now]] of changes.entries()) {
      const id = `turn:change:${index}`;
      const before = home.schedules.find("1");
      expect(await call("change_schedule", { schedule: "1", ...input }, { id })).toMatchObject({ status: "done" });
      expect(home.schedules.find("1")).toMatchObject(now);
      expect(await undo("change_schedule", id)).toMatchObject({ status: "done" });
      expect(home.schedules.find("1")).toEqual({ ...before, updated_at: expect.any(Number) });
    }
    expect(await call("change_schedule", { schedule: "stretch", do: "run" })).toMatchObject({ output: { ran: { n: 1 } } });
    expect(home.said()).toHaveLength(1);
    await call("change_schedule", { schedule: "1", do: "delete" }, { id: "turn:gone" });
    expect(home.store.count()).toBe(0);
    expect(await undo("change_schedule", "turn:gone")).toMatchObject({ status: "done" });
    expect(home.schedules.find("1").title).toBe("Stretch");
  });

  test("runs none again within its minute, no more than five an hour, and none where nobody is there", async () => {
    const { call, home } = tools();
    for (let n = 0; n < 7; n++) home.add("every day at 9");
    const run = (n: number, id?: string) => call("change_schedule", { schedule: String(n), do: "run" }, id === undefined ? {} : { id });
    expect(await run(1, "turn:once")).toMatchObject({ status: "done" });
    expect(await run(1)).toMatchObject({ status: "failed", summary: expect.stringContaining("less than a minute ago") });
    home.clock.now += 60_000;
    expect(await run(1)).toMatchObject({ status: "done" });
    for (const n of [2, 3, 4]) expect(await run(n)).toMatchObject({ status: "done" });
    expect(await run(5)).toMatchObject({ status: "failed", summary: expect.stringContaining("within an hour") });
    expect(home.said()).toHaveLength(5);
    // The user's own runs are their own affair.
    expect(home.schedules.run(home.schedules.find("5").id, { author: "user", channel: "web" }).outcome).toBe("told");
    home.clock.now += 3_600_000;
    home.add("2026-11-26T17:00", { action: { kind: "prompt", prompt: "Run schedule 6", tier: null } });
    await home.wake("2026-11-26T17:00:00");
    const row = home.sql.exec("SELECT id FROM inbox WHERE state = 'queued'").one();
    home.inbox.joinTurn(String(row["id"]), "alone");
    expect(await run(6, "alone:tool:1")).toMatchObject({ status: "failed", summary: expect.stringContaining("Nobody is here") });
  });

  test("takes back what was made, but nothing that was changed since", async () => {
    const { call, undo, home } = tools();
    await call("schedule", { when: "every day at 9", what: "Stretch" }, { id: "turn:a" });
    await call("schedule", { when: "every day at 9", what: "Swim" }, { id: "turn:b" });
    await call("change_schedule", { schedule: "2", when: "every day at 10" });
    // That it ran is no change of anybody's.
    await home.wake("2026-11-27T09:00:00");
    expect(await undo("schedule", "turn:a")).toMatchObject({ status: "done" });
    expect(await undo("schedule", "turn:b")).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("changed or deleted since"),
    });
    expect(home.store.list({ state: "all", limit: 5 })).toMatchObject([{ number: 2 }]);
  });

  test("says which one could not run and why, and asks what to change", async () => {
    const { call, home } = tools();
    home.state.model = false;
    await call("schedule", { when: "every day at 9", what: "Sum up", kind: "prompt" });
    expect(await call("change_schedule", { schedule: "1", do: "run" })).toMatchObject({
      status: "failed",
      summary: expect.stringMatching(/^Schedule 1 could not run: it needs a language model/),
    });
    expect(await call("change_schedule", { schedule: "1" })).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("what to change"),
    });
    expect(await call("change_schedule", { schedule: "9", do: "pause" })).toMatchObject({ status: "failed" });
    expect((await call("list_schedules", {})).output).toMatchObject({ schedules: [{ n: 1, failed: expect.any(String) }] });
  });
});

test("scheduleListText() shows each with its number, its time and what is out of the ordinary", () => {
  const list = ScheduleList.parse({
    schedules: [
      { n: 3, title: "News", kind: "prompt", when: "every day at 09:00 (Europe/Oslo)", next: "Fri 27 Nov 2026, 09:00", missed: "skip" },
      { n: 1, title: "Mum", kind: "text", when: "once, Friday 27 November 2026, 17:00 (Europe/Oslo)", next: "Fri 27 Nov 2026, 17:00" },
      { n: 2, title: "Old", kind: "text", when: "every hour (Europe/Oslo)", status: "paused", failed: "no" },
    ],
    not_shown: 4,
  });
  expect(scheduleListText(list, "none")).toBe(
    [
      "- **3** News · every day at 09:00 (Europe/Oslo) · next Fri 27 Nov 2026, 09:00 · I do it · skips what it missed",
      "- **1** Mum · once, Friday 27 November 2026, 17:00 (Europe/Oslo)",
      "- **2** Old · every hour (Europe/Oslo) · paused · failed last time: no",
      "",
      "… and 4 more.",
    ].join("\n"),
  );
  expect(scheduleListText({ schedules: [] }, "none")).toBe("none");
});

describe("change_schedule, of what comes with Margay", () => {
  test("switches it on, at a time of the day that keeps its days, and off; each can be taken back", async () => {
    const { call, home, undo } = tools();
    const on = await call("change_schedule", { schedule: "my Morning-Briefing", do: "on", when: "at 8" }, { id: "turn:on" });
    expect(on).toMatchObject({ output: { scheduled: { title: "Morning briefing", when: "every day at 08:00 (Europe/Oslo)" } } });
    expect((await call("list_schedules", { built_in: true })).output).toMatchObject({
      built_in: [
        { title: "Morning briefing", on: true, when: "every day at 08:00 (Europe/Oslo)" },
        { title: "Weekly summary", on: false, when: "every friday at 16:00" },
      ],
    });
    expect(await call("change_schedule", { schedule: "morning briefing", do: "off" }, { id: "turn:off" })).toMatchObject({
      output: { deleted: { title: "Morning briefing" } },
    });
    expect(await call("change_schedule", { schedule: "morning briefing", do: "off" })).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("off already"),
    });
    await undo("change_schedule", "turn:off");
    expect(home.port.builtIn("morning briefing").on).toBe(true);
    expect(await call("change_schedule", { schedule: "lunch", do: "on" })).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("There are: Morning briefing, Weekly summary"),
    });
  });

  test("is run by hand only with a yes where content from outside was read, and as it was then", async () => {
    const { call, gate, home } = tools();
    await call("schedule", { when: "tomorrow at 9", what: "Check the mail", kind: "prompt" });
    home.clock.now += 1_000;
    const asked = await call("change_schedule", { schedule: "1", do: "run" }, { tainted: true });
    expect(asked).toMatchObject({ status: "waiting", summary: "Run schedule 1 (prompt): Check the mail" });
    expect(await call("change_schedule", { schedule: "2", do: "run" }, { tainted: true })).toMatchObject({
      status: "denied",
      summary: expect.stringContaining("There is no schedule 2"),
    });
    expect(gate.parked).toHaveLength(1);
    await call("change_schedule", { schedule: "1", what: "Obey" });
    const tool = compileTool(changeSchedule, gate.deps);
    for (const request of gate.parked)
      expect(await tool.approved(approvedOf(request))).toMatchObject({
        status: "failed",
        summary: expect.stringContaining("was changed since it was asked about"),
      });
  });

  test("is left to the user where content from outside was read", async () => {
    const { call, home } = tools();
    await call("change_schedule", { schedule: "weekly summary", do: "on" }, { tainted: true });
    expect(home.port.builtIn("weekly summary")).toMatchObject({ on: false, schedule: { status: "paused", tainted: true } });
    expect(await call("change_schedule", { schedule: "weekly summary", do: "on" })).toMatchObject({ status: "failed" });
  });
});
