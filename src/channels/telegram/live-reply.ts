import type { LiveReply } from "../channel.ts";
import type { Conveyor, Stop } from "./conveyor.ts";
import type { FormattedText } from "./formatted.ts";

/** How a growing reply is paced. Telegram takes about one message a second in a chat (core.telegram.org/bots/faq). */
export interface Pace {
  /** Between two calls that change the chat. */
  everyMs: number;
  /** "typing …" lasts five seconds and is renewed before it ends. */
  typingMs: number;
  /** Resolves after that time, or as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Shows nothing before there are some words: the first characters of a reply are no message yet. */
const FIRST_WORDS = 12;

/**
 * Shows a reply while it grows: "typing …" until there is text, then one message that is edited as often as Telegram likes. A reply
 * longer than one message goes on in the next. Never throws; what it could not show, the final delivery shows.
 */
export class TelegramLiveReply implements LiveReply {
  readonly #conveyor: Conveyor;
  readonly #format: (markdown: string) => FormattedText[];
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #stopped = new AbortController();
  #latest = "";
  #wake: (() => void) | null = null;
  readonly #loop: Promise<void>;

  constructor(conveyor: Conveyor, format: (markdown: string) => FormattedText[], pace: Pace, now: () => number, signal: AbortSignal) {
    this.#conveyor = conveyor;
    this.#format = format;
    this.#pace = pace;
    this.#now = now;
    signal.addEventListener("abort", () => this.#stopped.abort(), { once: true });
    if (signal.aborted) this.#stopped.abort();
    this.#loop = this.#run().catch(() => undefined);
  }

  update(text: string): void {
    this.#latest = text;
    this.#wake?.();
  }

  async settle(): Promise<void> {
    this.#stopped.abort();
    this.#wake?.();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let shown = "";
    while (!this.#stopped.signal.aborted) {
      const text = this.#latest;
      const ready = text.trim().length >= FIRST_WORDS && text !== shown;
      const failure = ready ? await this.#show(text) : this.#conveyor.shown === 0 ? await this.#conveyor.typing() : null;
      // What may have arrived is left to the final delivery: trying again for the show could only make it twice.
      if (failure?.kind === "refused" || (failure !== null && this.#conveyor.uncertain)) return;
      if (ready && failure === null) shown = text;
      await this.#rest(ready || failure !== null ? Math.max(this.#pace.everyMs, this.#conveyor.notBefore - this.#now()) : null, shown);
    }
  }

  /** Every message but the last is complete and is placed once; the last grows. */
  async #show(text: string): Promise<Stop | null> {
    const messages = this.#format(text);
    for (const [index, message] of messages.entries()) {
      if (this.#stopped.signal.aborted) return null;
      const failure = await this.#conveyor.place(index, message);
      if (failure) return failure;
    }
    return null;
  }

  /** After a call: the pace. With nothing to show: until there is something new, or "typing …" must be renewed. */
  async #rest(ms: number | null, shown: string): Promise<void> {
    const { signal } = this.#stopped;
    if (signal.aborted) return;
    if (ms !== null) return this.#pace.sleep(ms, signal);
    if (this.#latest !== shown && this.#latest.trim().length >= FIRST_WORDS) return;
    const woken = new AbortController();
    this.#wake = () => {
      if (signal.aborted || (this.#latest !== shown && this.#latest.trim().length >= FIRST_WORDS)) woken.abort();
    };
    await this.#pace.sleep(this.#conveyor.shown === 0 ? this.#pace.typingMs : 60_000, woken.signal);
    this.#wake = null;
  }
}

/** Waits on a timer; ends at once when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
