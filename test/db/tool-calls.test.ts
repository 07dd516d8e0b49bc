import { expect, test } from "vitest";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { type CallRecord, endWithout } from "../../src/tools/gate-deps.ts";
import { objectStorage } from "../support/object-storage.ts";

const begin = (calls: ToolCallStore, id: string, more: Partial<CallRecord> = {}): void =>
  calls.begin({
    id,
    turnId: null,
    tool: "web_search",
    version: "1",
    effect: "read",
    input: "{}",
    decision: "allow",
    reason: "",
    state: "executing",
    approvalId: null,
    startedAt: 1_000,
    ...more,
  });

test("ranSince() counts the calls of a tool that were let run, the one that runs included, whoever made them and however they ended", () => {
  const calls = new ToolCallStore(objectStorage().sql);
  begin(calls, "runs");
  begin(calls, "failed");
  calls.end("failed", { ...endWithout("unknown", '""', "", 1_001), state: "failed" });
  begin(calls, "done by a task", { turnId: "t1" });
  calls.end("done by a task", { ...endWithout("unknown", '""', "", 1_001), state: "done" });
  begin(calls, "refused", { state: "denied", decision: "deny" });
  begin(calls, "waits", { state: "waiting", decision: "ask" });
  begin(calls, "earlier", { startedAt: 999 });
  begin(calls, "another", { tool: "web_fetch" });
  expect(calls.ranSince("web_search", 1_000)).toBe(3);
});

test("end() leaves the receipt that was kept where it brings none: a call that was cut off can be taken back", () => {
  const calls = new ToolCallStore(objectStorage().sql);
  for (const id of ["cut off", "done"]) begin(calls, id);
  for (const id of ["cut off", "done"]) calls.keep(id, '"half"', 1_001);
  calls.end("cut off", endWithout("unknown", '""', "", 1_002));
  calls.end("done", { ...endWithout("unknown", '""', "", 1_003), state: "done", receipt: '"whole"' });
  expect(calls.undoable(5).map(({ id, receipt }) => [id, receipt])).toEqual([
    ["done", '"whole"'],
    ["cut off", '"half"'],
  ]);
});

test("keep() makes a call that goes on after it was taken back one to take back again, with what it did since", () => {
  const calls = new ToolCallStore(objectStorage().sql);
  for (const id of ["went on", "was done"]) {
    begin(calls, id);
    calls.keep(id, '["a"]', 1_001);
    calls.undone(id, 1_002);
    expect(calls.undoableCall(id)).toBeNull();
  }
  calls.keep("went on", '["a","b"]', 1_003);
  calls.keep("was done", '["a"]', 1_003);
  for (const id of ["went on", "was done"]) calls.end(id, { ...endWithout("unknown", '""', "", 1_004), state: "done" });
  expect(calls.undoable(5).map(({ id, receipt }) => [id, receipt])).toEqual([["went on", '["a","b"]']]);
});
