import { expect, test } from "vitest";
import { Approvals } from "../../src/agent/approvals.ts";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import { ApprovalStore } from "../../src/db/object/approvals.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { plainOutcome, type CompiledTool } from "../../src/tools/compiled-tool.ts";
import { objectStorage } from "../support/object-storage.ts";
import { standIn } from "../tasks/stand-in.ts";

test("Approvals.answer() shows what an approved call prints where it is approved and with its task, and keeps none of it", async () => {
  const storage = objectStorage();
  const { sql } = storage;
  const frames: ServerFrame[] = [];
  const printed: string[] = [];
  const under: Promise<unknown>[] = [];
  const approvals = new ApprovalStore(sql);
  const tool: CompiledTool = {
    ...standIn("run_shell"),
    rare: true,
    inputSchema: {},
    call: () => Promise.reject(new Error("nobody calls it")),
    undo: null,
    async approved({ progress }) {
      await Promise.resolve();
      progress?.("Part 1 of 2");
      progress?.("Part 2 of 2");
      return plainOutcome("done", {}, "Ran it");
    },
  };
  const desk = new Approvals({
    userId: "u1",
    approvals,
    configuration: { grant: () => expect.unreachable() },
    inbox: new InboxStore(sql),
    outbox: new OutboxStore(sql),
    messages: new MessageStore(sql),
    calls: new ToolCallStore(sql),
    tools: () => [tool],
    expiryMinutes: () => ({}),
    originOf: () => ({ channel: "web", replyTo: { channel: "web" } }),
    tasks: { nameOf: () => null, settled: () => true, printed: (id, line) => void printed.push(`${id}: ${line}`) },
    pushTarget: () => null,
    isRunning: () => false,
    conversationId: () => "main",
    audit: () => undefined,
    transaction: (work) => storage.transactionSync(work),
    background: (work) => void under.push(work),
    wakeAt: async () => undefined,
    broadcast: (frame) => void frames.push(frame),
    deliver: () => undefined,
    drain: async () => undefined,
    log: () => undefined,
    now: () => 1,
    newId: () => "a1",
  });
  approvals.insert({
    id: "a1",
    callId: "t1:0.0",
    turnId: "t1",
    taskId: null,
    conversationId: "main",
    channel: "web",
    replyTo: { channel: "web" },
    tool: "run_shell",
    version: "1",
    effect: "write",
    input: "{}",
    inputHash: "",
    destinations: [],
    description: "Run it",
    reason: "You want to be asked.",
    suspicious: false,
    tainted: false,
    unattended: false,
    saidAt: 1,
    createdAt: 1,
    expiresAt: 1_000,
  });
  expect(desk.answer("a1", { answer: "once" }, "web").ok).toBe(true);
  await Promise.all(under);
  const shown = frames.flatMap((frame) => (frame.type === "approval" ? [[frame.approval.state, frame.approval.progress]] : []));
  expect(shown).toEqual([
    ["executing", undefined],
    ["executing", undefined],
    ["executing", "Part 1 of 2"],
    ["executing", "Part 2 of 2"],
    ["done", undefined],
  ]);
  expect(printed).toEqual(["t1: Part 1 of 2", "t1: Part 2 of 2"]);
  expect(JSON.stringify(desk.list({ state: "all", limit: 5 }))).not.toContain("Part");
});
