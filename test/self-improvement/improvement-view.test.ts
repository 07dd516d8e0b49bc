import { expect, test } from "vitest";
import { improvementView } from "../../src/self-improvement/improvement-view.ts";
import type { TaskStatus } from "../../src/tasks/shapes.ts";

const finding = {
  kind: "slow" as const,
  terms: [],
  title: "t",
  skill: null,
  count: 3,
  days: 3,
  calls: 12,
  ms: 1,
  micro_usd: 1,
  turn_ids: [],
};
const outcome = (status: TaskStatus | null, states: ("pending" | "done" | "denied")[] = [], applied = false) =>
  improvementView(
    { id: "i", finding, taskId: "t", at: 0 },
    status && { id: "t", number: 1, status },
    states.map((state) => ({ tool: "save_skill", state })),
    applied,
  ).outcome;

test("improvementView() says what came of it; a task that broke off is not one that found nothing to improve", () => {
  expect(outcome("running")).toBe("working");
  expect(outcome("waiting_approval", ["pending"])).toBe("asked");
  expect(outcome("done", ["done"])).toBe("applied");
  expect(outcome("done", [], true)).toBe("applied");
  expect(outcome("done", ["denied"])).toBe("declined");
  expect(outcome("done")).toBe("nothing");
  expect(outcome(null)).toBe("nothing");
  expect(outcome("failed")).toBe("failed");
  expect(outcome("cancelled")).toBe("failed");
});
