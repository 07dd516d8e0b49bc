import type { ApprovalView } from "../channels/approval-view.ts";
import type { Channel, Delivery, DeliveryContext, DeliveryResult, LiveReply } from "../channels/channel.ts";
import type { MessageView } from "../channels/events.ts";
import type { ChannelId, ReplyTarget } from "../channels/message.ts";
import type { SendMail } from "../channels/outgoing-mail.ts";
import type { MessageStore } from "../db/object/messages.ts";
import type { OutboxRow, OutboxStore } from "../db/object/outbox.ts";
import { type Log, whereOf } from "../log.ts";
import { type TimeLimit, timeLimit } from "../time-limit.ts";
import type { ReplyFiles } from "./reply-files.ts";
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
  /** Where the page is; absent or null: not known. */
  pageUrl?: string | null;
  /** What goes with replies. */
  files?: Pick<ReplyFiles, "of" | "ofQuestion" | "told">;
  /** Absent: this deployment cannot send mail. */
  sendMail?: SendMail;
  approval(id: string): ApprovalView | null;
  /** A plan as Markdown; empty: there is none. */
  planText?(id: string): string;
  /** The user may not use their agent now: nothing leaves. */
  suspended(): boolean;
  /** Wakes the object for `run()` at an instant, durably. */
  wakeAt(at: number): Promise<void>;
  log: Log;
  now(): number;
}

/**
 * Brings replies to the push channels: shows progress while a turn runs, then delivers until told or refused. To one chat or address one at a time, in
 * order; a host that hangs holds up nobody but itself.
 */
export class Deliveries {
  /** Live replies by turn. */
  readonly #live = new Map<string, { reply: LiveReply; limit: TimeLimit }[]>();
  /** Deliveries under way, by where they go. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(private readonly deps: DeliveryDeps) {}

  /** A turn starts: whoever waits for it on a push channel sees that something is coming. */
  open(turnId: string): void {
    // A turn that waited for its model starts again in the same object: what is shown of it goes on.
    if (this.#live.has(turnId) || !this.deps.outbox.mayHavePending()) return;
    const waiting = this.deps.outbox.ofTurn(turnId).filter((row) => row.state === "live");
    const live = waiting.map((row) => {
      const limit = timeLimit(LIVE_MS);
      return { reply: this.deps.channels[row.target.channel].open?.(row.target, this.#context(row, limit.signal)) ?? QUIET, limit };
    });
    if (live.length > 0) this.#live.set(turnId, live);
  }

  /** Shows the text so far where a live reply waits for this turn. `text` is asked for only then. */
  progress(turnId: string, text: () => string): void {
    const live = this.#live.get(turnId);
    if (live) for (const { reply } of live) reply.update(text());
  }

  /** Delivers what is due and plans the wake for what is not yet. Resolves when nothing is under way. */
  async run(): Promise<void> {
    const { outbox, now } = this.deps;
    for (const { target, nextAt } of inOrder(outbox.waiting())) {
      const lane = laneOf(target);
      if (nextAt > now() || this.#lanes.has(lane)) continue;
      // Begun when all of them are known: until then their rows would look as if nobody served them.
      this.#lanes.set(
        lane,
        Promise.resolve().then(() => this.#serve(lane)),
      );
    }
    await this.#plan();
    await Promise.all(this.#lanes.values());
  }

  /** Delivers what is due to one place until nothing is. */
  async #serve(lane: string): Promise<void> {
    const { outbox, now } = this.deps;
    const due = (): OutboxRow | undefined => inOrder(outbox.waiting()).find((row) => row.nextAt <= now() && laneOf(row.target) === lane);
    try {
      for (let row = due(); row !== undefined; row = due()) await this.#deliver(row);
    } finally {
      this.#lanes.delete(lane);
    }
    await this.#plan();
  }

  /** The object's next wake: for the first reply that waits where nothing is under way, and in case a crash ends what is. */
  async #plan(): Promise<void> {
    const { outbox, now, wakeAt } = this.deps;
    const times = inOrder(outbox.waiting())
      .filter(({ target }) => !this.#lanes.has(laneOf(target)))
      .map(({ nextAt }) => nextAt);
    if (this.#lanes.size > 0) times.push(now() + LEASE_MS);
    if (times.length > 0) await wakeAt(Math.min(...times));
  }

  async #deliver(row: OutboxRow): Promise<void> {
    const { outbox, messages, channels, now, log } = this.deps;
    const attempt = outbox.startAttempt(row.id);
    await this.#plan();
    if (row.turnId !== null) {
      for (const { reply, limit } of this.#live.get(row.turnId) ?? []) {
        // What was shown is the state that it saved; the answer itself comes now.
        await reply
          .settle()
          .catch((error: unknown) => log("delivery_bug", { channel: row.target.channel, error: whereOf(error) }, "error"));
        limit.end();
      }
      this.#live.delete(row.turnId);
    }
    // An attempt that comes to an end is judged then; these never did.
    if (row.interrupted && attempt > DELIVERY_DELAYS_MS.length && now() - row.createdAt > DELIVERY_LIFETIME_MS)
      return outbox.finish(row.id, "refused", "Given up: it was interrupted again and again.");
    if (this.deps.suspended()) return outbox.finish(row.id, "refused", "The account is suspended.");
    const message = row.messageId === null ? null : messages.get(row.messageId);
    const approval = row.approvalId === null ? null : this.deps.approval(row.approvalId);
    const channel = channels[row.target.channel];
    if ((!message && !approval) || !channel.deliver) return outbox.finish(row.id, "refused", "There is nothing to deliver.");
    const lane = laneOf(row.target);
    const goes = channel.takesFiles ? this.deps.files : undefined;
    let files: Delivery["files"] = [];
    const result = await this.#attempt(row.id, channel, () => {
      files = (message !== null ? goes?.of(message, lane) : approval !== null ? goes?.ofQuestion(approval) : undefined) ?? [];
      return {
        id: row.id,
        turnId: row.turnId ?? row.id,
        target: row.target,
        ...(message ? this.#spoken(message) : { text: "", status: "done" as const }),
        approval,
        files,
        attempt,
        // Progress shown since the row was read has saved its own state.
        state: outbox.get(row.id)?.driverState ?? null,
      };
    });
    log("delivery", { channel: row.target.channel, result: result.kind, attempt, reason: result.kind === "told" ? null : result.reason });
    if (result.kind === "told") this.deps.files?.told(files, lane);
    // A card may have changed while it was on its way.
    if (result.kind === "told" && approval && this.deps.approval(approval.id)?.state !== approval.state)
      return outbox.retryAt(row.id, now(), "changed");
    if (result.kind === "told") return outbox.finish(row.id, "told", null);
    if (result.kind === "refused") return outbox.finish(row.id, "refused", result.reason);
    if (now() - row.createdAt > DELIVERY_LIFETIME_MS) return outbox.finish(row.id, "refused", `Given up: ${result.reason}`);
    const wait = DELIVERY_DELAYS_MS[Math.min(attempt, DELIVERY_DELAYS_MS.length) - 1] ?? LEASE_MS;
    outbox.retryAt(row.id, now() + Math.max(wait, result.afterMs ?? 0), result.reason);
  }

  /** What is delivered of a message. Whoever has no page before them reads the plan here. */
  #spoken(message: MessageView): ReturnType<typeof spoken> {
    const said = spoken(message);
    const plan = message.plan_id === null ? "" : (this.deps.planText?.(message.plan_id) ?? "");
    return { ...said, text: [said.text, plan].filter((part) => part !== "").join("\n\n") };
  }

  async #attempt(id: string, channel: Channel, delivery: () => Delivery): Promise<DeliveryResult> {
    const row = this.deps.outbox.get(id);
    if (!row || !channel.deliver) return { kind: "refused", reason: "There is nothing to deliver." };
    const limit = timeLimit(LEASE_MS - 5_000);
    try {
      return await channel.deliver(delivery(), this.#context(row, limit.signal));
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
      pageUrl: deps.pageUrl ?? null,
      sendMail: deps.sendMail ?? null,
      state: row.driverState,
      now: () => deps.now(),
      secret: (name) => deps.secret(name),
      save: (state) => deps.outbox.saveDriverState(row.id, state),
      signal,
    };
  }
}

/**
 * What may be delivered next. In a chat an answer that has to wait holds those behind it, which would overtake it; callbacks stand each for itself.
 * `waiting` is in the order the replies were made.
 */
function inOrder(waiting: readonly OutboxRow[]): OutboxRow[] {
  const chats = new Set<string>();
  return waiting.filter(({ target }) => {
    if (target.channel !== "telegram") return true;
    const lane = laneOf(target);
    return !chats.has(lane) && chats.add(lane);
  });
}

/** Where a reply goes: a chat of a bot, an address, or the host of a callback. */
function laneOf(target: ReplyTarget): string {
  if (target.channel === "telegram") return `telegram:${target.bot}:${target.chatId}`;
  if (target.channel === "email") return `email:${target.to}`;
  return target.channel === "webhook" && target.callbackUrl !== undefined ? new URL(target.callbackUrl).host : target.channel;
}

/** What a reply says on its way out. */
function spoken(message: MessageView): { text: string; status: Delivery["status"] } {
  if (message.status === "cancelled") return { text: `${message.text}\n\n_Stopped._`.trim(), status: "cancelled" };
  const text = replyText(message);
  const waits = message.tool_calls.some(({ status }) => status === "waiting");
  return { text: text === "" && waits ? "I need your yes for this first." : text, status: message.status === "failed" ? "failed" : "done" };
}

const QUIET: LiveReply = { update() {}, async settle() {} };
