import { untilAborted } from "../../egress/read-body.ts";
import { MargayError } from "../../errors.ts";
import { ExecEvent } from "./contract.ts";
import type { SandboxExit } from "./linux-sandbox.ts";

/** The longest line that is read, characters. The server divides what is printed into far shorter ones. */
const MAX_LINE = 4_000_000;

/** Reads what `exec` answers, a line of JSON at a time. Throws `gone` when it ends before the command did. */
export async function readExec(
  body: ReadableStream<Uint8Array> | null,
  print: (stream: "stdout" | "stderr", text: string) => void,
  signal: AbortSignal,
): Promise<SandboxExit> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = reader ? await untilAborted(reader.read(), signal) : { done: true, value: undefined };
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = ExecEvent.safeParse(jsonOf(line)).data;
        if (event === undefined) throw new MargayError("internal", "The Linux answered something that is not understood.");
        if (event.type === "exit") {
          const { type: _, ...exit } = event;
          return exit;
        }
        if (event.type !== "start" && "text" in event) print(event.type, event.text);
      }
      if (done || rest.length > MAX_LINE) throw cutOff();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof MargayError ? error : cutOff();
  } finally {
    // The end of the connection ends the command.
    void reader?.cancel().catch(() => undefined);
  }
}

const cutOff = (): MargayError =>
  new MargayError(
    "gone",
    "The Linux ended while the command ran, or the way to it broke. What it did is not known; what it changed comes back with the next command, if the Linux is still there.",
  );

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
