import type { ChannelId, ReplyTarget } from "../channels/message.ts";
import type { ServerFrame } from "../channels/socket-protocol.ts";
import type { ApprovalStore } from "../db/object/approvals.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { InboxStore } from "../db/object/inbox.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { OutboxStore } from "../db/object/outbox.ts";
import type { Log } from "../log.ts";
import type { Effect } from "../permission/effect.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import type { ToolCallLog } from "../tools/gate-deps.ts";
import type { Configuration } from "./configuration.ts";

/** What `Approvals` stands on. */
export interface ApprovalDeps {
  userId: string;
  approvals: ApprovalStore;
  configuration: Pick<Configuration, "grant">;
  inbox: InboxStore;
  outbox: OutboxStore;
  messages: MessageStore;
  /** The record of calls. */
  calls: ToolCallLog;
  /** The tools there are now. */
  tools(): readonly CompiledTool[];
  /** Minutes that an approval waits, by effect, as the user set them. */
  expiryMinutes(): Partial<Record<Effect, number>>;
  /** Where a turn came from and where its reply goes. */
  originOf(turnId: string): { channel: ChannelId; replyTo: ReplyTarget };
  /** Tasks in the background: who asks, and whether a call was asked by one, which then goes on by itself. */
  tasks: {
    nameOf(id: string): string | null;
    settled(id: string): boolean;
    /** What was asked for it was approved, and runs now. */
    resumed(id: string): void;
    /** Shows a line that a call prints with the task that asked for it, if one did. */
    printed(id: string, line: string): void;
  };
  /** A private chat that cards may be pushed to when the channel that asked shows none; null: there is none. */
  pushTarget(): ReplyTarget | null;
  /** Whether the turn still runs. */
  isRunning(turnId: string): boolean;
  /** The conversation that has no turn of its own to go on in. */
  conversationId(): string;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  background(work: Promise<unknown>): void;
  /** Wakes the object for {@link Approvals.expire}, durably. */
  wakeAt(at: number): Promise<void>;
  broadcast(frame: ServerFrame): void;
  /** A card may be ready in the outbox. */
  deliver(): void;
  /** Starts a turn for what waits. */
  drain(): Promise<unknown>;
  log: Log;
  now(): number;
  newId(): string;
}
