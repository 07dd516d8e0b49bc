import type { Channel, Delivery, DeliveryContext, DeliveryResult, LiveReply, Parsed } from "./channel.ts";
import type { ReplyTarget } from "./message.ts";
import { telegramApi } from "./telegram/api.ts";
import { Conveyor, type Stop } from "./telegram/conveyor.ts";
import { approvalCard } from "./telegram/approval-card.ts";
import { formatReply } from "./telegram/format-reply.ts";
import type { FormattedText } from "./telegram/formatted.ts";
import { type Pace, sleep, TelegramLiveReply } from "./telegram/live-reply.ts";
import { readUpdate, type TelegramInput, type TelegramTarget } from "./telegram/read-update.ts";

/** Events that are handled, but bring no message to the agent. */
const NO_MESSAGE = {
  answer: "answered with a fixed sentence",
  callback: "a button without a meaning",
  membership: "the bot was started or blocked",
} as const;

/** A file is tried so often where Telegram has a fault or gives no answer. */
const FILE_ATTEMPTS = 4;

const PACE: Pace = { everyMs: 1100, typingMs: 4500, sleep };

/**
 * The Telegram driver. It holds no token: the one call that needs it asks `context.secret("telegram:<bot>")`.
 *
 * A reply's messages are recorded through `context.save`, so a retry edits what is there. One gap remains, and no Bot API call can close
 * it: when the process dies, or the connection breaks, between sending a message and recording its id, the message is sent again.
 */
export class TelegramChannel implements Channel<TelegramInput> {
  readonly id = "telegram" as const;
  readonly delivery = "push" as const;
  /** Albums and bursts of messages are one question. */
  readonly coalesce = true;
  readonly takesFiles = true as const;
  readonly #pace: Pace;

  /** `pace`: how a growing reply is shown; the default suits Telegram. */
  constructor(pace: Partial<Pace> = {}) {
    this.#pace = { ...PACE, ...pace };
  }

  /** The message in an update, without its files: the Worker adds them once it knows whose they are. */
  async parse(raw: TelegramInput): Promise<Parsed> {
    const event = await readUpdate(raw);
    if (event.kind === "message") return { kind: "message", message: event.message };
    if (event.kind === "invalid" || event.kind === "ignored") return event;
    return { kind: "ignored", reason: NO_MESSAGE[event.kind] };
  }

  /** Null: not a Telegram target. `context.state` is what an interrupted earlier attempt saved for the same reply. */
  open(target: ReplyTarget, context: DeliveryContext): LiveReply | null {
    if (target.channel !== "telegram") return null;
    return new LazyLiveReply(async () => {
      const conveyor = await this.#conveyor(target, context, context.state);
      const format = (markdown: string) => formatReply(markdown, context.pageUrl);
      return conveyor && new TelegramLiveReply(conveyor, format, this.#pace, () => context.now(), context.signal);
    });
  }

  async deliver(delivery: Delivery, context: DeliveryContext): Promise<DeliveryResult> {
    const { target } = delivery;
    if (target.channel !== "telegram") return { kind: "refused", reason: "not a Telegram chat" };
    const conveyor = await this.#conveyor(target, context, delivery.state);
    if (!conveyor) return { kind: "refused", reason: "the bot's token is not set any more" };
    const wait = conveyor.notBefore - context.now();
    if (wait > 0) return { kind: "retry", reason: "Telegram asked to slow down", afterMs: wait };
    const { approval, files, attempt } = delivery;
    // The picture of what is asked stands above its buttons, and no question waits for its picture.
    const above = approval ? await bring(files, conveyor, attempt, 0) : [];
    if (!Array.isArray(above)) return stopped(above);
    const messages = approval
      ? approvalCard(approval)
      : formatReply(delivery.text.trim() === "" ? emptyReply(delivery.status) : delivery.text, context.pageUrl);
    const failure = await placeAll(messages, conveyor, 0);
    if (failure) return stopped(failure);
    await conveyor.dropAfter(messages.length);
    const left = approval ? [] : await bring(files, conveyor, attempt);
    if (!Array.isArray(left)) return stopped(left);
    const untold = await placeAll(formatReply(left.join("\n\n"), context.pageUrl), conveyor, messages.length);
    return untold ? stopped(untold) : { kind: "told" };
  }

  async #conveyor(target: TelegramTarget, context: DeliveryContext, saved: unknown): Promise<Conveyor | null> {
    const token = await context.secret(`telegram:${target.bot}`);
    if (token === null) return null;
    return new Conveyor(
      telegramApi({ token, root: context.apiRoot ?? null, fetch: context.fetch, signal: context.signal }),
      target,
      context,
      saved,
    );
  }
}

/** The driver as the registry has it. */
export const telegram = new TelegramChannel();

async function placeAll(messages: readonly FormattedText[], conveyor: Conveyor, from: number): Promise<Stop | null> {
  for (const [index, message] of messages.entries()) {
    const failure = await conveyor.place(from + index, message);
    if (failure) return failure;
  }
  return null;
}

/** Sends files, each as a message of its own. Gives why some cannot be sent. In the first `attempts`, where Telegram has a fault, it is tried again later; what comes after it in the chat does not wait for a file for ever, also where each attempt was interrupted. */
async function bring(files: Delivery["files"], conveyor: Conveyor, attempt: number, attempts = FILE_ATTEMPTS): Promise<Stop | string[]> {
  const left: string[] = [];
  for (const file of files) {
    const interrupted = attempt > FILE_ATTEMPTS && conveyor.wasSending(file);
    let outcome = interrupted ? conveyor.leave(file, "was interrupted each time it was sent here") : await conveyor.bring(file);
    if (outcome?.kind === "retry" && outcome.afterMs === undefined && attempt >= attempts)
      outcome = conveyor.leave(file, "could not be sent here");
    if (outcome?.kind === "left") left.push(`\`${file.path}\` ${outcome.why}. It is on your page under Files.`);
    else if (outcome) return outcome;
  }
  return left;
}

const stopped = (failure: Stop): DeliveryResult =>
  failure.kind === "refused"
    ? { kind: "refused", reason: failure.reason }
    : { kind: "retry", reason: failure.reason, ...(failure.afterMs === undefined ? {} : { afterMs: failure.afterMs }) };

function emptyReply(status: Delivery["status"]): string {
  if (status === "cancelled") return "Stopped.";
  return status === "failed" ? "I could not answer that. Please try again." : "Done. I have nothing to add.";
}

/** A live reply whose token is still being fetched; updates until then are kept. */
class LazyLiveReply implements LiveReply {
  readonly #opening: Promise<LiveReply | null>;
  #opened: LiveReply | null = null;
  #latest: string | null = null;
  #settled = false;

  constructor(open: () => Promise<LiveReply | null>) {
    this.#opening = this.#start(open);
  }

  async #start(open: () => Promise<LiveReply | null>): Promise<LiveReply | null> {
    try {
      this.#opened = await open();
      if (this.#latest !== null) this.#opened?.update(this.#latest);
      return this.#opened;
    } catch {
      // The final delivery asks for the token again and says what is wrong.
      return null;
    }
  }

  update(text: string): void {
    if (this.#settled) return;
    this.#latest = text;
    this.#opened?.update(text);
  }

  async settle(): Promise<void> {
    this.#settled = true;
    await (await this.#opening)?.settle();
  }
}
