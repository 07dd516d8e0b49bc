import type { ApprovalView } from "../../src/channels/approval-view.ts";
import type { DocumentView } from "../../src/knowledge/shapes.ts";
import type { MemoryView } from "../../src/memory/shapes.ts";
import type { ScheduleView } from "../../src/schedule/shapes.ts";
import type { TaskView } from "../../src/tasks/shapes.ts";
import type { MessageView, Usage } from "../../src/channels/events.ts";

/** A memory that holds, said on Telegram. */
export const memory = (fields: Partial<MemoryView> = {}): MemoryView => ({
  id: "m1",
  kind: "fact",
  text: "Lives in Oslo",
  about_at: null,
  source: { kind: "chat", id: "message-1", quote: "I live in Oslo now", channel: "telegram" },
  confidence: 1,
  tainted: false,
  pinned: false,
  created_at: Date.UTC(2026, 4, 12, 12),
  updated_at: Date.UTC(2026, 4, 12, 12),
  last_used_at: null,
  uses: 0,
  replaces: null,
  superseded_at: null,
  superseded_by: null,
  expires_at: null,
  ...fields,
});

/** A document that was read. */
export const document = (fields: Partial<DocumentView> = {}): DocumentView => ({
  id: "d1",
  name: "handbook.pdf",
  type: "pdf",
  mime: "application/pdf",
  size: 2048,
  sha256: "00",
  collection_id: null,
  source_url: null,
  status: "ready",
  progress: 1,
  error: null,
  version: 1,
  pages: 4,
  chars: 9000,
  chunks: 12,
  created_at: Date.UTC(2026, 4, 12, 12),
  updated_at: Date.UTC(2026, 4, 12, 12),
  ...fields,
});

/** A task that runs. */
export const task = (fields: Partial<TaskView> = {}): TaskView => ({
  id: "k1",
  number: 3,
  title: "Find routes",
  input: "Find routes around Oslo",
  profile: "research",
  tier: "smart",
  status: "running",
  origin: "user",
  progress: "Reads a page",
  result: "",
  error: null,
  tainted: false,
  counts: { steps: 2, tool_calls: 3, tokens: 4200, cost_micro_usd: 12_000 },
  limits: { steps: 20, tokens: 200_000, micro_usd: 500_000, minutes: 15 },
  artifacts: [],
  conversation_id: null,
  parent_id: null,
  created_at: Date.UTC(2026, 4, 12, 12),
  started_at: Date.UTC(2026, 4, 12, 12),
  ended_at: null,
  ...fields,
});

/** A schedule that is due every weekday. */
export const schedule = (fields: Partial<ScheduleView> = {}): ScheduleView => ({
  id: "s1",
  number: 2,
  title: "Stretch",
  spec: { kind: "cron", expression: "0 9 * * 1-5", until: null },
  described: "every weekday at 09:00 (Europe/Oslo)",
  said: "every weekday at 9",
  action: { kind: "text", text: "Stretch" },
  status: "active",
  missed: "once",
  time_zone: null,
  next_at: Date.UTC(2026, 4, 13, 7),
  last_at: null,
  last_outcome: null,
  last_error: null,
  runs: 0,
  failures: 0,
  author: "user",
  tainted: false,
  built_in: null,
  channel: "web",
  created_at: Date.UTC(2026, 4, 12, 12),
  updated_at: Date.UTC(2026, 4, 12, 12),
  ...fields,
});

export const noUsage: Usage = { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 0 };

let seq = 0;

/** A stored message; `seq` grows with every call unless given. */
export const message = (fields: Partial<MessageView> = {}): MessageView => {
  seq += 1;
  return {
    id: `m${seq}`,
    conversation_id: "c1",
    seq,
    role: "user",
    channel: "web",
    text: "hello",
    content: [],
    tool_calls: [],
    turn_id: null,
    status: "done",
    error: null,
    model: null,
    usage: null,
    plan_id: null,
    created_at: Date.UTC(2026, 10, 20, 12),
    superseded_at: null,
    ...fields,
  };
};

/** A waiting approval. */
export const approval = (fields: Partial<ApprovalView> = {}): ApprovalView => ({
  id: "p1",
  number: 1,
  state: "pending",
  tool: "add_todo",
  effect: "write",
  description: "Add “water the plants”",
  reason: "You set this tool to always ask.",
  destinations: [],
  arguments: '{\n  "title": "water the plants"\n}',
  warning: null,
  always: "“Add to-do” with exactly these arguments",
  channel: "web",
  turn_id: "t1",
  created_at: Date.UTC(2026, 10, 20, 12),
  expires_at: Date.UTC(2026, 10, 21, 12),
  answered_at: null,
  answered_on: null,
  scope: null,
  note: null,
  outcome: null,
  ...fields,
});
