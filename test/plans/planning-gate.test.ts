import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UserWord } from "../../src/permission/user-word.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import type { Effect, Tool } from "../../src/tools/tool.ts";
import { aCall, memoryGate } from "../support/memory-gate.ts";

const Input = z.object({ to: z.string().optional() });
type Change = Partial<Tool<typeof Input, string[]>>;

function setup(effect: Effect, change: Change = {}) {
  const ran: string[] = [];
  const gate = memoryGate(ran);
  gate.state.granted = ["c"];
  const compiled = compileTool<typeof Input, string[]>(
    {
      name: "tool",
      version: 1,
      description: "x",
      input: Input,
      capabilities: () => ["c"],
      effect: () => effect,
      destinations: ({ to }) => (to === undefined ? [] : [to]),
      untrusted: false,
      rateLimit: { calls: 10, perMs: 60_000 },
      timeoutMs: 1_000,
      replay: "safe",
      async execute() {
        ran.push("ran");
        return { output: "done", summary: "done" };
      },
      ...change,
    },
    gate.deps,
  );
  return { ...gate, compiled, ran };
}

describe("compileTool(), in a turn that only makes a plan", () => {
  test("reads, and refuses whatever would change something, whatever else is allowed", async () => {
    for (const [effect, status] of [
      ["read", "done"],
      ["write", "denied"],
      ["external", "denied"],
      ["destructive", "denied"],
      ["spend", "denied"],
    ] as const) {
      const { compiled, state, ran, parked, log } = setup(effect);
      state.grants = [{ id: "g", tool: "tool", version: "1", covers: { destinations: ["*"] }, taskId: null }];
      const outcome = await compiled.call(aCall({ planning: true }));
      expect(outcome.status, effect).toBe(status);
      expect(ran.length, effect).toBe(status === "done" ? 1 : 0);
      expect(parked).toEqual([]);
      // Asked again for the same call, it is still refused.
      expect((await compiled.call(aCall({ planning: true }))).status).toBe(status);
      expect(log.get("c1")?.state).toBe(status);
    }
  });

  test("lets the plan itself be written down, with the rules that hold for every call", async () => {
    const { compiled, ran } = setup("write", { plans: true });
    expect((await compiled.call(aCall({ planning: true }))).status).toBe("done");
    expect(ran).toEqual(["ran"]);
    const without = setup("write", { plans: true });
    without.state.granted = [];
    expect((await without.compiled.call(aCall({ planning: true }))).status).toBe("denied");
  });
});

describe("compileTool(), asked what it would do", () => {
  const word = (text: string) => ({ word: new UserWord([text]), given: new Set<string>() });
  const NOBODY = word("");

  test("says what the gate would say, and does and records nothing", () => {
    const { compiled, log, events, parked, ran } = setup("external");
    const foresee = (input: unknown) => compiled.foresee?.({ input, tainted: false, provenance: NOBODY, taskId: null }).kind;
    expect(foresee({})).toBe("ask");
    expect(foresee({ to: 1 })).toBe("invalid");
    expect(setup("write").compiled.foresee?.({ input: {}, tainted: true, provenance: NOBODY, taskId: null }).kind).toBe("allow");
    const off = setup("read");
    off.state.policies = { tool: "off" };
    expect(off.compiled.foresee?.({ input: {}, tainted: false, provenance: NOBODY, taskId: null }).kind).toBe("deny");
    expect([log.rows.size, events.length, parked.length, ran.length]).toEqual([0, 0, 0, 0]);
  });

  test("tells an address that the user named from one that nobody did", () => {
    const { compiled } = setup("read");
    const foresee = (said: string) =>
      compiled.foresee?.({ input: { to: "https://example.com/a" }, tainted: false, provenance: word(said), taskId: null }).kind;
    expect(foresee("see example.com")).toBe("allow");
    expect(foresee("see elsewhere.com")).toBe("ask");
  });
});

test("asksIfTainted() asks only where content from outside was read, and no standing permission goes around it", async () => {
  const { compiled, state } = setup("write", { asksIfTainted: () => "It could be its wish." });
  expect((await compiled.call(aCall({ id: "clean" }))).status).toBe("done");
  state.grants = [{ id: "g", tool: "tool", version: "1", covers: { destinations: ["*"] }, taskId: null }];
  expect((await compiled.call(aCall({ id: "tainted", tainted: true }))).status).toBe("waiting");
});
