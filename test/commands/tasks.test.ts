import { expect, test } from "vitest";
import { cancel } from "../../src/commands/cancel.ts";
import { status } from "../../src/commands/status.ts";
import { task } from "../../src/commands/task.ts";
import { tasks } from "../../src/commands/tasks.ts";
import { MargayError } from "../../src/errors.ts";
import { approvalView, aTask, fakeContext } from "./fake-context.ts";

const NO_TASKS = {
  open: () => [],
  ended: () => [],
  numbered: (number: number) => aTask({ number }),
  cancel: () => aTask(),
  cancelAll: () => 0,
};
const NOTHING = { cancel: async () => ({ stopped: 0, dropped: 0 }) };

test("cancel stops a task by its number, and says why it cannot", async () => {
  const stopped: number[] = [];
  const { context } = fakeContext({
    ...NOTHING,
    tasks: {
      ...NO_TASKS,
      cancel(number) {
        if (number > 9) throw new MargayError("not_found", `There is no task ${number}.`);
        stopped.push(number);
        return aTask({ number, status: "cancelled" });
      },
      cancelAll: () => 0,
    },
  });
  for (const args of ["3", "#3", "task 3"]) expect(await cancel.run(args, context)).toBe("Stopped task 3.");
  expect(stopped).toEqual([3, 3, 3]);
  await expect(async () => cancel.run("99", context)).rejects.toThrow("no task 99");
  expect(await cancel.run("everything", context)).toContain("`/cancel all`");
});

test("cancel alone leaves tasks alone and says that they go on; with `all` it stops them", async () => {
  const { context } = fakeContext({
    ...NOTHING,
    tasks: { ...NO_TASKS, open: () => [aTask(), aTask()], cancel: () => aTask(), cancelAll: () => 2 },
  });
  expect(await cancel.run("", context)).toBe("Nothing is running. 2 tasks go on in the background; `/cancel all` stops them.");
  expect(await cancel.run("all", context)).toBe("Stopped 2 tasks.");
  const busy = fakeContext({ tasks: { ...NO_TASKS, open: () => [aTask()], cancel: () => aTask(), cancelAll: () => 1 } });
  expect(await cancel.run("", busy.context)).toBe(
    "Stopped; 2 messages that waited were dropped. 1 task goes on in the background; `/cancel all` stops it.",
  );
  expect(await cancel.run("all", busy.context)).toBe("Stopped; 2 messages that waited were dropped. Stopped 1 task.");
});

test("status shows tasks with what they did last, their age and cost, those that wait for an answer, and how many wait for their turn", async () => {
  const { context } = fakeContext({
    tasks: {
      ...NO_TASKS,
      open: () => [
        aTask({ progress: "Read https://example.com/", started_at: context.now() - 180_000 }),
        aTask({
          number: 4,
          title: "Ask",
          status: "waiting_approval",
          counts: { steps: 1, tool_calls: 1, tokens: 5, cost_micro_usd: null },
        }),
        aTask({ number: 5, status: "queued" }),
        aTask({ number: 6, status: "queued" }),
      ],
      cancel: () => aTask(),
      cancelAll: () => 0,
    },
  });
  const text = await status.run("", context);
  expect(text).not.toContain("Nothing is running");
  expect(text).toContain("Task 3 (research), “Find flights”: Read");
  expect(text).toContain("for 3 minutes, $0.02.");
  expect(text).toContain("Task 4 (research), “Ask”: waits for your yes or no, see /approvals.");
  expect(text).toContain("2 tasks wait for their turn.");
});

test("/tasks shows what works and what ended with its cost, /tasks 3 and /task 3 what one found, with its files", async () => {
  const done = aTask({
    number: 3,
    title: "Make a chart",
    profile: "code",
    status: "done",
    result: "The sum is **42**.",
    ended_at: Date.parse("2026-11-19T08:00:00Z"),
    artifacts: [
      { path: "/outputs/a (1).csv", name: "a (1).csv", mime: "text/csv", size: 3 },
      { path: "/outputs/c.png", name: "c.png", mime: "image/png", size: 3 },
    ],
  });
  const numbered = (number: number) => {
    if (number !== 3) throw new MargayError("not_found", `There is no task ${number}.`);
    return done;
  };
  const { context } = fakeContext({
    tasks: { ...NO_TASKS, open: () => [aTask({ number: 4, status: "queued" })], ended: () => [done], numbered },
  });
  const list = await tasks.run("", context);
  expect(list).toContain("Task 4 (research), “Find flights”: waits for its turn.");
  expect(list).toMatch(/Task 3 \(code\), “Make a chart”: done, 19 Nov, \d\d:00, \$0.02\./u);
  expect(list).toContain("`/tasks 4` shows one, `/cancel 4` stops it");
  const one = await tasks.run("#3", context);
  expect(one).toContain("The sum is **42**.");
  expect(one).toContain("Files: [a (1).csv](/files?file=/outputs/a%20%281%29.csv), ![c.png](/files?file=/outputs/c.png)");
  // A to-do can have that number too.
  expect(await task.run("3", context)).toMatch(/^To-do 3: /u);
  expect(await task.run("3", context)).toContain(one);
  await expect(async () => tasks.run("99", context)).rejects.toThrow("no task 99");
  expect(await tasks.run("", fakeContext().context)).toContain("Nothing works in the background");
});

test("cancel says what still waits for a yes or no, which it leaves open", async () => {
  const approvals = { waiting: () => [approvalView(), approvalView()], numbered: () => null, answer: () => approvalView() };
  const { context } = fakeContext({ ...NOTHING, tasks: NO_TASKS, approvals });
  expect(await cancel.run("", context)).toBe(
    "Nothing is running. 2 questions wait for your yes or no; /approvals shows them, `/deny` is a no.",
  );
});

test("status says what the answer under way is doing", async () => {
  const running = { turnId: "t", startedAt: 0, text: "", doing: { tool: "run_python", printed: "Part *2* of 3" } };
  const { context } = fakeContext({ status: () => ({ running, queued: 0, spentTodayMicroUsd: 0, spentMonthMicroUsd: 0 }) });
  expect(await status.run("", { ...context, now: () => 5_000 })).toContain(
    "Answering for 5 seconds, with “Run Python” now: Part \\*2\\* of 3",
  );
});
