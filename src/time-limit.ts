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
