import { startJavascriptHost } from "../../scripts/hands/javascript-host.mjs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";
import { build } from "vite";
import { join } from "node:path";
import type { Row } from "./table.ts";

const RUNS = 40;
const ROOT = join(import.meta.dirname, "../..");

/** Milliseconds of each run, as the Worker that asked for them counts. */
const Times = z.object({ cold: z.number(), warm: z.array(z.number()) });

/** The two drivers in a Worker of their own: nothing of Margay is around them, so what is measured is a run and nothing else. */
const ENTRY = `
  import { loaderRunner } from ${JSON.stringify(join(ROOT, "src/sandbox/loader.ts"))};
  import { processRunner } from ${JSON.stringify(join(ROOT, "src/sandbox/process.ts"))};
  const request = { code: "await tools.echo(1)", modules: {}, scope: { tools: ["echo"], files: { read: false, write: false } }, limits: { wallMs: 20000, cpuMs: 5000, memoryMb: 128, outputChars: 10000 } };
  const host = { ask: async () => ({ ok: true, value: 1 }) };
  export default {
    async fetch(asked, env) {
      const now = () => Date.now();
      const runner = new URL(asked.url).pathname === "/loader" ? loaderRunner(env.LOADER, now)
        : processRunner({ url: env.URL, token: env.TOKEN, fetch: (input, init) => fetch(input, init), now, newId: () => crypto.randomUUID() });
      const result = await runner.run(request, host, new AbortController().signal);
      return Response.json(result);
    },
  };`;

async function bundled(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "error",
    plugins: [{ name: "entry", resolveId: (id) => (id === "entry" ? id : null), load: (id) => (id === "entry" ? ENTRY : null) }],
    ssr: { target: "webworker", noExternal: true },
    build: {
      ssr: true,
      write: false,
      rolldownOptions: { input: "entry", external: [/^(?:node|cloudflare):/], output: { format: "es", codeSplitting: false } },
    },
  });
  const output = Array.isArray(made) ? made[0] : made;
  const chunk = output !== undefined && "output" in output ? output.output[0] : undefined;
  if (chunk?.type !== "chunk") throw new Error("the Worker of the benchmark was not built");
  return chunk.code;
}

/** What a run of code costs beyond the code: one call of a tool and its answer are in it. */
export async function benchCode(): Promise<Row[]> {
  const host = await startJavascriptHost();
  const server = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "code.mjs", contents: await bundled() }],
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      workerLoaders: { LOADER: {} },
      bindings: { URL: host.url, TOKEN: host.token },
    }),
  );
  const once = async (driver: string): Promise<number> => {
    const began = performance.now();
    const response = await server.dispatchFetch(`http://bench/${driver}`);
    const { ended } = z.object({ ended: z.string() }).parse(await response.json());
    if (ended !== "done") throw new Error(`a run by the ${driver} ended as ${ended}`);
    return performance.now() - began;
  };
  const times = async (driver: string): Promise<z.infer<typeof Times>> => {
    const cold = await once(driver);
    const warm: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      // One process waits for the next run; it has come up by now.
      if (driver === "process") await new Promise((resolve) => setTimeout(resolve, 400));
      warm.push(await once(driver));
    }
    return { cold, warm: warm.toSorted((a, b) => a - b) };
  };
  try {
    // The runtime itself comes up with the first request.
    await once("loader");
    const rows: Row[] = [];
    for (const driver of ["loader", "process"]) {
      const { cold, warm } = await times(driver);
      const at = (part: number): string => `${(warm[Math.min(warm.length - 1, Math.floor(warm.length * part))] ?? 0).toFixed(0)} ms`;
      rows.push({
        name: `a run of code by a ${driver === "loader" ? "Dynamic Worker" : "process"}, the first`,
        value: `${cold.toFixed(0)} ms`,
      });
      rows.push({ name: `… later ones, p50 / p95`, value: `${at(0.5)} / ${at(0.95)}` });
    }
    return rows;
  } finally {
    await server.dispose();
    await host.stop();
  }
}
