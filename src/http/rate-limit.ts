import { MargayError } from "../errors.ts";

/** Counters are dropped past this many keys, the oldest first, so that memory stays bounded. */
const MAX_KEYS = 10_000;

/**
 * At most `limit` calls in `windowMs` for a key, counted in this isolate. A brake on a signed-in user's own costly calls, not a defence against
 * guessing: another isolate counts by itself.
 */
export class RateLimit {
  readonly #windows = new Map<string, { start: number; count: number }>();
  constructor(
    readonly limit: number,
    readonly windowMs: number,
  ) {}

  /** Counts one call at `now` (UTC milliseconds). Throws `rate_limited` with `retry_after` in seconds. */
  take(key: string, now: number): void {
    const window = this.#windows.get(key);
    if (!window || now - window.start >= this.windowMs) {
      this.#windows.delete(key);
      this.#windows.set(key, { start: now, count: 1 });
      if (this.#windows.size > MAX_KEYS) for (const oldest of this.#windows.keys()) return void this.#windows.delete(oldest);
      return;
    }
    if (window.count >= this.limit) {
      const seconds = Math.max(1, Math.ceil((window.start + this.windowMs - now) / 1000));
      throw new MargayError("rate_limited", `Too many tries; try again in ${seconds} s.`, { retry_after: seconds });
    }
    window.count++;
  }
}
