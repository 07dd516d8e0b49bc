/** A limit on how long something may take. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Ends the timer. One that is left behind keeps a Durable Object awake, and that costs. */
  end(): void;
}

/** `AbortSignal.timeout(ms)` whose timer can be ended. */
export function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("It took too long.", "TimeoutError")), ms);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}

/** Does something that ends, by its signal, after so many milliseconds. The timer goes with it. */
export async function within<T>(ms: number, work: (signal: AbortSignal) => PromiseLike<T>): Promise<T> {
  const limit = timeLimit(ms);
  try {
    return await work(limit.signal);
  } finally {
    limit.end();
  }
}
