import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { takeTask, type TaskView } from "../../src/web/api/tasks.ts";
import { uncut } from "../../src/web/lib/format.ts";
import { limitsOf, typedLimits } from "../../src/web/tasks/limits.ts";
import {
  cannotSignIn,
  countWords,
  freeName,
  helpFor,
  lengthWords,
  tookWords,
  usedShare,
  waitingFor,
} from "../../src/web/tasks/task-words.ts";
import { task } from "./fixtures.ts";

describe("what a row says of a task", () => {
  it("counts what it took, and says when a price is not known", () => {
    expect(countWords(task())).toBe("2 steps, 3 tool calls, 4.2k tokens, $0.0120");
    expect(countWords(task({ counts: { steps: 1, tool_calls: 1, tokens: 9, cost_micro_usd: null } }))).toBe(
      "1 step, 1 tool call, 9 tokens, price unknown",
    );
  });

  it("says how long it took, or goes on, and nothing before it began", () => {
    expect([48_000, 180_000, 7_500_000, 7_200_000].map(lengthWords)).toEqual(["48 s", "3 min", "2 h 5 min", "2 h"]);
    expect(tookWords(10_000, task({ started_at: null }))).toBeNull();
    expect(tookWords(10_000, task({ started_at: 0 }))).toBe("10 s");
    expect(tookWords(10_000, task({ started_at: 0, ended_at: 5_000 }))).toBe("5 s");
  });

  it("shows the limit that is nearest", () => {
    expect(usedShare(task())).toBeCloseTo(0.1);
    expect(usedShare(task({ counts: { steps: 30, tool_calls: 0, tokens: 0, cost_micro_usd: null } }))).toBe(1);
  });

  it("gives all of a title that was cut, where it is a line", () => {
    expect(uncut("Read the hand…", "Read the handbook")).toBe("Read the handbook");
    expect(uncut("Handbook", "Read the handbook")).toBe("Handbook");
    expect(uncut("Read the hand…", "Read the handbook\nand more")).toBe("Read the hand…");
  });
});

describe("helpFor()", () => {
  it("leads to where an error can be put right", () => {
    expect(helpFor("model_unavailable")?.href).toBe("/settings/models");
    expect(helpFor("too_many_steps")?.href).toBe("/tasks/profiles");
    expect(helpFor("internal")).toBeNull();
  });
});

describe("waitingFor()", () => {
  const call = { call_id: "c", tool: "t", input: {}, summary: "", started_at: 0, ended_at: null };
  it("finds the approval that a task waits for", () => {
    expect(waitingFor([{ calls: [{ ...call, status: "done", approval_id: "a1" }] }])).toBeNull();
    expect(waitingFor([{ calls: [] }, { calls: [{ ...call, status: "waiting", approval_id: "a2" }] }])).toBe("a2");
  });
});

describe("limitsOf()", () => {
  it("takes back what it shows, and leaves out what is empty or no number", () => {
    const limits = { steps: 40, tokens: 600_000, micro_usd: 2_500_000, minutes: 30 };
    expect(limitsOf(typedLimits(limits))).toEqual(limits);
    expect(limitsOf(typedLimits(undefined))).toEqual({});
    expect(limitsOf({ steps: "x", tokens: "", usd: "0,5", minutes: " 5 " })).toEqual({ micro_usd: 500_000, minutes: 5 });
  });
});

describe("freeName()", () => {
  it("is a name that is not taken", () => {
    const profile = (name: string) => ({ name }) as never;
    expect(freeName("research", [])).toBe("my-research");
    expect(freeName("research", [profile("my-research"), profile("my-research-2")])).toBe("my-research-3");
  });
});

describe("cannotSignIn()", () => {
  it("says of a profile that could sign in with stored secrets and may not", () => {
    const may = (...capabilities: string[]) => cannotSignIn({ capabilities }, ["recall", "web_fetch"]);
    expect(may("net.fetch:*")).toContain("secrets.use is not among its capabilities");
    expect(may("secrets.used")).not.toBeNull();
    for (const one of ["secrets.use", "secrets.use:bank"]) expect(may(one)).toBeNull();
    expect(cannotSignIn({ capabilities: [] }, ["recall"])).toBeNull();
  });
});

describe("takeTask()", () => {
  const page = (tasks: TaskView[]) => ({ pages: [{ tasks, next_before: null }], pageParams: [null] });
  const setUp = () => {
    const queries = new QueryClient();
    queries.setQueryData(["tasks", "list", "open"], page([task()]));
    queries.setQueryData(["tasks", "list", "ended"], page([]));
    const stale = (status: string) => queries.getQueryState(["tasks", "list", status])?.isInvalidated;
    return { queries, stale };
  };

  it("shows how a task goes on where it is listed, and reads no list anew", () => {
    const { queries, stale } = setUp();
    takeTask(queries, task({ progress: "Writes" }));
    expect(queries.getQueryData<ReturnType<typeof page>>(["tasks", "list", "open"])?.pages[0]?.tasks[0]?.progress).toBe("Writes");
    expect([stale("open"), stale("ended")]).toEqual([false, false]);
  });

  it("has the lists read anew for one that is new or has ended", () => {
    for (const told of [task({ id: "k2" }), task({ status: "done" })]) {
      const { queries, stale } = setUp();
      takeTask(queries, told);
      expect([stale("open"), stale("ended")]).toEqual([true, true]);
    }
  });
});
