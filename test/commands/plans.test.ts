import { expect, test } from "vitest";
import { cancel } from "../../src/commands/cancel.ts";
import { plan } from "../../src/commands/plan.ts";
import { playbook } from "../../src/commands/playbook.ts";
import { status } from "../../src/commands/status.ts";
import type { ExecutionPlan, PlanStepView } from "../../src/plans/shapes.ts";
import { aPlan, fakeContext } from "./fake-context.ts";

const step = (name: string, change: Partial<PlanStepView> = {}): PlanStepView => ({
  name,
  title: `Do *${name}*`,
  work: { kind: "tool", tool: "add_todo", input: {} },
  after: [],
  needs: [],
  status: "proposed",
  will_ask: false,
  author: "agent",
  result: "",
  tainted: false,
  error: null,
  task_id: null,
  task_number: null,
  approval_id: null,
  started_at: null,
  ended_at: null,
  ...change,
});
const PLAN = aPlan({ steps: [step("one"), step("two", { needs: ["one"], will_ask: true })] });
const ports = (open: ExecutionPlan[], deleted: number[] = []) => ({
  plans: {
    open: () => open,
    numbered: () => PLAN,
    playbooks: () => [],
    delete: (number: number) => void deleted.push(number),
    cancelAll: () => open.length,
  },
});

test("plan lists what is open and how one is made, and shows one readable anywhere", async () => {
  const { context } = fakeContext(ports([PLAN]));
  expect(await plan.run("", context)).toContain("**Plan 3** “A trip to Oslo”: waits for your decision, 2 steps.");
  const shown = await plan.run("show 3", context);
  expect(shown).toContain("1. Do \\*one\\* (`one`): add\\_todo");
  expect(shown).toContain("2. Do \\*two\\* (`two`): add\\_todo · after one · asks you first");
  expect(shown).toContain("`/plan run 3`");
  expect(await plan.run("run", context)).toContain("Say its number");
});

test("plan decides, runs and saves through the same tool as the model, and says what it did", async () => {
  const deleted: number[] = [];
  const { context, calls } = fakeContext(ports([PLAN], deleted));
  expect(await plan.run("run #3", context)).toContain("Plan 3 runs");
  await plan.run("reject 3 two, one", context);
  await plan.run("approve 3", context);
  expect(await plan.run("save 3 as My-Trip", context)).toContain("playbook my-trip");
  expect(await plan.run("delete 3", context)).toBe("Deleted plan 3.");
  expect(calls.map(([, input]) => input)).toEqual([
    { do: "run", plan: 3 },
    { do: "reject", plan: 3, step: "two" },
    { do: "reject", plan: 3, step: "one" },
    { do: "approve", plan: 3 },
    { do: "save_playbook", plan: 3, playbook: "my-trip" },
  ]);
  expect(deleted).toEqual([3]);
});

test("playbook runs one with its variables, and asks back where it does not understand", async () => {
  const { context } = fakeContext();
  const calls: unknown[] = [];
  const run = {
    ...context,
    ports: {
      ...context.ports,
      callTool: async (_name: string, input: unknown) => {
        calls.push(input);
        return { output: { started: { plan: 8 } }, summary: "", status: "done" as const };
      },
    },
  };
  expect(await playbook.run('run trip-plan place=Oslo dates="3 days"', run)).toContain("as plan 8");
  expect(calls).toEqual([{ do: "run_playbook", playbook: "trip-plan", variables: { place: "Oslo", dates: "3 days" } }]);
  await expect(async () => playbook.run("run trip-plan to Oslo", run)).rejects.toThrow("name=value");
});

test("cancel with `all` stops plans too, and status shows them", async () => {
  const { context } = fakeContext({
    cancel: async () => ({ stopped: 0, dropped: 0 }),
    ...ports([aPlan({ status: "running", steps: [step("a", { status: "done" }), step("b")] })]),
  });
  expect(await cancel.run("all", context)).toBe("Stopped 1 plan.");
  expect(await status.run("", context)).toContain("runs, 1 of 2 steps done");
});
