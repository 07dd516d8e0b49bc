import { asModules, CODE_MODULE } from "./as-module.ts";
import { converse, type Heard, type Line } from "./converse.ts";
import type { Ended, RunError, RunHost, RunRequest, RunResult } from "./javascript.ts";
import { type WorkerCode, workerCode } from "./worker-code.ts";

/** An isolate that could not be made of its modules: what the engine says of them. */
export class NotLoaded extends Error {
  override readonly name = "NotLoaded";
}

export interface RunDriver {
  /** Makes a fresh isolate. Throws {@link NotLoaded}. */
  load(code: WorkerCode, request: RunRequest, signal: AbortSignal): Promise<Line>;
  /** Why the line of the last one broke. */
  why(ranMs: number): Promise<Ended>;
  now(): number;
}

/** Runs a code in the first way in which the engine can read it. */
export async function runWays(driver: RunDriver, request: RunRequest, host: RunHost, signal: AbortSignal): Promise<RunResult> {
  const began = driver.now();
  const logs: string[] = [];
  let loads = 0;
  const result = (heard: Omit<Heard, "ended">, ended: Ended): RunResult => {
    const wallMs = driver.now() - began;
    const error = ended === "done" ? null : (heard.error ?? { name: NAMES[ended], message: sentenceOf(ended, request), line: null });
    return { ...heard, ended, error, logs, wallMs, loads };
  };
  const nothing = { value: null, cut: false, error: null };
  let refusal: RunError | null = null;
  for (const code of asModules(request.code)) {
    if (signal.aborted) return result(nothing, "stopped");
    loads++;
    let line: Line;
    try {
      line = await driver.load(workerCode(code, request), request, signal);
    } catch (error) {
      if (signal.aborted) return result(nothing, "stopped");
      if (!(error instanceof NotLoaded)) throw error;
      // Of a syntax that only one of the ways has, the plain body's complaint is the one that means something.
      const told = complaint(error.message);
      refusal = refusal === null || refusal.name === "SyntaxError" ? told : refusal;
      if (!/SyntaxError/u.test(error.message)) break;
      continue;
    }
    const heard = await converse(line, request, host, logs, signal);
    return result(heard, heard.ended === "gone" ? await driver.why(driver.now() - began) : heard.ended);
  }
  return result({ ...nothing, error: refusal }, "error");
}

/** "Uncaught SyntaxError: Unexpected token ';'\n  at code.js:1:45" as an error with a line. */
function complaint(text: string): RunError {
  const [, name = "Error", message = "It could not be loaded."] =
    /(\w*Error): ([^\n]+)/u.exec(text.replace(/^[\s\S]*?Uncaught /u, "")) ?? [];
  const at = /at ([\w./-]+):(\d+)/u.exec(text);
  const elsewhere = at !== null && at[1] !== CODE_MODULE;
  return {
    name,
    message: `${message.slice(0, 1_000)}${elsewhere ? ` (in ${at[1]}, line ${at[2]})` : ""}`,
    line: at === null || elsewhere ? null : Number(at[2]),
  };
}

const NAMES: Record<Ended, string> = {
  done: "",
  error: "Error",
  time: "TimeLimit",
  cpu: "CpuLimit",
  memory: "MemoryLimit",
  output: "OutputLimit",
  stopped: "Stopped",
};

function sentenceOf(ended: Ended, { limits }: RunRequest): string {
  switch (ended) {
    case "time":
      return `It took longer than ${seconds(limits.wallMs)} and was ended.`;
    case "cpu":
      return `It computed for longer than ${seconds(limits.cpuMs)} and was ended. Is there a loop without an end?`;
    case "memory":
      return `It was ended by the runtime, most likely because it needed more than ${limits.memoryMb} MB of memory.`;
    case "output":
      return "It wrote more than it may, and was ended; the beginning is kept. Write long results to a file.";
    case "stopped":
      return "It was stopped.";
    default:
      return "It ended without a result.";
  }
}

const seconds = (ms: number): string => (ms === 1_000 ? "1 second" : `${ms / 1000} seconds`);
