import type { Line } from "./converse.ts";
import type { JavascriptRunner } from "./javascript.ts";
import { NotLoaded, runWays } from "./run-ways.ts";
import { socketLine } from "./socket-line.ts";
import type { WorkerCode } from "./worker-code.ts";

/** What the platform takes for a load beyond the included ones, millionths of a US dollar. */
export const LOAD_MICRO_USD = 2_000;

/**
 * Runs code in Dynamic Workers, a fresh one each time. Only deployed: there the platform ends what computes too long or takes too much memory. A local runtime ends nothing, and an endless loop would hang all of it.
 */
export const loaderRunner = (loader: WorkerLoader, now: () => number): JavascriptRunner => ({
  name: "loader",
  microUsd: LOAD_MICRO_USD,
  run(request, host, signal) {
    const load = async (code: WorkerCode): Promise<Line> => connect(loader, code);
    // The runtime does not say why an isolate is gone. One that computed too long did so for at least that time.
    const why = async (ranMs: number) => (ranMs >= request.limits.cpuMs ? ("cpu" as const) : ("memory" as const));
    return runWays({ load, why, now }, request, host, signal);
  },
});

async function connect(loader: WorkerLoader, { compatibilityDate, mainModule, modules, cpuMs }: WorkerCode): Promise<Line> {
  const stub = loader.load({
    compatibilityDate,
    mainModule,
    modules: withBuffers(modules),
    limits: { cpuMs },
    env: {},
    globalOutbound: null,
  });
  const abort = new AbortController();
  let response: Response;
  try {
    response = await stub.getEntrypoint().fetch("http://code/", { headers: { upgrade: "websocket" }, signal: abort.signal });
  } catch (error) {
    throw new NotLoaded(error instanceof Error ? error.message : String(error));
  }
  const socket = response.webSocket;
  if (!socket) throw new NotLoaded("It does not answer.");
  return socketLine(socket, () => abort.abort());
}

/** The loader takes bytes as buffers of their own. */
const withBuffers = (modules: WorkerCode["modules"]): Record<string, WorkerLoaderModule> =>
  Object.fromEntries(
    Object.entries(modules).map(([name, module]) => {
      if ("wasm" in module) return [name, { wasm: module.wasm.slice().buffer }];
      return [name, "data" in module ? { data: module.data.slice().buffer } : module];
    }),
  );
