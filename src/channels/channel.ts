import type { ErrorBody } from "../errors.ts";
import type { ApprovalView } from "./approval-view.ts";
import type { ChannelId, InboundMessage, ReplyTarget } from "./message.ts";
import type { SendMail } from "./outgoing-mail.ts";

/** What a channel made of a raw request: a message, something to ignore politely, or a clear error. */
export type Parsed =
  | { kind: "message"; message: InboundMessage }
  | { kind: "ignored"; reason: string }
  | { kind: "invalid"; error: ErrorBody };

/** A file of the user's that goes with a reply. */
export interface ReplyFile {
  /** Of its content as it is now: another content has another. */
  id: string;
  path: string;
  name: string;
  mime: string;
  /** Bytes. */
  size: number;
  /** null: it is gone. Throws where what keeps it does not answer. */
  read(): Promise<Uint8Array | null>;
}

/** A finished reply on its way out. `state` is what the driver saved on earlier attempts (message ids already sent …). */
export interface Delivery {
  id: string;
  turnId: string;
  target: ReplyTarget;
  /** Markdown. */
  text: string;
  status: "done" | "failed" | "cancelled";
  /** The card to show instead of a text; shown before, it is changed to what it says now. null: this is a reply. */
  approval: ApprovalView | null;
  /** What it shows or brings, for a channel that {@link Channel.takesFiles}. */
  files: readonly ReplyFile[];
  /** Which attempt this is, from 1. */
  attempt: number;
  state: unknown;
}

/**
 * How a delivery ended. `told`: the other side confirmed. `refused`: it will never be accepted (blocked bot, 4xx): stop and keep
 * the reason. `retry`: not accepted now; `afterMs` is what the other side asked for, if it did.
 */
export type DeliveryResult = { kind: "told" } | { kind: "refused"; reason: string } | { kind: "retry"; reason: string; afterMs?: number };

/** What a driver may use while it delivers. Secrets are fetched for the one call that needs them. */
export interface DeliveryContext {
  userId: string;
  fetch: typeof fetch;
  /** UTC milliseconds. */
  now(): number;
  /** Where the channel's own API is reached (`TELEGRAM_API_ROOT`); absent or null: at its vendor's. */
  apiRoot?: string | null;
  /** Where the user's page is, without a slash at the end; absent or null: not known. */
  pageUrl?: string | null;
  /** A named secret of the user or the deployment (`telegram:shared`, `telegram:<botId>`, `webhook:signing`); null: not set. */
  secret(name: string): Promise<string | null>;
  /** Sends a mail; absent or null: this deployment cannot. */
  sendMail?: SendMail | null;
  /** Records progress durably before and after a side effect, so that a crash cannot repeat what was confirmed. */
  save(state: unknown): void;
  /** What {@link DeliveryContext.save} recorded for this reply before, for {@link Channel.open} after an interruption; absent: nothing. */
  state?: unknown;
  signal: AbortSignal;
}

/** Progress shown while a turn runs. Calls may come many times a second; the driver paces itself and never throws. */
export interface LiveReply {
  /** The whole text so far (not a delta). */
  update(text: string): void;
  /** Waits for what is in flight. Called once, before the final {@link Channel.deliver}. */
  settle(): Promise<void>;
}

/**
 * A way in and out. `pull` channels answer on the connection that asked (HTTP, WebSocket) and deliver nothing; `push` channels
 * send replies by themselves, retried until told or refused.
 */
export interface Channel<Raw = unknown> {
  readonly id: ChannelId;
  readonly delivery: "pull" | "push";
  /** Whether messages that wait together are answered together in one turn. */
  readonly coalesce: boolean;
  /** Whether files that a reply names are delivered with it. */
  readonly takesFiles?: true;
  /** Normalises one verified raw input. Pure: no I/O, no clock but `receivedAt` (UTC ms). */
  parse(raw: Raw, receivedAt: number): Parsed | Promise<Parsed>;
  /** Push channels only. */
  open?(target: ReplyTarget, context: DeliveryContext): LiveReply | null;
  deliver?(delivery: Delivery, context: DeliveryContext): Promise<DeliveryResult>;
}
