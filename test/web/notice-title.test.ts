import { expect, test } from "vitest";
import { sentence } from "../../src/agent/approval-words.ts";
import type { ApprovalRow } from "../../src/db/object/approvals.ts";
import { noticeTitle } from "../../src/web/chat/notice-title.ts";

test.each([
  ["done", "You said yes to “Add to-do”, and it is done"],
  ["failed", "You said yes to “Add to-do”, but it failed"],
  ["unknown", "You said yes to “Add to-do”, and it was interrupted"],
  ["denied", "You said no to “Add to-do”"],
  ["expired", "Nobody answered in time about “Add to-do”"],
] as const)("noticeTitle() says what the agent is told of what is %s to the person who answered", (state, title) => {
  const row: Pick<ApprovalRow, "state" | "tool" | "note"> = { state, tool: "add_todo", note: null };
  expect(noticeTitle(`${sentence(row)}\n[content result]`)).toBe(title);
});

test("noticeTitle() leaves what is no answer as it is", () => {
  expect(noticeTitle("Task 1 (research), which worked in the background, is done.\nIt was to do:")).toBe(
    "Task 1 (research), which worked in the background, is done.",
  );
});
