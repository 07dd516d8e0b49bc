import { expect, test } from "vitest";
import { cancel } from "../../src/commands/cancel.ts";
import { status } from "../../src/commands/status.ts";
import { MargayError } from "../../src/errors.ts";
import { aTask, fakeContext } from "./fake-context.ts";

const NOTHING = { cancel: async () => ({ stopped: 0, dropped: 0 }) };

test("cancel stops a task by its number, and says why it cannot", async () => {
  const stopped: number[] = [];
  const { context } = fakeContext({
    ...NOTHING,
    tasks: {
      open: () => [],
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
  const { context } = fakeContext({ ...NOTHING, tasks: { open: () => [aTask(), aTask()], cancel: () => aTask(), cancelAll: () => 2 } });
  expect(await cancel.run("", context)).toBe("Nothing is running. 2 tasks go on in the background; `/cancel all` stops them.");
  expect(await cancel.run("all", context)).toBe("Stopped 2 tasks.");
  const busy = fakeContext({ tasks: { open: () => [aTask()], cancel: () => aTask(), cancelAll: () => 1 } });
  expect(await cancel.run("", busy.context)).toBe(
    "Stopped; 2 messages that waited were dropped. 1 task goes on in the background; `/cancel all` stops it.",
  );
  expect(await cancel.run("all", busy.context)).toBe("Stopped; 2 messages that waited were dropped. Stopped 1 task.");
});

test("status shows tasks with what they did last, their age and cost, those that wait for an answer, and how many wait for their turn", async () => {
  const { context } = fakeContext({
    tasks: {
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
  expect(text).toContain("Task 3 (research), “Find flights”: Read");
  expect(text).toContain("for 3 minutes, $0.02.");
  expect(text).toContain("Task 4 (research), “Ask”: waits for your yes or no, see /approvals.");
  expect(text).toContain("2 tasks wait for their turn.");
});
