import { z } from "zod";
import { TurnEvent } from "../channels/events.ts";

/** One line of `UserAgentApi.follow` and `.complete`. */
export const TurnLine = z.object({ seq: z.number().int().nonnegative(), event: TurnEvent });
export type TurnLine = z.infer<typeof TurnLine>;

/**
 * Reads lines of JSON as they arrive. Leaving the loop before the `end` event, and aborting `signal`, cancels the stream; after the `end` event its
 * other side closes it. Throws when the stream breaks; a half line at its end is dropped.
 */
export async function* turnLines(stream: ReadableStream<Uint8Array>, signal?: AbortSignal): AsyncGenerator<TurnLine, void, undefined> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader();
  // Cancelling resolves a read that waits, so the loop below ends.
  const stop = (): void => void reader.cancel().catch(() => {});
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const decoder = new TextDecoder();
  let rest = "";
  let open = true;
  let said = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        open = false;
        return;
      }
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") continue;
        const parsed = TurnLine.parse(JSON.parse(line));
        said ||= parsed.event.type === "end";
        yield parsed;
      }
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    if (said) void drain(reader);
    else if (open) await reader.cancel().catch(() => {});
  }
}

/** Lets the other side close its stream, which it does next; cancelling would look like a reader that left. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // All that matters was read.
  }
}
