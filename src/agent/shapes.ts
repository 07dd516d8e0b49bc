import { z } from "zod";
import type { Role } from "../auth/principal.ts";
import { Effect } from "../permission/effect.ts";
import { SelfImprovement } from "../self-improvement/shapes.ts";
import { MessageView, TurnError, TurnStatus, Usage } from "../channels/events.ts";
import { DEFAULT_HEARTBEAT, HeartbeatSettings } from "../heartbeat/shapes.ts";
import { ExecutionPlan } from "../plans/shapes.ts";
import type { ProviderId, Tier } from "../models/provider.ts";

/** What a user may do and spend, as D1 has it. Pushed to the object whenever it changes; the object keeps the newest. */
export interface Access {
  authVersion: number;
  role: Role;
  suspended: boolean;
  email: string;
  name: string;
  /** Hard caps in millionths of a US dollar; null: none. */
  dayCapMicroUsd: number | null;
  monthCapMicroUsd: number | null;
}

/** A message is stored. `turnId` is null while it waits in the queue and for commands, which are answered at once. */
export interface Receipt {
  messageId: string;
  turnId: string | null;
  duplicate: boolean;
  /** What the sender should know of it beside the answer, such as a file that there was no room for. */
  notes?: string[];
}

/** How a message was answered, or how far it is. */
export const Outcome = z.object({
  message_id: z.string(),
  turn_id: z.string().nullable(),
  /** `waiting_approval`: answered as far as it goes; a person has to say yes or no to what is in `approvals` first. */
  status: z.enum([...TurnStatus.options, "waiting_approval"]),
  /** The reply, Markdown; what there is so far when still running. */
  reply: z.string(),
  reply_message_id: z.string().nullable(),
  /** What was done, one per tool call. */
  actions: z.array(z.object({ type: z.string(), status: z.enum(["done", "failed", "denied", "waiting"]), summary: z.string() })),
  /** Approvals that wait for an answer. */
  approvals: z.array(z.string()),
  error: TurnError.nullable(),
  usage: Usage,
  model: z.string().nullable(),
  /** The plan that was made, as it is now; null: none was. */
  plan: ExecutionPlan.nullable(),
  /** What the sender should know beside the answer, such as a file that there was no room for. */
  notes: z.array(z.string()),
});
export type Outcome = z.infer<typeof Outcome>;

/** `cursor` is a message's `seq`; a page goes back in time. `search` is plain words. */
export const MessageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().positive().optional(),
  after: z.coerce.number().int().nonnegative().optional(),
  search: z.string().min(1).max(500).optional(),
  conversation_id: z.string().max(64).optional(),
  /** The id of a message: what was said around it, in its own conversation, imported ones too. Stands for `before`, `after` and `conversation_id`. */
  around: z.string().min(1).max(64).optional(),
});
export type MessageQuery = z.infer<typeof MessageQuery>;

/** A search in the history: every word must appear, the last one as a beginning. */
export const MessageSearch = MessageQuery.pick({ conversation_id: true }).extend({
  search: z.string().min(1).max(500),
  limit: z.number().int().min(1).max(200).default(50),
});

export const MessagePage = z.object({
  /** Oldest first. */
  messages: z.array(MessageView),
  /** Pass as `before` for the page before this one; null: this is the first. */
  next_before: z.number().int().nullable(),
});
export type MessagePage = z.infer<typeof MessagePage>;

export const UserSettings = z.object({
  /** IANA name; null: not known yet (UTC is used and said). */
  timeZone: z.string().max(64).nullable(),
  /** Chains per tier as `provider/model`; null: the deployment's. */
  models: z.object({ fast: z.array(z.string()).nullable(), smart: z.array(z.string()).nullable(), vision: z.array(z.string()).nullable() }),
  /** The tier a conversation uses unless asked otherwise. */
  tier: z.enum(["fast", "smart"]),
  /** What the agent is told about how to be, added to every request. */
  persona: z.string().max(4_000).default(""),
  /** How long an approval waits, in minutes by effect; what is left out: a day. */
  approvalMinutes: z.partialRecord(Effect, z.number().int().min(5).max(10_080)).default({}),
  /** Tools that are always asked about, or switched off. */
  tools: z.record(z.string().max(100), z.enum(["ask", "off"])).default({}),
  /** Whether the agent remembers by itself after conversations, without being told to. */
  memoryQuiet: z.boolean().default(true),
  heartbeat: HeartbeatSettings.default(DEFAULT_HEARTBEAT),
  /** Tasks in the background that run at once; more wait for their turn. */
  executors: z.number().int().min(1).max(20).default(5),
  /** What becomes of what stands out in the user's requests. */
  selfImprovement: SelfImprovement.default("propose"),
});
export type UserSettings = z.infer<typeof UserSettings>;

/** A model endpoint as settings show it. The key is never shown, only its last four. */
export const ProviderView = z.object({
  provider: z.string(),
  endpoint: z.string(),
  /** `user`: the user's own key; `deployment`: the owner's secret or binding; `none`: not configured. */
  source: z.enum(["user", "deployment", "none"]),
  baseUrl: z.string().nullable(),
  lastFour: z.string().nullable(),
  updatedAt: z.number().nullable(),
});
export type ProviderView = z.infer<typeof ProviderView>;

export interface ProviderInput {
  provider: ProviderId;
  endpoint: string;
  apiKey?: string | undefined;
  baseUrl?: string | undefined;
}

export const StatsRow = Usage.extend({ model: z.string(), tier: z.string(), agent: z.string(), day: z.string() });
export const Stats = z.object({
  days: z.number().int(),
  total: Usage,
  by_model: z.array(Usage.extend({ model: z.string() })),
  by_agent: z.array(Usage.extend({ agent: z.string() })),
  by_day: z.array(Usage.extend({ day: z.string() })),
  budget: z.object({
    day_cap_usd: z.number().nullable(),
    month_cap_usd: z.number().nullable(),
    day_spent_usd: z.number(),
    month_spent_usd: z.number(),
  }),
});
export type Stats = z.infer<typeof Stats>;

export const ApprovalQuery = z.object({
  state: z.enum(["pending", "open", "all"]).default("pending").describe("`open`: those that wait, and what was approved and runs."),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Of `next_before`. */
  before: z.coerce.number().int().positive().optional(),
});
export type ApprovalQuery = z.infer<typeof ApprovalQuery>;

/** One run of `/v1/chat/completions`: nothing of it enters the conversation. */
export interface CompletionInput {
  /** The last user message: the user's word. */
  text: string;
  images: { mime: string; base64: string }[];
  /** Everything before it, client-sent and therefore content. */
  history: { role: "user" | "assistant" | "system"; text: string }[];
  tier: Tier;
}
