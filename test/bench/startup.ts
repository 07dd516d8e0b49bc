import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Outcome } from "../../src/agent/shapes.ts";
import { removeState, startDevServer } from "../support/dev-server.ts";
import { wrangler, type Bundle } from "./deployment.ts";
import { ms, type Row } from "./table.ts";

/** A V8 CPU profile: samples of nodes, and microseconds between them. */
const Profile = z.looseObject({
  nodes: z.array(z.looseObject({ id: z.number(), callFrame: z.looseObject({ functionName: z.string() }) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Milliseconds of CPU the script takes before it can answer, by `wrangler check startup` (workerd's own profiler, on this machine). */
async function scriptCpu(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "margay-startup-"));
  try {
    const file = join(directory, "startup.cpuprofile");
    await wrangler(["check", "startup", "--outfile", file]);
    const profile = Profile.parse(JSON.parse(readFileSync(file, "utf8")));
    const idle = new Set(
      profile.nodes.filter(({ callFrame }) => ["(idle)", "(root)"].includes(callFrame.functionName)).map(({ id }) => id),
    );
    return profile.samples.reduce((sum, node, index) => sum + (idle.has(node) ? 0 : (profile.timeDeltas[index] ?? 0)), 0) / 1000;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `npm start` on an empty state, the page built, to the first answer of the offline model. Milliseconds. */
async function firstAnswer(): Promise<{ ready: number; answered: number }> {
  const start = performance.now();
  const server = await startDevServer();
  try {
    const response = await server.owner("/api/v1/chat", { method: "POST", body: JSON.stringify({ message: "What can you do?" }) });
    const outcome = Outcome.parse(await response.json());
    if (outcome.status !== "done") throw new Error(`the first turn ended as ${outcome.status}`);
    return { ready: server.startedInMs, answered: performance.now() - start };
  } finally {
    await server.stop();
    removeState(server.state);
  }
}

/** What is uploaded, what the script costs before its first request, and how soon a fresh machine has an answer. */
export async function benchStartup(bundle: Bundle): Promise<Row[]> {
  const cpu = await scriptCpu();
  const { ready, answered } = await firstAnswer();
  return [
    { name: "upload, compressed", value: `${bundle.gzipKiB.toFixed(0)} KiB`, goal: "< 2,048 KiB" },
    { name: "start-up of the script, CPU", value: ms(cpu), goal: "≤ 150 ms" },
    { name: "npm start to ready", value: ms(ready) },
    { name: "npm start to first answer", value: ms(answered), goal: "12,300 ms (the peer)" },
  ];
}
