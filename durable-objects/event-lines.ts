import type { NumberedEvent } from "../src/agent/turn-log.ts";

/** Events as lines of JSON. When the reader goes away, the work behind it is aborted. */
export function eventLines(
  work: (send: (event: NumberedEvent) => void, signal: AbortSignal) => Promise<unknown>,
): ReadableStream<Uint8Array> {
  const abort = new AbortController();
  const encoder = new TextEncoder();
  const { readable, writable } = new IdentityTransformStream();
  const writer: WritableStreamDefaultWriter<Uint8Array> = writable.getWriter();
  const gone = (): void => abort.abort();
  writer.closed.catch(gone);
  let last: Promise<void> = Promise.resolve();
  const send = (event: NumberedEvent): void => {
    if (abort.signal.aborted) return;
    last = writer.write(encoder.encode(`${JSON.stringify(event)}\n`));
    last.catch(gone);
  };
  const run = async (): Promise<void> => {
    try {
      await work(send, abort.signal);
      await last;
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(gone);
    }
  };
  void run();
  return readable;
}
