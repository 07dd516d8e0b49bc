import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type ExecEvent } from "../../src/sandbox/linux/contract.ts";
import { Command } from "../src/command.ts";
import { Failure } from "../src/failure.ts";
import { listFiles, readFiles } from "../src/file-work.ts";
import { agentMessage, BadFrame, type FrameKind, frame, FrameReader } from "../src/frames.ts";
import { Session } from "../src/session.ts";
import type { Wall } from "../src/wall.ts";

/** Stands where an agent is that a command has taken over: says what the test says. */
async function takenOver(answer: (request: string, say: (kind: FrameKind, payload: string | Buffer) => void) => void) {
  const [source, sink] = [new PassThrough(), new PassThrough()];
  const say = (kind: FrameKind, payload: string | Buffer) => void source.write(frame(kind, Buffer.from(payload)));
  const child = spawn("/bin/cat", { stdio: ["pipe", "ignore", "ignore"] });
  let ended = 0;
  const wall: Wall = {
    isolation: "bubblewrap",
    start: async () => ({
      process: withPid(child),
      source,
      sink,
      folders: () => [],
      memoryKills: () => 0,
      egress: { listen: { port: 0, host: "127.0.0.1" }, relay: () => null },
      end: async () => {
        ended++;
        child.kill("SIGKILL");
      },
    }),
    close: () => {},
  };
  say("J", '{"ready":true}');
  const session = await Session.start(wall, {
    id: "x",
    limits: { ...DEFAULT_LIMITS, files: 100, outputBytes: 10_000 },
    env: {},
    network: "none",
  });
  sink.on("data", (data: Buffer) => answer(data.toString("latin1"), say));
  return { session, say, ended: () => ended };
}

const withPid = (child: ChildProcess): ChildProcess & { pid: number } => Object.assign(child, { pid: child.pid ?? 0 });

async function runs(session: Session): Promise<ExecEvent[]> {
  const events: ExecEvent[] = [];
  const command = new Command(session, session.take(), { argv: ["true"], timeoutMs: 2_000 });
  await command.run((event) => void events.push(event), null);
  return events;
}

/** What no agent says while a command runs. */
const FORGERIES: [string, FrameKind, string | Buffer][] = [
  ["not JSON", "J", "{"],
  ["an unknown message", "J", '{"op":1,"do":"exec","argv":["rm"]}'],
  ["more than a message has", "J", '{"op":1,"exited":{"code":0,"signal":null,"clean":true},"extra":1}'],
  ["an answer to something else", "J", '{"op":7,"exited":{"code":0,"signal":null,"clean":true}}'],
  ["an exit code that is none", "J", '{"op":1,"exited":{"code":1e9,"signal":null,"clean":true}}'],
  ["files instead of an end", "J", `{"op":1,"entries":[]}`],
  ["a path that leads out", "J", `{"op":1,"entries":[{"path":"../../x","size":1,"sha256":"${"0".repeat(64)}","mode":420,"mtimeMs":1}]}`],
  ["a zip", "Z", "PK"],
  ["a frame of the server's", "I", "x"],
  ["too long a piece", "O", Buffer.alloc(70_000)],
  ["prototypes", "J", '{"__proto__":{"ready":true},"op":1}'],
];

for (const [name, kind, payload] of FORGERIES) {
  test(`a forged frame ends its session, and is no answer: ${name}`, async () => {
    const { session, ended } = await takenOver((request, say) => void (request.includes('"exec"') && say(kind, payload)));
    const events = await runs(session);
    expect(events.at(-1)).toMatchObject({ type: "exit", code: null, ended: "gone" });
    expect(ended()).toBe(1);
    expect(() => session.take()).toThrow(Failure);
  });
}

test("output beyond the limit is cut by the server, whoever prints it", async () => {
  const { session } = await takenOver((request, say) => {
    if (request.includes('"exec"')) for (let n = 0; n < 10; n++) say("O", "y".repeat(9_000));
    if (request.includes('"end"')) say("J", '{"op":1,"exited":{"code":0,"signal":null,"clean":true}}');
  });
  const events = await runs(session);
  expect(events.reduce((sum, event) => sum + (event.type === "stdout" && "text" in event ? event.text.length : 0), 0)).toBe(10_000);
  expect(events.at(-1)).toMatchObject({ ended: "output" });
});

test("what is said when nobody asked ends the session", async () => {
  const { session, say, ended } = await takenOver(() => {});
  say("J", '{"op":1,"done":{}}');
  await session.broken;
  expect(ended()).toBe(1);
});

test("a tree and a zip without end are cut off", async () => {
  const entries = JSON.stringify({ op: 1, entries: Array.from({ length: 1_000 }, (_, at) => ({ path: `f${at}`, kind: "symlink" })) });
  const tree = await takenOver((request, say) => {
    if (request.includes('"tree"')) for (let n = 0; n < 3; n++) say("J", entries);
  });
  await expect(listFiles(tree.session)).rejects.toMatchObject({ code: "gone" });
  const zip = await takenOver((request, say) => {
    if (request.includes('"read"')) for (let n = 0; n < 100; n++) say("Z", Buffer.alloc(65_000));
  });
  zip.session.limits.diskBytes = 1_000_000;
  let bytes = 0;
  await expect(readFiles(zip.session, ["a"], async (part) => void (bytes += part.length))).rejects.toMatchObject({ code: "gone" });
  expect(bytes).toBeLessThan(1_200_000);
});

test("FrameReader gives the frames that were written, however their bytes come, and agentMessage() parses or refuses", () => {
  const written = fc.array(fc.tuple(fc.constantFrom<FrameKind>("J", "O", "E", "Z"), fc.uint8Array({ maxLength: 300 })), { maxLength: 10 });
  fc.assert(
    fc.property(written, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (frames, steps) => {
      const bytes = Buffer.concat(frames.map(([kind, payload]) => frame(kind, payload)));
      const reader = new FrameReader();
      const read: [string, number[]][] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const step = steps[n % steps.length] ?? 1;
        for (const { kind, payload } of reader.take(bytes.subarray(at, at + step))) read.push([kind, [...payload]]);
        at += step;
      }
      expect(read).toEqual(frames.map(([kind, payload]) => [kind, [...payload]]));
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        agentMessage(Buffer.from(text));
      } catch (error) {
        expect(error).toBeInstanceOf(BadFrame);
      }
    }),
  );
});
