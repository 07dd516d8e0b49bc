import { expect, test } from "vitest";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { type CallRecord, endWithout } from "../../src/tools/gate-deps.ts";
import { objectStorage } from "../support/object-storage.ts";

test("ranSince() counts the calls of a tool that were let run, the one that runs included, whoever made them and however they ended", () => {
  const calls = new ToolCallStore(objectStorage().sql);
  const begin = (id: string, more: Partial<CallRecord> = {}): void =>
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
  begin("runs");
  begin("failed");
  calls.end("failed", { ...endWithout("unknown", '""', "", 1_001), state: "failed" });
  begin("done by a task", { turnId: "t1" });
  calls.end("done by a task", { ...endWithout("unknown", '""', "", 1_001), state: "done" });
  begin("refused", { state: "denied", decision: "deny" });
  begin("waits", { state: "waiting", decision: "ask" });
  begin("earlier", { startedAt: 999 });
  begin("another", { tool: "web_fetch" });
  expect(calls.ranSince("web_search", 1_000)).toBe(3);
});
