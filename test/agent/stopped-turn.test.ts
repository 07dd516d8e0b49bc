import { expect, test } from "vitest";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { ContextWindow } from "../../src/agent/context-window.ts";
import type { AgentDeps } from "../../src/agent/deps.ts";
import { Turns } from "../../src/agent/turns.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { SummaryStore } from "../../src/db/object/summaries.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { TurnStore } from "../../src/db/object/turns.ts";
import { fakeModel } from "../support/fake-model.ts";
import { MemoryJournal } from "../support/memory-journal.ts";
import { objectStorage } from "../support/object-storage.ts";
import { message, START } from "./said.ts";
import type { CompiledTool } from "../../src/tools/compiled-tool.ts";
import { standIn } from "../tasks/stand-in.ts";

test("Turns.stop() says of a call that runs that it was stopped while it ran, and the record of calls does", async () => {
  const storage = objectStorage();
  const { sql } = storage;
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const now = () => START;
  const messages = new MessageStore(sql);
  const settings = new SettingStore(sql);
  const turns = new TurnStore(sql);
  const calls = new ToolCallStore(sql);
  messages.insert(message("q", "user", "Make it", { turnId: "t" }));
  turns.insert({ id: "t", taskId: "t", kind: "chat", conversationId: "main", tier: "smart", input: null, startedAt: START });
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
      messages,
      settings,
      turns,
      calls,
      transaction,
      now,
      journal: () => [...journal.results].map(([name, result]) => ({ name, result })),
      cancelRun: nothing,
      withdraw: nothing,
      inbox: new InboxStore(sql),
      outbox: new OutboxStore(sql),
      window: new ContextWindow({ messages, settings, summaries: new SummaryStore(sql), transaction, now }),
      knows: { profile: () => ({ text: "", ids: [] }), recall: async () => [], record: nothing, recorded: () => null },
      knownDestinations: () => [],
      tools: [make],
      model: () => fakeModel([{ calls: [asked] }]),
      modelName: () => "fake/one",
      hasModel: () => true,
      usageOf: () => ({
        usage: { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 1 },
        model: null,
      }),
      suspended: () => false,
      newId: () => "answer",
      audit: nothing,
      broadcast: nothing,
      openReplies: nothing,
      showProgress: nothing,
      turnEnded: nothing,
      deliver: nothing,
      log: nothing,
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
