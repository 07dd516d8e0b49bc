import { expect, test } from "vitest";
import { z } from "zod";
import { MargayError } from "../../src/errors.ts";
import { compileTool, type GateDeps, type ToolCall, type ToolCallLog } from "../../src/tools/compile-tool.ts";
import type { Tool } from "../../src/tools/tool.ts";

type Row = {
  tool: string;
  state: string;
  output: string | null;
  summary: string | null;
  input: string;
  decision: string;
  reason: string;
  startedAt: number;
};

function memoryLog(): ToolCallLog & { rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  return {
    rows,
    get: (id) => rows.get(id) ?? null,
    begin: (row) => void rows.set(row.id, { ...row, output: null, summary: null }),
    end(id, state, output, summary) {
      const row = rows.get(id);
      if (row) Object.assign(row, { state, output, summary });
    },
    countSince: (tool, since) => [...rows.values()].filter((row) => row.tool === tool && row.startedAt > since).length,
  };
}

const Input = z.object({ title: z.string().min(1).max(20) });
function toolWith(change: Partial<Tool<typeof Input, { list: string[] }>> = {}): Tool<typeof Input, { list: string[] }> {
  return {
    name: "add",
    version: 1,
    description: "Adds.",
    input: Input,
    capabilities: () => ["list.write"],
    effect: () => "write",
    destinations: () => [],
    untrusted: false,
    rateLimit: { calls: 3, perMs: 60_000 },
    timeoutMs: 1000,
    replay: "keyed",
    async execute({ title }, { stores }) {
      stores.list.push(title);
      return { output: { added: title }, summary: `Added "${title}"`, receipt: { title } };
    },
    ...change,
  };
}

function setup(tool = toolWith(), granted: string[] = ["list.write"]) {
  const list: string[] = [];
  const log = memoryLog();
  const clock = { now: 1_000_000 };
  const deps: GateDeps<{ list: string[] }> = { granted: () => granted, log, stores: { list }, now: () => clock.now, timeZone: () => "UTC" };
  const call = (change: Partial<ToolCall> = {}): ToolCall => ({
    id: "c1",
    turnId: "t1",
    input: { title: "milk" },
    origin: "turn",
    tainted: false,
    saidAt: 1_000_000,
    signal: new AbortController().signal,
    ...change,
  });
  return { compiled: compileTool(tool, deps), list, log, clock, call };
}

test("compileTool() runs an allowed call once and records it before and after", async () => {
  const { compiled, list, log, call } = setup();
  expect(await compiled.call(call())).toEqual({ status: "done", output: { added: "milk" }, summary: 'Added "milk"' });
  expect(list).toEqual(["milk"]);
  expect(log.rows.get("c1")).toMatchObject({ state: "done", decision: "allow" });
});

test("compileTool() answers a repeated call from the record", async () => {
  const { compiled, list, call } = setup();
  const first = await compiled.call(call());
  expect(await compiled.call(call())).toEqual(first);
  expect(list).toEqual(["milk"]);
});

test("compileTool() refuses input that does not parse, and runs and records nothing", async () => {
  const { compiled, list, log, call } = setup();
  for (const input of [{}, { title: "" }, { title: 1 }, null, "title", { title: "x".repeat(21) }])
    expect((await compiled.call(call({ input }))).status).toBe("failed");
  expect(list).toEqual([]);
  expect(log.rows.size).toBe(0);
});

test("compileTool() denies without the capability, with a reason, and keeps saying so", async () => {
  const { compiled, list, call } = setup(toolWith(), []);
  const outcome = await compiled.call(call());
  expect(outcome.status).toBe("denied");
  expect(outcome.summary).toContain("list.write");
  expect(await compiled.call(call())).toEqual(outcome);
  expect(list).toEqual([]);
});

test("compileTool() does not run what needs an approval", async () => {
  for (const effect of ["external", "destructive", "spend"] as const) {
    const { compiled, list, call } = setup(toolWith({ effect: () => effect }));
    expect((await compiled.call(call())).status).toBe("denied");
    expect(list).toEqual([]);
  }
});

test("compileTool() holds a tool to its rate and lets it run again later", async () => {
  const { compiled, list, clock, call } = setup();
  for (let n = 0; n < 5; n++) await compiled.call(call({ id: `c${n}` }));
  expect(list).toHaveLength(3);
  clock.now += 60_001;
  expect((await compiled.call(call({ id: "later" }))).status).toBe("done");
});

test("compileTool() does not repeat by itself what a crash left in the middle, unless that is safe", async () => {
  for (const replay of ["never", "keyed", "safe"] as const) {
    const { compiled, list, log, call } = setup(toolWith({ replay }));
    log.begin({
      id: "c1",
      turnId: "t1",
      tool: "add",
      version: 1,
      input: "{}",
      decision: "allow",
      reason: "",
      state: "executing",
      startedAt: 1,
    });
    const outcome = await compiled.call(call());
    expect(outcome.status).toBe(replay === "never" ? "failed" : "done");
    expect(list).toHaveLength(replay === "never" ? 0 : 1);
    if (replay === "never") expect(log.rows.get("c1")?.state).toBe("unknown");
  }
});

test("compileTool() gives the model the sentence of an expected refusal, and no internals of a bug", async () => {
  const refused = setup(toolWith({ execute: () => Promise.reject(new MargayError("not_found", "No such list.")) }));
  expect((await refused.compiled.call(refused.call())).output).toEqual({ error: "No such list." });
  const bug = setup(toolWith({ execute: () => Promise.reject(new TypeError("secret internals")) }));
  expect(JSON.stringify(await bug.compiled.call(bug.call()))).not.toContain("secret internals");
});

test("compileTool() stops a tool that takes too long", async () => {
  const slow = toolWith({
    timeoutMs: 20,
    execute: (_input, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
  });
  const { compiled, call } = setup(slow);
  expect((await compiled.call(call())).summary).toContain("stopped");
});

test("compileTool() bounds what goes to the model", async () => {
  const { compiled, call } = setup(toolWith({ execute: async () => ({ output: "x".repeat(300_000), summary: "big" }) }));
  expect(JSON.stringify((await compiled.call(call())).output).length).toBeLessThan(110_000);
});
