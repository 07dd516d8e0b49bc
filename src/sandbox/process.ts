import { z } from "zod";
import { MargayError } from "../errors.ts";
import { within } from "../time-limit.ts";
import type { Line } from "./converse.ts";
import type { Ended, JavascriptRunner } from "./javascript.ts";
import { NotLoaded, runWays } from "./run-ways.ts";
import { socketLine } from "./socket-line.ts";
import type { WorkerCode } from "./worker-code.ts";

export interface ProcessRunnerDeps {
  /** Where the process that runs code is asked for, on this machine. */
  url: string;
  /** Proves that it is this Margay that asks. */
  token: string;
  fetch: typeof fetch;
  now(): number;
  newId(): string;
}

const Loaded = z.union([z.object({ loaded: z.literal(true) }), z.object({ failed: z.string() })]);
/** Within which it is told how a process ended. */
const WHY_MS = 10_000;

const Why = z.object({ ended: z.enum(["time", "cpu", "memory", "error"]) });

/** Runs code in a process of its own on this machine, which a host watches and ends (`scripts/hands/`): a local runtime limits nothing by itself. */
export const processRunner = ({ url, token, fetch, now, newId }: ProcessRunnerDeps): JavascriptRunner => ({
  name: "process",
  microUsd: 0,
  run(request, host, signal) {
    const { cpuMs, memoryMb, wallMs } = request.limits;
    const headers = { authorization: `Bearer ${token}` };
    let id = "";
    const load = async (code: WorkerCode): Promise<Line> => {
      id = newId();
      const query = new URLSearchParams({ id, cpu: String(cpuMs), memory: String(memoryMb), wall: String(wallMs) });
      const response = await fetch(`${url}/run?${query.toString()}`, { headers: { ...headers, upgrade: "websocket" }, signal }).catch(
        () => {
          signal.throwIfAborted();
          throw new MargayError(
            "not_configured",
            "What runs code on this machine does not answer. Whoever started Margay has to start it again.",
          );
        },
      );
      if (!response.webSocket) throw new Error(`the process for code answered ${response.status}`);
      return loaded(socketLine(response.webSocket), code);
    };
    const why = async (): Promise<Ended> => {
      try {
        const response = await within(WHY_MS, (limit) => fetch(`${url}/ended?id=${id}`, { headers, signal: limit }));
        return Why.parse(await response.json()).ended;
      } catch {
        // Who would know has ended too.
        return "error";
      }
    };
    return runWays({ load, why, now }, request, host, signal);
  },
});

/** Gives the code over the line and waits until it is taken. */
async function loaded(line: Line, code: WorkerCode): Promise<Line> {
  let receive: Parameters<Line["listen"]>[0] | null = null;
  const answer = new Promise<unknown>((resolve, reject) => {
    line.listen({
      message: (data) => (receive === null ? resolve(data) : receive.message(data)),
      gone: () => (receive === null ? reject(new NotLoaded("Error: It ended while it was loaded.")) : receive.gone()),
    });
  });
  line.send(JSON.stringify(code, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value)));
  const said = Loaded.parse(JSON.parse(String(await answer)));
  if ("failed" in said) {
    line.close();
    throw new NotLoaded(said.failed);
  }
  return { ...line, listen: (to) => void (receive = to) };
}
