import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Usage } from "../channels/events.ts";
import type { Channel } from "../channels/channel.ts";
import type { ApprovalView } from "../channels/approval-view.ts";
import type { ChannelId, FileRef, InboundMessage } from "../channels/message.ts";
import type { ServerFrame } from "../channels/socket-protocol.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { InboxStore } from "../db/object/inbox.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { OutboxStore } from "../db/object/outbox.ts";
import type { SettingStore } from "../db/object/settings.ts";
import type { TurnStore } from "../db/object/turns.ts";
import type { Log } from "../log.ts";
import type { Held } from "./pasted.ts";
import type { JournalRow } from "./journaled-steps.ts";
import type { Tier } from "../models/provider.ts";
import type { ExecutionPlan } from "../plans/shapes.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import type { ToolCallLog } from "../tools/gate-deps.ts";
import type { Profile } from "./assemble.ts";
import type { ContextRecord } from "../db/object/context-records.ts";
import type { ContextWindow } from "./context-window.ts";
import type { RecalledItem } from "./recalled.ts";

/** An image as a model sees it. */
export interface Image {
  bytes: Uint8Array;
  mime: string;
}

/** What is asked of recall for one request. */
export interface RecallRequest {
  /** What the user said. */
  text: string;
  /** null: a stateless run, which has none. */
  conversationId: string | null;
  /** Messages that the context holds anyway begin here; null: none. */
  fromSeq: number | null;
}

/** What a turn is made from beside the conversation, and the record of it. */
export interface Knows {
  /** The block about the user that is in every context. */
  profile(): Profile;
  /** What fits what was said, within the budgets. Never throws: a turn is answered without it. */
  recall(request: RecallRequest): Promise<RecalledItem[]>;
  /** The skills that the coordinator is told of: a part of the fixed prompt, which stays as it is while the conversation goes on, and what has changed since. Absent: there are none. */
  skills?(conversationId: string, fromSeq: number | null): { text: string; note: string };
  record(record: ContextRecord): void;
  recorded(turnId: string): ContextRecord | null;
}

/** What the coordinator works with. The object wires it; plain tests give their own. */
export interface AgentDeps {
  messages: MessageStore;
  inbox: InboxStore;
  turns: TurnStore;
  window: ContextWindow;
  knows: Knows;
  /** Addresses that the user asked to remember: they count as named by them. */
  knownDestinations(): readonly string[];
  outbox: OutboxStore;
  settings: SettingStore;
  channels: Record<ChannelId, Channel>;
  /** Runs synchronous writes as one. */
  transaction<T>(work: () => T): T;
  /** Starts a stored turn, unless it runs. */
  startRun(turnId: string): void;
  /** Aborts what a turn is doing and forgets its journal. */
  cancelRun(turnId: string): void;
  /** What the finished steps of a running turn returned. */
  journal(turnId: string): JournalRow[];
  /** The record of calls. */
  calls: Pick<ToolCallLog, "get" | "end">;
  /** Looks at the queue again at an instant, durably. */
  drainAt(at: number): void;
  /** The user may not use their agent now: nothing begins. */
  suspended(): boolean;
  /** `agent`: on whose account it goes; absent: the coordinator's. */
  model(request: { tier: Tier; turnId: string; agent?: string; onNotice(message: string): void }): LanguageModelV4;
  /** The model of a tier that answers first now, as `provider/model`. */
  modelName(tier: Tier): string;
  tools: readonly CompiledTool[];
  /** Whether a `/command` was typed; null: an ordinary message. */
  parseCommand(text: string): { name: string; args: string } | null;
  runCommand(command: { name: string; args: string }, channel: ChannelId, messageId: string): Promise<string>;
  /** What turns that only make a plan need; absent: there are none. */
  planning?: {
    /** What such a turn is told beside what the user said. */
    note(): string;
    /** Whether only the offline rules answer a tier. */
    onlyRules(tier: Tier): boolean;
    /** A plan as it is now; null: there is none. */
    find(id: string): ExecutionPlan | null;
    /** The same as Markdown; empty: there is none. */
    text(id: string): string;
  };
  /** Whether any model is chosen for a tier. */
  hasModel(tier: Tier): boolean;
  /** The bytes of an image of this user, from R2; null: gone or too large to show. */
  image(key: string): Promise<Image | null>;
  /** What the turn's model calls used, and the model that answered last. */
  usageOf(turnId: string): { usage: Usage; model: string | null };
  audit(entry: NewAuditEntry): void;
  /** Tells connected pages. */
  broadcast(frame: ServerFrame): void;
  /** A turn starts that push channels may wait for. */
  openReplies(turnId: string): void;
  /** Progress to the push channels that wait for this turn. */
  showProgress(turnId: string, text: () => string): void;
  /** A message without the keys that were pasted into it, and what was taken out. */
  takeSecrets(message: InboundMessage): Promise<{ message: InboundMessage; held: Held[] }>;
  /** Notes files that came with a message, those that are documents to be read in the background. Called in the transaction that stores the message. Gives where each is among the user's files, by its key; null: there was no room. */
  takeFiles(files: readonly FileRef[]): ReadonlyMap<string, string | null>;
  /** Texts that leave, without stored secrets and what looks like a key. */
  scrub(texts: readonly string[]): Promise<string[]>;
  /** What a turn asked and nobody answered is not asked any more. */
  withdraw(turnId: string): void;
  /** Stops what was approved in conversations and runs now. Gives how many calls. */
  stopApproved(): number;
  /** Takes back what a turn wrote, when its question is asked again. Gives how many changes. */
  undoTurn(turnId: string): Promise<number>;
  /** What a turn asked that still waits. */
  waitingOf(turnId: string): ApprovalView[];
  /** A turn's answer is stored: what it asked for is shown. */
  turnEnded(turnId: string): void;
  /** A reply may be ready in the outbox. */
  deliver(): void;
  log: Log;
  now(): number;
  newId(): string;
}

export const ZERO_USAGE: Usage = { input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, model_calls: 0 };
