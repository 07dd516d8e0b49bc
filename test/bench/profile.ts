/**
 * `npx tsx test/bench/profile.ts [FILE.cpuprofile]`: where the runtime's CPU goes in turns of one user, by function. Not minified, with the inspector on,
 * so slower than the benchmark; for shares, not for times.
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { freePort } from "../support/free-port.ts";
import { bundle, deployment } from "./deployment.ts";
import { table } from "./table.ts";
import { series } from "./turn.ts";

const TURNS = 200;
const TOP = 40;

const Profile = z.object({
  nodes: z.array(
    z.looseObject({ id: z.number(), callFrame: z.looseObject({ functionName: z.string(), url: z.string(), lineNumber: z.number() }) }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
const Reply = z.looseObject({ id: z.number().optional(), result: z.unknown().optional() });

/** A connection to the runtime's debugger: sends one command, gives its result. */
async function debuggerAt(port: number): Promise<(method: string, params?: object) => Promise<unknown>> {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const [target] = z.array(z.looseObject({ webSocketDebuggerUrl: z.string() })).parse(await list.json());
  if (!target) throw new Error("the inspector lists no target");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", (event) => {
    const reply = Reply.parse(JSON.parse(String(event.data)));
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply.result);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let last = 0;
  return (method, params = {}) => {
    const id = ++last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  };
}

const built = await bundle({ minify: false });
const inspectorPort = await freePort();
const margay = await deployment(built, { inspectorPort });
try {
  await series(margay, margay.owner.key, 60);
  const send = await debuggerAt(inspectorPort);
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: 200 });
  await send("Profiler.start");
  await series(margay, margay.owner.key, TURNS);
  await sleep(50);
  const { profile } = z.object({ profile: Profile }).parse(await send("Profiler.stop"));
  const file = process.argv[2];
  if (file) writeFileSync(file, JSON.stringify(profile));
  const names = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || "(anonymous)"}:${callFrame.lineNumber + 1}`]),
  );
  const self = new Map<string, number>();
  profile.samples.forEach((id, index) => {
    const name = names.get(id) ?? "?";
    self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  });
  const rows = [...self]
    .sort((a, b) => b[1] - a[1])
    .slice(0, TOP)
    .map(([name, micros]) => ({ name, value: `${(micros / 1000 / TURNS).toFixed(3)} ms a turn` }));
  process.stdout.write(`${table(rows)}\n`);
} finally {
  await margay.close();
  built.remove();
}
