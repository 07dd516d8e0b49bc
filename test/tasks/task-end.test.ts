import { expect, test } from "vitest";
import { endNotice } from "../../src/tasks/task-end.ts";

test.each([
  [12_300, "is done. It cost $0.01."],
  [30, "is done. It cost $0.000030."],
  [0, "is done."],
  // Its price is not known.
  [null, "is done."],
])("endNotice() says what a task cost, where that is known: %s", (microUsd, says) => {
  const ended = {
    number: 3,
    title: "T",
    profile: "research",
    input: "Look",
    status: "done" as const,
    error: null,
    result: "",
    review: null,
  };
  expect(endNotice({ ...ended, microUsd }).split("\n", 1)[0]).toBe(`Task 3 (research), which worked in the background, ${says}`);
});
