import { z } from "zod";
import type { ChannelId } from "../../src/channels/message.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { PlanStore } from "../../src/db/object/plans.ts";
import { PlaybookStore } from "../../src/db/object/playbooks.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { MargayError } from "../../src/errors.ts";
import { Playbooks } from "../../src/plans/playbooks.ts";
import { type PlanBy, type PlanOrigin, Plans } from "../../src/plans/plans.ts";
import { PlanDraft } from "../../src/plans/shapes.ts";
import type { PlanTasks } from "../../src/plans/plans-deps.ts";
import type { NewTask } from "../../src/tasks/task-starter.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import { planned } from "../../src/tools/plans/planned.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { memoryGate } from "./memory-gate.ts";
import { objectStorage } from "./object-storage.ts";

const Note = z.object({ text: z.string().min(1) });
/** A tool that notes a text, and one that sends it away. */
const tool = (name: string, effect: "write" | "external"): Tool<typeof Note, string[]> => ({
  name,
  version: 1,
  description: name,
  input: Note,
  capabilities: () => ["notes"],
  effect: () => effect,
  destinations: () => (effect === "external" ? ["bob@example.com"] : []),
  untrusted: false,
  rateLimit: { calls: 100, perMs: 60_000 },
  timeoutMs: 1_000,
  replay: "keyed",
  async execute({ text }, { stores }) {
    stores.push(text);
    return { output: { noted: text }, summary: "Noted" };
  },
});

export const USER: PlanBy = { author: "user", channel: "web", tainted: false };
export const AGENT: PlanBy = { author: "agent", channel: "web", tainted: false };

type TaskNow = NonNullable<ReturnType<PlanTasks["get"]>>;
const RUNNING: TaskNow = { status: "running", result: "", error: null, tainted: false, approvedRuns: false };

/** Plans of one user in plain Node: the product's own rows, engine and gate. Tasks are noted, and end as the test says. */
export function planHome() {
  const storage = objectStorage();
  const { sql } = storage;
  const clock = { now: Date.parse("2026-11-20T09:00:00Z") };
  const now = (): number => clock.now;
  const trail: NewAuditEntry[] = [];
  const begun: { key: string; text: string; tainted: boolean }[] = [];
  const told: string[] = [];
  const wakes: number[] = [];
  const notes: string[] = [];
  const state = { suspended: false, onlyRules: false, full: false, room: true };
  const started = new Map<string, NewTask & { vouched: boolean }>();
  const ends = new Map<string, TaskNow>();
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const calls = new ToolCallStore(sql);
  const gate = memoryGate<string[]>(notes, { log: calls, transaction, now, granted: () => ["notes"] });
  const [note, send] = [tool("note", "write"), tool("send", "external")].map((one) => compileTool(one, gate.deps));
  if (note === undefined || send === undefined) throw new Error("a tool is missing");
  /** Does as code does: it calls a tool on its own behalf, and ends well whatever became of that. */
  const code: Tool<typeof Note, string[]> = {
    ...tool("code", "write"),
    async execute({ text }, { idempotencyKey, marks, signal }) {
      if (!marks) throw new Error("no marks");
      const { status } = await send.call({ ...marks, id: `${idempotencyKey}.1`, input: { text }, signal });
      return { output: { asked: status }, summary: "Ran code" };
    },
  };
  const tools = [note, send, compileTool(code, gate.deps)];
  let ids = 0;
  const newId = (): string => `id${++ids}`;
  const going: Promise<unknown>[] = [];
  const plans = new Plans({
    store: new PlanStore(sql),
    tasks: {
      start(task, { vouched }) {
        if (!state.room) throw new MargayError("rate_limited", "So much waits already.");
        const id = `task of ${task.key}`;
        started.set(id, { ...task, vouched });
        ends.set(id, { ...RUNNING });
        return { id };
      },
      get: (id) => ends.get(id) ?? null,
      stop: (id) => void ends.set(id, { ...RUNNING, status: "cancelled" }),
    },
    tools: () => tools,
    linksOf: () => [],
    askedBy: (callId) => new TaskStore(sql).askedBy(callId),
    approvalOf: () => null,
    toolsOfProfile: (name) => (name === "research" ? ["note"] : null),
    alwaysAsks: () => false,
    occasions: () => ({
      begin: ({ key, text, tainted }) => {
        if (state.full) return "full";
        if (begun.some((one) => one.key === key)) return "known";
        begun.push({ key, text, tainted });
        return "begun";
      },
      tell: ({ text }) => {
        told.push(text);
        return "begun";
      },
      go: async () => undefined,
      home: () => ({ channel: "web" }),
      roomAt: () => clock.now + 3_600_000,
    }),
    said: () => ({ words: [], given: [] }),
    knownDestinations: () => [],
    withdraw: () => undefined,
    onlyRules: () => state.onlyRules,
    suspended: () => state.suspended,
    audit: (entry) => void trail.push(entry),
    broadcast: () => undefined,
    transaction,
    wakeAt: (at) => void wakes.push(at),
    background: (work) => void going.push(work.catch(() => undefined)),
    log: () => undefined,
    now,
    newId,
  });
  const playbooks = new Playbooks({
    store: new PlaybookStore(sql),
    plans,
    usedBy: (name) => (name === "used" ? ["schedule 3", "listener 1"] : []),
    audit: (entry) => void trail.push(entry),
    transaction,
    now,
  });
  /** Until nothing is under way. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      await Promise.all(going.splice(0));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  /** A task of a step is over, or another than it was. */
  const end = async (id: string, change: Partial<TaskNow>): Promise<void> => {
    ends.set(id, { ...RUNNING, status: "done", result: "Found.", ...change });
    plans.runner.taskChanged(id);
    await settle();
  };
  const from = (change: Partial<PlanOrigin> = {}): PlanOrigin => ({
    key: newId(),
    bodyHash: null,
    origin: "user",
    replyTo: { channel: "web" },
    taskId: null,
    conversationId: null,
    ...change,
  });
  const propose = (steps: readonly unknown[], by: PlanBy = USER) => plans.propose(PlanDraft.parse({ goal: "the goal", steps }), from(), by);
  const port = (channel: ChannelId, typed: boolean) =>
    planned({ plans, playbooks, turn: () => ({ replyTo: { channel: "web" }, channel, typed, taskId: null, conversationId: null }) });
  return { sql, clock, state, tools, trail, begun, told, wakes, notes, started, gate, plans, playbooks, settle, end, from, propose, port };
}

export const notesStep = (name: string, text: string, after: string[] = []) => ({
  name,
  title: name,
  after,
  work: { kind: "tool" as const, tool: "note", input: { text } },
});
export const agentStep = (name: string, input: string, after: string[] = []) => ({
  name,
  title: name,
  after,
  work: { kind: "agent" as const, profile: "research", input },
});
