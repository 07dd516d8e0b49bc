/** Properties that the runtime puts on an error of a stub call (Durable Objects, "Error handling"). */
function mayRepeat(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const is = (name: string): boolean => Reflect.get(error, name) === true;
  return (is("retryable") || is("durableObjectReset")) && !is("overloaded");
}

/**
 * Repeats a call to an object that was lost on the way (evicted, restarted, updated). Only for calls that are safe to repeat: reads, and messages
 * with an idempotency key. Waits 50 ms, then 200 ms; anything else is thrown as it is.
 */
export async function retrying<T>(call: () => Promise<T>): Promise<T> {
  for (const wait of [50, 200]) {
    try {
      return await call();
    } catch (error) {
      if (!mayRepeat(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return call();
}
