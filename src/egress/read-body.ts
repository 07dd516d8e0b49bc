import { joinBytes } from "../join-bytes.ts";

/**
 * Reads a body up to a number of bytes and lets go of the rest. Throws what the stream throws, and the signal's reason: not every stream ends by itself when its request is cancelled.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; truncated: boolean }> {
  if (body === null) return { bytes: new Uint8Array(), truncated: false };
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    while (length <= maxBytes) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return { bytes: joinBytes(parts), truncated: false };
      parts.push(value);
      length += value.byteLength;
    }
    return { bytes: joinBytes(parts, maxBytes), truncated: true };
  } finally {
    // Not awaited: a source that hangs would hang this too. After the end it does nothing.
    void reader.cancel().catch(() => {});
  }
}

/** The promise, or the signal's reason thrown as soon as it is aborted. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
