import { describe, expect, test } from "vitest";
import { parseCommand, runCommand } from "../../src/commands/registry.ts";
import { CHECK_IN } from "../../src/schedule/built-in.ts";
import { fakeContext } from "./fake-context.ts";

const SCHEDULE = { n: 3, title: "Call mum", kind: "text", when: "every day at 09:00 (Europe/Oslo)", next: "Fri 27 Nov 2026, 09:00" };

async function run(text: string, refusal?: string) {
  const calls: [string, unknown][] = [];
  const { context } = fakeContext({
    async callTool(name, input) {
      calls.push([name, input]);
      if (refusal !== undefined) return { output: { error: refusal }, summary: refusal, status: "failed" };
      const verb =
        Object(input).do === "pause"
          ? "paused"
          : Object(input).do === "delete"
            ? "deleted"
            : Object(input).do === "run"
              ? "ran"
              : "changed";
      const output =
        name === "list_schedules" ? { schedules: [SCHEDULE] } : name === "schedule" ? { scheduled: SCHEDULE } : { [verb]: SCHEDULE };
      return { output, summary: "", status: "done" };
    },
  });
  const command = parseCommand(text);
  if (!command) throw new Error("no command");
  return { text: await runCommand(command, context), calls };
}

describe("/remind", () => {
  test("makes a reminder of what and when, and says how the time was understood", async () => {
    const { text, calls } = await run("/remind me to call mum every day at 9");
    expect(calls).toEqual([["schedule", { when: "to call mum every day at 9", kind: "text" }]]);
    expect(text).toBe("I will remind you every day at 09:00 (Europe/Oslo): **Call mum**. Next: Fri 27 Nov 2026, 09:00. It is number 3.");
  });

  test("answers with the question where the time is not clear", async () => {
    await expect(run("/remind call mum at 5", "Is it 5 in the morning or 17:00?")).rejects.toThrow("Is it 5 in the morning or 17:00?");
  });

  test("says how it is written, and lists", async () => {
    expect((await run("/remind")).text).toContain("`/remind call mum tomorrow at 17:00`");
    expect((await run("/remind list")).calls).toEqual([["list_schedules", {}]]);
    expect((await run(`/remind ${"x".repeat(5_000)}`)).text).toContain("too long");
  });
});

describe("/schedule", () => {
  test.each([
    ["on morning-briefing", { schedule: "morning-briefing", do: "on" }],
    ["on morning briefing at 7:30", { schedule: "morning briefing", do: "on", when: "at 7:30" }],
    ["On weekly_summary every monday at 9", { schedule: "weekly_summary", do: "on", when: "every monday at 9" }],
    ["off morning-briefing", { schedule: "morning-briefing", do: "off" }],
  ])("switches what comes with Margay: %s", async (args, input) => {
    expect((await run(`/schedule ${args}`)).calls).toEqual([["change_schedule", input]]);
  });

  test("takes other words behind “on” for a time", async () => {
    expect((await run("/schedule on the 1st of each month at 12:00: pay the rent")).calls).toEqual([
      ["schedule", { when: "on the 1st of each month at 12:00: pay the rent", kind: "prompt" }],
    ]);
  });

  test("lists what comes with Margay, and how it is switched", async () => {
    const built_in = [{ title: "Morning briefing", on: false, when: "every day at 7:30" }];
    const { context } = fakeContext({ callTool: async () => ({ output: { built_in }, summary: "", status: "done" }) });
    expect(await runCommand({ name: "schedule", args: "built-in" }, context)).toBe(
      "- **Morning briefing** · off · every day at 7:30 · `/schedule on morning-briefing`",
    );
  });

  test("lists with numbers, and adds what the agent is to do", async () => {
    expect((await run("/schedule")).text).toBe("- **3** Call mum · every day at 09:00 (Europe/Oslo) · next Fri 27 Nov 2026, 09:00");
    expect((await run("/schedule every weekday at 8: sum up")).calls).toEqual([
      ["schedule", { when: "every weekday at 8: sum up", kind: "prompt" }],
    ]);
  });

  test.each([
    ["pause 3", { schedule: "3", do: "pause" }],
    ["resume #3", { schedule: "#3", do: "resume" }],
    ["run 3", { schedule: "3", do: "run" }],
    ["delete 3", { schedule: "3", do: "delete" }],
    ["cancel 3", { schedule: "3", do: "delete" }],
    ["missed 3 skip", { schedule: "3", missed: "skip" }],
    ["move 3 to friday at 10", { schedule: "3", when: "friday at 10" }],
  ])("/schedule %s changes the one of that number", async (args, input) => {
    expect((await run(`/schedule ${args}`)).calls).toEqual([["change_schedule", input]]);
  });

  test.each(["pause", "delete tomorrow", "missed 3 maybe", "move 3"])("/schedule %s asks what is meant", async (args) => {
    const { text, calls } = await run(`/schedule ${args}`);
    expect(calls).toEqual([]);
    expect(text).toMatch(/\?/);
  });
});

describe("/check-in", () => {
  test("has the agent ask how it is going, also as Telegram writes it, until it is switched off", async () => {
    for (const name of ["check-in", "check_in"])
      expect((await run(`/${name} every weekday at 16:00`)).calls).toEqual([
        ["schedule", { when: "every weekday at 16:00", what: CHECK_IN, kind: "prompt" }],
      ]);
    expect((await run("/check-in off")).calls).toEqual([["change_schedule", { schedule: "check in with me", do: "delete" }]]);
    expect((await run("/check-in")).text).toContain("`/check-in every weekday at 16:00`");
    expect((await run("/help check-in")).text).toContain("/check-in off");
  });
});
