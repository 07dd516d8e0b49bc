import { withoutInvisible } from "../../html/is-hidden.ts";
import { type Block, DocumentError, type ParseLimits } from "../parsed.ts";

/** What one document's parsing may use, and what it has found so far. Every driver gets one. */
export class Work {
  readonly blocks: Block[] = [];
  readonly limits: ParseLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #now: () => number;
  readonly #end: number;
  #chars = 0;
  #units = 0;

  constructor(limits: ParseLimits, options: { signal?: AbortSignal; now?: () => number }) {
    this.limits = limits;
    this.#signal = options.signal;
    this.#now = options.now ?? Date.now;
    this.#end = this.#now() + limits.ms;
  }

  /** Throws when it was called off or takes too long. A Worker's clock stands still while it computes: only after {@link pause} is it right. */
  check(): void {
    this.#signal?.throwIfAborted();
    if (this.#now() > this.#end) throw timedOut(this.limits);
  }

  /**
   * Counts work, in about the number of characters handled. Gives back a promise to wait for when enough is done that others must have their turn, and the
   * clock must be looked at: `const pause = work.spend(n); if (pause) await pause`.
   */
  spend(units: number): Promise<void> | undefined {
    this.#units += units;
    return this.#units < UNITS_A_TURN ? undefined : this.pause();
  }

  /** Lets the event loop turn once. */
  async pause(): Promise<void> {
    this.#units = 0;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.check();
  }

  /** Milliseconds that are left. */
  left(): number {
    return Math.max(0, this.#end - this.#now());
  }

  /** Waits for something that may never come, no longer than there is time: then it throws as {@link check} does. */
  async within<T>(promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let end = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      end = () => {
        try {
          this.check();
          reject(timedOut(this.limits));
        } catch (error) {
          reject(error instanceof Error ? error : new Error("called off"));
        }
      };
      timer = setTimeout(end, this.left() + 1);
      this.#signal?.addEventListener("abort", end);
    });
    try {
      if (this.#signal?.aborted) end();
      return await Promise.race([late, promise]);
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener("abort", end);
    }
  }

  /** Adds a block, without what nobody sees. Nothing is added for empty text. */
  add(kind: Block["kind"], text: string, { page = 1, level }: { page?: number; level?: number } = {}): void {
    const shown = visible(text, kind);
    if (shown === "") return;
    this.#chars += shown.length;
    if (this.#chars > this.limits.chars || this.blocks.length >= MAX_BLOCKS) throw tooLong(this.limits);
    this.blocks.push(level === undefined ? { kind, text: shown, page } : { kind, text: shown, level, page });
  }

  /** Counts characters of what is kept until it is added, which may never be: one that throws `too_long` beyond so many. */
  holding(most = this.limits.chars): (chars: number) => void {
    let held = 0;
    return (chars) => {
      held += chars;
      if (held > most) throw tooLong(this.limits);
    };
  }

  /** Characters found. */
  get chars(): number {
    return this.#chars;
  }
}

const UNITS_A_TURN = 200_000;
/** A block costs some memory of its own, however short. */
const MAX_BLOCKS = 250_000;

/** What every reader says that is too slow. */
export const timedOut = ({ ms }: ParseLimits): DocumentError =>
  new DocumentError("timed_out", `Reading it took longer than ${Math.ceil(ms / 1000)} seconds.`);

export const tooLong = (limits: ParseLimits): DocumentError =>
  new DocumentError("too_long", `It holds more text than can be taken in (${limits.chars.toLocaleString("en")} characters).`);

/** Without characters that are not seen and half characters, lines ended by LF, no white space around (code and items keep their indentation). */
function visible(text: string, kind: Block["kind"]): string {
  const plain = withoutInvisible(text.toWellFormed())
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\t\n]/gu, "");
  return kind === "code" || kind === "list-item" ? plain.trimEnd().replace(/^(?:[ \t]*\n)+/, "") : plain.trim();
}
