/** How often a comment is sent on a quiet stream, so that no proxy takes it for dead. */
export const HEARTBEAT_MS = 15_000;

export interface SseEvent {
  event?: string;
  id?: number;
  /** JSON text, or any text without line breaks. */
  data: string;
}

/** One event of a `text/event-stream` (WHATWG HTML, 9.2). */
export function sseEvent({ event, id, data }: SseEvent): string {
  return `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`;
}

/**
 * A `text/event-stream` answer. `produce` writes as fast as the client reads; `gone` is aborted when the client leaves. When `produce` throws, the
 * connection is cut, so that the client sees a broken stream and not an end.
 */
export function sseResponse(
  produce: (write: (text: string) => Promise<void>, gone: AbortSignal) => Promise<void>,
  headers: Record<string, string> = {},
  heartbeatMs: number = HEARTBEAT_MS,
): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const left = new AbortController();
  writer.closed.catch(() => left.abort());
  const write = (text: string): Promise<void> => writer.write(encoder.encode(text));
  const heartbeat = setInterval(() => {
    write(": still here\n\n").catch(() => {});
  }, heartbeatMs);
  const run = async (): Promise<void> => {
    try {
      await produce(write, left.signal);
      await writer.close();
    } catch (error) {
      await writer.abort(error);
    } finally {
      clearInterval(heartbeat);
    }
  };
  // After the client left, writing fails; there is nobody to tell.
  run().catch(() => {});
  return new Response(readable, {
    headers: { ...headers, "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
