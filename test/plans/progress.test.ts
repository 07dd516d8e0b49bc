import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSteps } from "../../src/plans/check-steps.ts";
import { inOrder, namesOf, needsOf } from "../../src/plans/order.ts";
import { progressOf } from "../../src/plans/progress.ts";
import { StepStatus } from "../../src/plans/shapes.ts";
import type { StoredStep } from "../../src/plans/stored-plan.ts";

const step = (name: string, after: string[] = [], status: StepStatus = "approved"): StoredStep => ({
  planId: "p",
  position: 0,
  name,
  title: name,
  work: { kind: "agent", profile: "research", input: "x" },
  after,
  author: "user",
  status,
  attempt: 0,
  result: "",
  tainted: false,
  error: null,
  taskId: null,
  startedAt: null,
  endedAt: null,
});

/** Any steps where each comes after some of those before it: never a circle. */
const anySteps = fc
  .array(fc.tuple(fc.array(fc.nat(30), { maxLength: 4 }), fc.constantFrom(...StepStatus.options.filter((one) => one !== "proposed"))), {
    minLength: 1,
    maxLength: 12,
  })
  .map((rows) => rows.map(([after, status], index) => step(`s${index}`, index === 0 ? [] : after.map((one) => `s${one % index}`), status)));

describe("progressOf()", () => {
  test("starts nothing that waits for something, and skips what never can begin", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { start, skip, end } = progressOf(steps);
        const by = new Map(steps.map((one) => [one.name, one.status]));
        const names = namesOf(steps);
        for (const one of start) for (const need of needsOf(one, names)) expect(by.get(need)).toBe("done");
        for (const one of skip)
          expect(needsOf(one, names).some((need) => ["rejected", "failed", "skipped", "cancelled"].includes(by.get(need) ?? ""))).toBe(
            true,
          );
        if (end !== null) expect([...start, ...skip]).toEqual([]);
      }),
    );
  });

  test("comes to an end whatever becomes of each step, with every step over", () => {
    fc.assert(
      fc.property(anySteps, fc.array(fc.constantFrom("done", "failed"), { minLength: 40, maxLength: 40 }), (given, fates) => {
        const steps = given.map((one) =>
          one.status === "running" || one.status === "waiting_approval" ? { ...one, status: "done" as const } : one,
        );
        const fate = [...fates];
        for (let round = 0; round < 40; round++) {
          const { start, skip, end } = progressOf(steps);
          if (end !== null) {
            expect(steps.every(({ status }) => status !== "approved" && status !== "running")).toBe(true);
            return;
          }
          expect(start.length + skip.length).toBeGreaterThan(0);
          for (const one of skip) Object.assign(steps.find(({ name }) => name === one.name) ?? {}, { status: "skipped" });
          for (const one of start) Object.assign(steps.find(({ name }) => name === one.name) ?? {}, { status: fate.pop() ?? "done" });
        }
        throw new Error("it never ended");
      }),
    );
  });

  test("waits for a person only while nothing else is at work", () => {
    const waiting = step("a", [], "waiting_approval");
    expect(progressOf([waiting, step("b", [], "done")]).waits).toBe(true);
    expect(progressOf([waiting, step("b", [], "running")]).waits).toBe(false);
    expect(progressOf([waiting, step("b")]).waits).toBe(false);
  });

  test("is done where what did not run was rejected, and failed where something failed", () => {
    expect(progressOf([step("a", [], "rejected"), step("b", ["a"], "skipped"), step("c", [], "done")]).end).toBe("done");
    expect(progressOf([step("a", [], "failed"), step("c", [], "done")]).end).toBe("failed");
    expect(progressOf([step("a", [], "cancelled")]).end).toBe("failed");
  });
});

describe("inOrder()", () => {
  test("puts every step behind what it needs", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const ordered = inOrder(steps.toReversed());
        expect(ordered).toHaveLength(steps.length);
        const names = namesOf(steps);
        for (const [index, one] of (ordered ?? []).entries())
          for (const need of needsOf(one, names)) expect((ordered ?? []).findIndex(({ name }) => name === need)).toBeLessThan(index);
      }),
    );
  });

  test("finds a circle, and checkSteps() names who is in it", () => {
    const circle = [step("a", ["c"]), step("b", ["a"]), step("c", ["b"]), step("d")];
    expect(inOrder(circle)).toBeNull();
    const world = { hasProfile: () => true, toolProblem: () => null };
    expect(() => checkSteps(circle, [], world)).toThrow("a, b, c");
    expect(() => checkSteps([step("a", ["a"])], [], world)).toThrow("waits for itself");
    expect(() => checkSteps([step("a")], ["a"], world)).toThrow("a step and of a variable");
  });
});
