import type { Channel, DeliveryContext, DeliveryResult, LiveReply } from "../channels/channel.ts";
import type { ChannelId } from "../channels/message.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { OutboxRow, OutboxStore } from "../db/object/outbox.ts";
import { type Log, whereOf } from "../log.ts";
import { replyText } from "./watch.ts";

/** Waits between attempts, milliseconds; the last one repeats. */
export const DELIVERY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000];
/** After this the delivery is given up; the answer stays in the history. */
export const DELIVERY_LIFETIME_MS = 24 * 3_600_000;
/** An attempt takes at most this long; an alarm so much later finds what a crash interrupted. */
const LEASE_MS = 60_000;
/** A live reply is shown this long at most; the answer itself comes by delivery, whenever it is ready. */
const LIVE_MS = 15 * 60_000;

export interface DeliveryDeps {
  outbox: OutboxStore;
  messages: MessageStore;
  channels: Record<ChannelId, Channel>;
  userId: string;
  secret(name: string): Promise<string | null>;
  fetch: typeof fetch;
  /** `TELEGRAM_API_ROOT`. */
  apiRoot: string | null;
  /** Wakes the object for `run()` at an instant, durably. */
  wakeAt(at: number): Promise<void>;
  log: Log;
  now(): number;
}

/** Brings replies to the push channels: shows progress while a turn runs, then delivers until told or refused. */
export class Deliveries {
  /** Live replies by turn. */
  readonly #live = new Map<string, { reply: LiveReply; limit: TimeLimit }[]>();
  /** Whether somebody asked for a round that has not begun. */
  #asked = false;
  #running: Promise<void> | null = null;

  constructor(private readonly deps: DeliveryDeps) {}

  /** A turn starts: whoever waits for it on a push channel sees that something is coming. */
  open(turnId: string): void {
    if (!this.deps.outbox.mayHavePending()) return;
    const waiting = this.deps.outbox.ofTurn(turnId).filter((row) => row.state === "live");
    const live = waiting.map((row) => {
      const limit = timeLimit(LIVE_MS);
      return { reply: this.deps.channels[row.target.channel].open?.(row.target, this.#context(row, limit.signal)) ?? QUIET, limit };
    });
    for (const { limit } of this.#live.get(turnId) ?? []) limit.end();
    if (live.length > 0) this.#live.set(turnId, live);
  }

  /** Shows the text so far where a live reply waits for this turn. `text` is asked for only then. */
  progress(turnId: string, text: () => string): void {
    const live = this.#live.get(turnId);
    if (live) for (const { reply } of live) reply.update(text());
  }

  /** Delivers what is due, one at a time. Calls while it runs join it; what they brought is seen by its next round. */
  async run(): Promise<void> {
    this.#asked = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = null;
    });
    await this.#running;
    // Asked for when the last round was over already.
    if (this.#asked) await this.run();
  }

  async #rounds(): Promise<void> {
    const { outbox, now, wakeAt } = this.deps;
    while (this.#asked) {
      this.#asked = false;
      for (let due = outbox.due(now()); due.length > 0; due = outbox.due(now())) for (const row of due) await this.#deliver(row);
      const next = outbox.nextDue();
      if (next !== null) await wakeAt(next);
    }
  }

  async #deliver(row: OutboxRow): Promise<void> {
    const { outbox, messages, channels, now, log } = this.deps;
    const attempt = outbox.startAttempt(row.id);
    await this.deps.wakeAt(now() + LEASE_MS);
    if (row.turnId !== null) {
      for (const { reply, limit } of this.#live.get(row.turnId) ?? []) {
        await reply.settle();
        limit.end();
      }
      this.#live.delete(row.turnId);
    }
    const message = row.messageId === null ? null : messages.get(row.messageId);
    const channel = channels[row.target.channel];
    if (!message || !channel.deliver) return outbox.finish(row.id, "refused", "There is nothing to deliver.");
    const result = await this.#attempt(row.id, channel, {
      id: row.id,
      turnId: row.turnId ?? message.id,
      target: row.target,
      text: message.status === "cancelled" ? `${message.text}\n\n_Stopped._`.trim() : replyText(message),
      status: message.status === "failed" || message.status === "cancelled" ? message.status : "done",
      attempt,
      // Progress shown since the row was read has saved its own state.
      state: outbox.get(row.id)?.driverState ?? null,
    });
    log("delivery", { channel: row.target.channel, result: result.kind, attempt, reason: result.kind === "told" ? null : result.reason });
    if (result.kind === "told") return outbox.finish(row.id, "told", null);
    if (result.kind === "refused") return outbox.finish(row.id, "refused", result.reason);
    if (now() - row.createdAt > DELIVERY_LIFETIME_MS) return outbox.finish(row.id, "refused", `Given up: ${result.reason}`);
    const wait = DELIVERY_DELAYS_MS[Math.min(attempt, DELIVERY_DELAYS_MS.length) - 1] ?? LEASE_MS;
    outbox.retryAt(row.id, now() + Math.max(wait, result.afterMs ?? 0), result.reason);
  }

  async #attempt(id: string, channel: Channel, delivery: Parameters<NonNullable<Channel["deliver"]>>[0]): Promise<DeliveryResult> {
    const row = this.deps.outbox.get(id);
    if (!row || !channel.deliver) return { kind: "refused", reason: "There is nothing to deliver." };
    const limit = timeLimit(LEASE_MS - 5_000);
    try {
      return await channel.deliver(delivery, this.#context(row, limit.signal));
    } catch (error) {
      // A driver's bug must not stop the other deliveries; the attempt counts and is tried again.
      this.deps.log("delivery_bug", { channel: channel.id, error: whereOf(error) }, "error");
      return { kind: "retry", reason: "The channel failed by a fault of its own." };
    } finally {
      limit.end();
    }
  }

  #context(row: OutboxRow, signal: AbortSignal): DeliveryContext {
    const { deps } = this;
    return {
      userId: deps.userId,
      fetch: deps.fetch,
      apiRoot: deps.apiRoot,
      state: row.driverState,
      now: () => deps.now(),
      secret: (name) => deps.secret(name),
      save: (state) => deps.outbox.saveDriverState(row.id, state),
      signal,
    };
  }
}

interface TimeLimit {
  signal: AbortSignal;
  end(): void;
}

/** `AbortSignal.timeout` whose timer can be ended: one that is left behind keeps the object awake, and that costs. */
function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("It took too long.", "TimeoutError")), ms);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}

const QUIET: LiveReply = { update() {}, async settle() {} };
