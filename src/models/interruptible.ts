/**
 * Runs one asynchronous operation at a time and lets it end early: by the caller's abort, at once, or by a time limit. Its own
 * {@link Interruptible.signal} goes to the provider, so that the connection is closed too; what a provider does with it is not waited for.
 */
export class Interruptible {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #reject: ((reason: unknown) => void) | null = null;
  #interrupted: { reason: unknown } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `onAbort` runs once when the caller aborts, also while no operation is under way. */
  constructor(outer: AbortSignal | undefined, onAbort: () => void) {
    this.#outer = outer;
    this.#onAbort = () => {
      this.#interrupt(outer?.reason);
      onAbort();
    };
    if (outer?.aborted === true) this.#interrupt(outer.reason);
    else outer?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts (or restarts) the time limit; `late` makes the error of an operation that it ends. */
  arm(ms: number, late: () => unknown): void {
    this.disarm();
    this.#timer = setTimeout(() => this.#interrupt(late()), ms);
  }

  disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Runs `work`; rejects with the reason of the interruption as soon as there is one. */
  run<T>(work: () => PromiseLike<T>): Promise<T> {
    if (this.#interrupted !== null) return Promise.reject(this.#interrupted.reason);
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      Promise.resolve(work())
        .then(resolve, reject)
        .finally(() => {
          if (this.#reject === reject) this.#reject = null;
        });
    });
  }

  /** Ends for good: no more limits, and the provider is told to stop. */
  close(): void {
    this.disarm();
    this.#outer?.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
  }

  #interrupt(reason: unknown): void {
    if (this.#interrupted !== null) return;
    this.#interrupted = { reason };
    this.disarm();
    this.#reject?.(reason);
    this.#controller.abort(reason);
  }
}
