import { MargayError } from "../errors.ts";
import { sseEvent, sseResponse } from "./sse.ts";
import { turnLines } from "./turn-lines.ts";

/** How often in a row a broken stream is opened again without a new event before the client is left to resume by itself. */
const MAX_ATTEMPTS = 6;

export interface TurnStreamOptions {
  /** Opens the turn's lines from event `from`. */
  open: (from: number) => Promise<ReadableStream<Uint8Array>>;
  /** The first event wanted. */
  from: number;
  /** Sent first, as `event: accepted` without an id. */
  accepted?: unknown;
  headers?: Record<string, string>;
  heartbeatMs?: number;
  /** Waits between attempts; milliseconds. */
  sleep?: (ms: number) => Promise<void>;
}

/**
 * A turn as server-sent events: `event:` is the type of the turn event, `id:` its sequence number, `data:` its JSON; the last is
 * `event: end`. The turn's stream is durable, so when the object behind it restarts, the stream is opened again behind the last event sent.
 * The first opening happens before the answer begins, so that a refusal has its own status.
 */
export async function turnStream(options: TurnStreamOptions): Promise<Response> {
  const { open, from, accepted, sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } = options;
  const first = await open(from);
  return sseResponse(
    async (write, gone) => {
      if (accepted !== undefined) await write(sseEvent({ event: "accepted", data: JSON.stringify(accepted) }));
      let next = from;
      let stream: ReadableStream<Uint8Array> | null = first;
      for (let attempt = 1; attempt <= MAX_ATTEMPTS && !gone.aborted;) {
        let silent = true;
        try {
          stream ??= await open(next);
          for await (const { seq, event } of turnLines(stream, gone)) {
            await write(sseEvent({ id: seq, event: event.type, data: JSON.stringify(event) }));
            if (event.type === "end") return;
            next = Math.min(seq + 1, Number.MAX_SAFE_INTEGER);
            attempt = 0;
            silent = false;
          }
          // Ended in good order without a word: the client has seen the end already.
          if (silent) return;
        } catch (error) {
          // Refused while it ran (signed out, suspended): the stream is over for this caller.
          if (error instanceof MargayError) return;
        }
        stream = null;
        if (gone.aborted) return;
        await sleep(50 * 2 ** attempt);
        attempt++;
      }
    },
    options.headers,
    options.heartbeatMs,
  );
}
