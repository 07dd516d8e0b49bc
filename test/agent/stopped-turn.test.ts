import { expect, test } from "vitest";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import type { AgentDeps } from "../../src/agent/deps.ts";
import { Turns } from "../../src/agent/turns.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { fakeModel } from "../support/fake-model.ts";
import { MemoryJournal } from "../support/memory-journal.ts";
import { oneTurn } from "./one-turn.ts";
import { START } from "./said.ts";
import type { CompiledTool } from "../../src/tools/compiled-tool.ts";
import { standIn } from "../tasks/stand-in.ts";

test("Turns.stop() says of a call that runs that it was stopped while it ran, and the record of calls does", async () => {
  const { sql, messages, deps } = oneTurn("Make it");
  const calls = new ToolCallStore(sql);
  const begun = { tool: "run_shell", version: "1", effect: "write", input: "{}", decision: "allow", reason: "" } as const;
  const make: CompiledTool = {
    ...standIn("run_shell"),
    rare: false,
    inputSchema: {},
    undo: null,
    approved: () => Promise.reject(new Error("nothing is asked")),
    call({ id, turnId }) {
      calls.begin({ id, turnId, ...begun, state: "executing", approvalId: null, startedAt: START });
      calls.keep(id, '{"undo":1}', START);
      return new Promise(() => undefined);
    },
  };
  const asked = { tool: "call_tool", input: { name: "run_shell", input: {} } };
  const journal = new MemoryJournal();
  const nothing = (): undefined => undefined;
  const desk = new Turns(
    onlyThis<AgentDeps>("AgentDeps", {
      ...deps,
      calls,
      journal: () => [...journal.results].map(([name, result]) => ({ name, result })),
      cancelRun: nothing,
      withdraw: nothing,
      knows: { profile: () => ({ text: "", ids: [] }), recall: async () => [], record: nothing, recorded: () => null },
      tools: [make],
      model: () => fakeModel([{ calls: [asked] }]),
    }),
  );
  void desk.run("t", journal);
  await expect.poll(() => calls.get("t:0.0")?.state).toBe("executing");
  expect(desk.stop("t")).toBe(true);
  expect(messages.get("answer")?.tool_calls).toMatchObject([{ tool: "run_shell", status: "failed", summary: "Stopped while it ran." }]);
  expect(calls.get("t:0.0")).toMatchObject({
    state: "unknown",
    summary: "Stopped while it ran.",
    output: expect.stringContaining("not known"),
  });
  // What it had changed by then can still be taken back.
  expect(calls.undoableOf("t")).toMatchObject([{ receipt: '{"undo":1}' }]);
});
