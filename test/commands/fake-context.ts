import { MargayError } from "../../src/errors.ts";
import type { ExecutionPlan } from "../../src/plans/shapes.ts";
import type { TaskView } from "../../src/tasks/shapes.ts";
import type { MemoryView } from "../../src/memory/shapes.ts";
import type { ApprovalView } from "../../src/channels/approval-view.ts";
import type { CommandContext, CommandPorts } from "../../src/commands/command.ts";

/** Nothing was pasted. */
export const NOTHING_HELD = {
  held: () => [],
  save: async () => "GitHub token",
  discard: () => "GitHub token",
  restore: async () => "GitHub token",
};

/** An approval as commands see it. */
export const approvalView = (change: Partial<ApprovalView> = {}): ApprovalView => ({
  id: "a1",
  number: 7,
  state: "pending",
  tool: "send_mail",
  effect: "external",
  description: "Mail bob@example.com",
  reason: "This leaves for other people or services.",
  destinations: [{ text: "bob@example.com", yours: true, notes: [] }],
  arguments: '{\n  "to": "bob@example.com"\n}',
  warning: null,
  always: "send_mail to bob@example.com",
  channel: "web",
  turn_id: "t1",
  created_at: 0,
  expires_at: Date.parse("2026-11-19T10:15:00+01:00"),
  answered_at: null,
  answered_on: null,
  scope: null,
  note: null,
  outcome: null,
  ...change,
});

/** A task as the API shows it. */
export const aTask = (change: Partial<TaskView> = {}): TaskView => ({
  id: "k1",
  number: 3,
  title: "Find flights",
  input: "Find flights",
  profile: "research",
  tier: "smart",
  status: "running",
  origin: "agent",
  progress: "",
  result: "",
  error: null,
  tainted: false,
  counts: { steps: 1, tool_calls: 0, tokens: 10, cost_micro_usd: 20_000 },
  limits: { steps: 40, tokens: 600_000, micro_usd: 2_000_000, minutes: 30 },
  artifacts: [],
  conversation_id: null,
  parent_id: null,
  created_at: 0,
  started_at: 0,
  ended_at: null,
  ...change,
});

/** A plan as the API shows it. */
export const aPlan = (change: Partial<ExecutionPlan> = {}): ExecutionPlan => ({
  id: "p1",
  number: 3,
  goal: "A trip to Oslo",
  status: "proposed",
  revision: "r1",
  steps: [],
  origin: "agent",
  tainted: false,
  playbook: null,
  cost_micro_usd: 0,
  artifacts: [],
  conversation_id: null,
  created_at: 0,
  started_at: null,
  ended_at: null,
  ...change,
});

/** A memory as the API shows it. */
export const aView = (change: Partial<MemoryView>): MemoryView => ({
  id: "m1",
  kind: "fact",
  text: "Lives in Oslo",
  about_at: null,
  source: { kind: "chat", id: "message-1", quote: "I live in Oslo", channel: "web" },
  confidence: 1,
  tainted: false,
  pinned: false,
  created_at: 0,
  updated_at: 0,
  last_used_at: null,
  uses: 0,
  replaces: null,
  superseded_at: null,
  superseded_by: null,
  expires_at: null,
  ...change,
});

function noSkill(): never {
  throw new MargayError("not_found", "There is no such skill.");
}

/** A context whose tools answer as told, and which writes down what was called. */
export function fakeContext(overrides: Partial<CommandPorts> = {}): { context: CommandContext; calls: [name: string, input: unknown][] } {
  const calls: [name: string, input: unknown][] = [];
  const todo = (title: string, id: string, n?: number) => ({ id, title, ...(n === undefined ? {} : { n }) });
  const ports: CommandPorts = {
    newConversation: () => void calls.push(["newConversation", null]),
    cancel: async () => ({ stopped: 1, dropped: 2 }),
    status: () => ({ running: null, queued: 0, spentTodayMicroUsd: 1_500, spentMonthMicroUsd: 2_340_000 }),
    tasks: {
      open: () => [],
      ended: () => [],
      numbered: (number) => aTask({ number }),
      cancel: (number) => aTask({ number, status: "cancelled" }),
      cancelAll: () => 0,
    },
    plans: { open: () => [], numbered: (number) => aPlan({ number }), playbooks: () => [], delete: () => undefined, cancelAll: () => 0 },
    files: {
      list: (path) => ({ path, folders: [], files: [], more: false, usage: { files: 0, bytes: 0, most_bytes: 1_000_000, most_files: 10 } }),
    },
    model: () => ["fast", "smart", "vision"].map((tier) => ({ tier, chain: ["offline/margay"], offline: true })),
    approvals: { waiting: () => [], numbered: () => null, answer: () => approvalView() },
    grants: { active: () => [], revoke: (id) => void calls.push(["revoke", id]) },
    undo: { list: () => [], undo: async () => ({ summary: "Added “Milk”", result: "Took back “Milk”" }) },
    activity: () => [],
    secrets: { list: () => [], delete: (name) => void calls.push(["deleteSecret", name]), ...NOTHING_HELD },
    memory: {
      list: async () => [],
      count: () => 0,
      pin: () => aView({}),
      forget: async (number) => {
        calls.push(["memory.forget", number]);
        return { memories: 1, messages: 0, verified: true };
      },
    },
    knowledge: {
      list: () => ({ total: 0, documents: [], collections: [], only: null }),
      only: (names) => [...names],
      all: () => void calls.push(["knowledge.all", null]),
      delete: async (number) => ({ name: `document ${number}`, verified: true }),
    },
    skills: { list: () => [], get: noSkill, enable: noSkill, disable: noSkill },
    listeners: { delete: async (number) => ({ number, title: "Prices" }) },
    setModel: (tier, chain) => void calls.push(["setModel", { tier, chain }]),
    async callTool(name, input) {
      calls.push([name, JSON.parse(JSON.stringify(input))]);
      const output: Record<string, unknown> = {
        add_todo: { added: { ...todo("Film", "aaaaaaaa"), priority: "p1", due: "Thu 19 Nov 2026" } },
        list_todos: {
          todos: [
            todo("Milk", "11111111", 1),
            { ...todo("Bread", "22222222", 2), due: "Fri 20 Nov 2026", overdue: true },
            todo("Eggs", "33333333", 3),
          ],
        },
        list_schedules: { schedules: [] },
        list_listeners: { listeners: [] },
        complete_todo: { completed: todo("Milk", "11111111") },
        update_todo: { updated: todo("Milk", "11111111") },
        delete_todo: { deleted: todo("Milk", "11111111") },
      };
      return { output: output[name], summary: "", status: "done" };
    },
    ...overrides,
  };
  return {
    calls,
    context: {
      now: () => Date.parse("2026-11-18T10:15:00+01:00"),
      saidAt: Date.parse("2026-11-18T10:15:00+01:00"),
      timeZone: "Europe/Oslo",
      channel: "telegram",
      publicUrl: "https://margay.example.com",
      user: { id: "u1", name: "Ada *L*", email: "ada@example.com", role: "owner" },
      ports,
    },
  };
}
