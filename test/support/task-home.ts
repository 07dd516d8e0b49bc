import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { z } from "zod";
import { Occasions } from "../../src/agent/occasions.ts";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { AssignmentStore } from "../../src/db/object/executor.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { ProfileStore } from "../../src/db/object/profiles.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { StepStore } from "../../src/db/object/steps.ts";
import { TaskStore } from "../../src/db/object/tasks.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { ExecutorDesk } from "../../src/tasks/executor-desk.ts";
import { ExecutorRun } from "../../src/tasks/executor-run.ts";
import { PrintedLines } from "../../src/tasks/printed-lines.ts";
import { Profiles } from "../../src/tasks/profiles.ts";
import type { NewTask } from "../../src/tasks/task-starter.ts";
import { Tasks } from "../../src/tasks/tasks.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import type { CompiledTool } from "../../src/tools/compiled-tool.ts";
import { endWithout } from "../../src/tools/gate-deps.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { fakeModel } from "./fake-model.ts";
import { memoryGate } from "./memory-gate.ts";
import { objectStorage } from "./object-storage.ts";

export const START = Date.parse("2026-11-20T09:00:00Z");

/** A task that the coordinator gives away. */
export const aTask = (change: Partial<NewTask> = {}): NewTask => ({
  key: "t1:0.0",
  input: "Find out about boats",
  profile: "research",
  tier: null,
  content: [],
  word: false,
  tainted: false,
  origin: "agent",
  replyTo: { channel: "web" },
  taskId: "t1",
  conversationId: null,
  ...change,
});

/** Tasks of one user in plain Node: the product's own rows, desk, gate and executors, each in a storage of its own. `model` answers every executor. */
export function taskHome<Stores>(options: {
  tools?: readonly Tool<z.ZodType, Stores>[];
  stores?: Stores;
  model?: LanguageModelV4;
  executors?: number;
  /** Whether executors work on what they are given; false: a test speaks for them. */
  works?: boolean;
  offline?: boolean;
  /** The list of skills, as prompts have it. */
  skills?: string;
}) {
  const storage = objectStorage();
  const { sql } = storage;
  const clock = { now: START };
  const now = (): number => clock.now;
  const trail: NewAuditEntry[] = [];
  const frames: ServerFrame[] = [];
  const wakes: number[] = [];
  const endings: number[] = [];
  // What fails here fails for the object too, which is not ended by it.
  const background = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
  let ids = 0;
  const newId = (): string => `id${++ids}`;
  const transaction = <T>(run: () => T): T => storage.transactionSync(run);
  const inbox = new InboxStore(sql);
  const messages = new MessageStore(sql);
  const settings = new SettingStore(sql);
  const occasions = new Occasions({
    inbox,
    messages,
    outbox: new OutboxStore(sql),
    settings,
    transaction,
    audit: (entry) => void trail.push(entry),
    broadcast: () => undefined,
    deliver: () => undefined,
    drain: async () => undefined,
    conversationId: () => "main",
    now,
    newId,
  });
  const calls = new ToolCallStore(sql);
  /** Approvals that wait, by the call's id. */
  const waiting = new Map<string, string>();
  const gate = memoryGate<Stores>(options.stores as Stores, {
    log: calls,
    transaction,
    now,
    park(request) {
      waiting.set(request.call.id, request.tool);
      return `approval of ${request.call.id}`;
    },
  });
  const tools: CompiledTool[] = (options.tools ?? []).map((tool) => compileTool(tool, gate.deps));
  const store = new TaskStore(sql);
  const profiles = new Profiles({
    store: new ProfileStore(sql),
    tools: () => tools,
    granted: () => gate.state.granted,
    changed: (_name, summary) => void trail.push({ kind: "config", event: "changed", actor: "user", summary }),
    transaction,
    now,
  });
  /** What an executor has, by its task. */
  const executors = new Map<string, ExecutorRun>();
  const reached = { fails: false, begun: [] as string[], stopped: [] as string[] };
  const executorOf = (taskId: string): ExecutorRun => {
    const known = executors.get(taskId);
    if (known) return known;
    const own = objectStorage().sql;
    const run = new ExecutorRun({
      assignments: new AssignmentStore(own),
      steps: new StepStore(own),
      send: (_userId, call) => desk.handle(call),
      wakeAt: async () => undefined,
      wipe: async () => void own.exec("DROP TABLE IF EXISTS assignment"),
      background,
      log: () => undefined,
      now,
    });
    executors.set(taskId, run);
    return run;
  };
  const state = { suspended: false };
  const printed = new PrintedLines();
  const tasks: Tasks = new Tasks({
    userId: "u1",
    store,
    profiles,
    executors: {
      async begin(assignment) {
        if (reached.fails) throw new Error("not reached");
        reached.begun.push(assignment.taskId);
        if (options.model && options.works !== false) await executorOf(assignment.taskId).begin(assignment);
      },
      async stop(taskId) {
        reached.stopped.push(taskId);
        await executors.get(taskId)?.stop();
      },
    },
    atOnce: () => options.executors ?? 5,
    tools: () => tools,
    occasions: () => occasions,
    said: () => ({ words: ["look at https://named.example/"], given: [] }),
    skills: () => options.skills ?? "",
    knownDestinations: () => [],
    abort: (taskId) => desk.abort(taskId),
    printed,
    active: () => undefined,
    ended: () => void endings.push(ids),
    withdraw: (taskId) => answer(taskId),
    waits: (taskId) => [...waiting.keys()].some((id) => id.startsWith(`${taskId}:`)),
    suspended: () => state.suspended,
    audit: (entry) => void trail.push(entry),
    broadcast: (frame) => void frames.push(frame),
    transaction,
    wakeAt: (at) => void wakes.push(at),
    background,
    timeZone: () => "UTC",
    log: () => undefined,
    now,
    newId,
  });
  const desk = new ExecutorDesk({
    store,
    tasks,
    tools: () => tools,
    model: () => options.model ?? fakeModel([]),
    offline: () => options.offline ?? false,
    noteOf: () => null,
    scrub: async (texts) => [...texts],
    suspended: () => state.suspended,
    show: (taskId, line) => tasks.show(taskId, line),
    now,
  });
  /** A no to everything that a task asked. */
  function answer(taskId: string): void {
    for (const id of [...waiting.keys()].filter((one) => one.startsWith(`${taskId}:`))) {
      waiting.delete(id);
      calls.end(id, endWithout("denied", JSON.stringify({ denied: "The user said no." }), "The user said no.", now()));
    }
  }
  /** Until nothing is under way; answers no to whatever is asked. */
  async function settled(taskId: string): Promise<void> {
    for (let turn = 0; turn < 400; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const row = store.get(taskId);
      if (row === null || row.endedAt !== null) return;
      if (row.status !== "waiting_approval") continue;
      answer(taskId);
      tasks.settled(taskId);
    }
  }
  const rows = (table: string) => sql.exec(`SELECT * FROM ${table} ORDER BY rowid`).toArray();
  /** What was put into the queue for the coordinator. */
  const told = () => rows("message").filter((row) => row["role"] === "notice");
  return {
    tasks,
    desk,
    store,
    profiles,
    tools,
    gate,
    calls,
    waiting,
    occasions,
    settings,
    inbox,
    trail,
    frames,
    wakes,
    endings,
    clock,
    reached,
    state,
    settled,
    answer,
    told,
    rows,
    sql,
    printed,
    transaction,
  };
}
