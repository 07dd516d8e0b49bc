import { z } from "zod";
import { HostRequest, type RunHost, type RunRequest, type RunResult } from "./javascript.ts";

/** The way to an isolate. */
export interface Line {
  send(text: string): void;
  /** Ends the isolate's work too. */
  close(): void;
  /** Called once. `gone`: the other side has ended, or the way broke. */
  listen(to: { message(data: unknown): void; gone(): void }): void;
}

/** How a run ended, as far as the line tells it. `gone`: it broke, and whoever runs the isolate knows why. */
export type Heard = Pick<RunResult, "value" | "cut" | "error"> & { ended: RunResult["ended"] | "gone" };

const Message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("log"), lines: z.array(z.string()) }),
  z.object({ type: z.literal("ask"), id: z.number(), request: z.unknown() }),
  z.object({
    type: z.literal("end"),
    ended: z.enum(["done", "error", "output"]),
    value: z.string().optional(),
    cut: z.boolean().default(false),
    error: z.object({ name: z.string(), message: z.string(), line: z.number().int().min(1).nullable() }).optional(),
  }),
]);

/** What is answered at the same time, what may wait for that, and what code may send in all, characters. */
const AT_ONCE = 64;
const MAX_WAITING = 1_000;
const SENT = 80_000_000;
const MESSAGE_CHARS = 2_000;

/** Speaks with a run until it ends, by its own word, a limit or a stop; the line is closed then, which ends the isolate. What comes over it is not believed: it is parsed, counted and cut. */
export function converse(line: Line, request: RunRequest, host: RunHost, logs: string[], signal: AbortSignal): Promise<Heard> {
  const { limits, scope, input } = request;
  return new Promise((resolve) => {
    let over = false;
    let room = limits.outputChars;
    let sent = 0;
    let asking = 0;
    const waiting: (() => void)[] = [];
    const end = (heard: Partial<Heard> & Pick<Heard, "ended">): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve({ value: null, cut: false, error: null, ...heard });
      try {
        line.close();
      } catch {
        // It is closed.
      }
    };
    const stop = (): void => end({ ended: "stopped" });
    const timer = setTimeout(() => end({ ended: "time" }), limits.wallMs);
    const answer = async (id: number, asked: unknown): Promise<void> => {
      if (waiting.length >= MAX_WAITING) return end({ ended: "output" });
      if (asking >= AT_ONCE) await new Promise<void>((next) => waiting.push(next));
      if (over) return;
      asking++;
      try {
        const parsed = HostRequest.safeParse(asked);
        const given = parsed.success ? await host.ask(parsed.data) : REFUSED;
        if (!over) line.send(JSON.stringify({ id, answer: given }));
      } catch {
        end({ ended: "error", error: { name: "Error", message: "Something went wrong on my side while this code ran.", line: null } });
      } finally {
        asking--;
        waiting.shift()?.();
      }
    };
    signal.addEventListener("abort", stop);
    const message = (data: unknown): void => {
      if (over) return;
      sent += typeof data === "string" ? data.length : SENT;
      const said = sent > SENT ? null : read(data);
      if (said === null) return end({ ended: "output" });
      if (said.type === "ask") return void answer(said.id, said.request);
      if (said.type === "log") {
        for (const text of said.lines) {
          logs.push(text.slice(0, Math.max(0, room)));
          room -= text.length + 1;
          if (room < 0) return end({ ended: "output" });
        }
        return;
      }
      const { ended, value = null, cut, error } = said;
      if (ended === "done" && (value === null || value.length > 2 * limits.outputChars + 100)) return end({ ended: "output" });
      end({
        ended,
        value: ended === "done" ? value : null,
        cut,
        error: error ? { ...error, name: error.name.slice(0, 100), message: error.message.slice(0, MESSAGE_CHARS) } : null,
      });
    };
    line.listen({ message, gone: () => end({ ended: "gone" }) });
    if (signal.aborted) stop();
    else line.send(JSON.stringify({ scope, input: input ?? null, outputChars: limits.outputChars }));
  });
}

const REFUSED = { ok: false, error: { name: "TypeError", message: "That cannot be asked for in this way." } } as const;

function read(data: unknown): z.infer<typeof Message> | null {
  try {
    return Message.parse(JSON.parse(String(data)));
  } catch {
    return null;
  }
}
