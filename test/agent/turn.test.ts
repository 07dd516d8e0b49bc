import { expect, test } from "vitest";
import { askModel } from "../../src/agent/ask.ts";
import { MAX_GIVEN, MAX_STEPS, RETRY_DELAYS_MS, runTurn, type TurnDeps, type TurnInput } from "../../src/agent/turn.ts";
import type { TurnEvent } from "../../src/channels/events.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { type CompiledTool, plainOutcome, type ToolCall, type ToolOutcome } from "../../src/tools/compiled-tool.ts";
import { fakeModel, type FakeStep } from "../support/fake-model.ts";
import { Interrupted, MemoryJournal } from "../support/memory-journal.ts";

const INPUT: TurnInput = {
  turnId: "t1",
  taskId: "t1",
  conversationId: "c1",
  prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: "hello" }] }],
  saidAt: 0,
  tainted: false,
  suspicious: false,
  words: ["hello"],
  known: [],
  given: [],
  attended: true,
};

const noted = (call: ToolCall): ToolOutcome => plainOutcome("done", { noted: call.input }, "Noted");

function setup(steps: FakeStep[], answer: (call: ToolCall) => ToolOutcome = noted) {
  const journal = new MemoryJournal();
  const events: TurnEvent[] = [];
  const ran = new Map<string, number>();
  const calls: ToolCall[] = [];
  const tool: CompiledTool = {
    name: "note",
    description: "notes",
    inputSchema: { type: "object" },
    rare: false,
    async call(call) {
      ran.set(call.id, (ran.get(call.id) ?? 0) + 1);
      calls.push(call);
      return answer(call);
    },
    approved: () => Promise.reject(new Error("a turn approves nothing")),
    undo: null,
  };
  const model = fakeModel(steps);
  const deps: TurnDeps = { journal, ask: askModel(model), tools: [tool], emit: (event) => events.push(event), modelName: () => "fake/one" };
  return { deps, journal, events, ran, model, calls };
}

test("runTurn() answers in one step when the model asks for no tool", async () => {
  const { deps, events } = setup([{ text: "Hello there" }]);
  const result = await runTurn(INPUT, deps);
  expect(result).toEqual({ status: "done", steps: [{ text: "Hello there", calls: [] }], error: null });
  expect(events[0]).toEqual({ type: "step", step: 0, model: "fake/one" });
  expect(
    events
      .filter((event) => event.type === "text")
      .map((event) => event.delta)
      .join(""),
  ).toBe("Hello there");
});

test("runTurn() puts tool results back under the provider's own call ids", async () => {
  const { deps, model } = setup([{ text: "Let me", calls: [{ tool: "note", input: { a: 1 }, id: "toolu_9" }] }, { text: "Done" }]);
  const result = await runTurn(INPUT, deps);
  expect(result.steps.map((step) => step.calls.length)).toEqual([1, 0]);
  expect(model.prompts[1]?.slice(-2)).toEqual([
    {
      role: "assistant",
      content: [
        { type: "text", text: "Let me" },
        { type: "tool-call", toolCallId: "toolu_9", toolName: "note", input: { a: 1 } },
      ],
    },
    {
      role: "tool",
      content: [{ type: "tool-result", toolCallId: "toolu_9", toolName: "note", output: { type: "text", value: '{"noted":{"a":1}}' } }],
    },
  ]);
});

test("runTurn() keeps calls apart that a provider gave the same id", async () => {
  const twice = [
    { tool: "note", input: {}, id: "same" },
    { tool: "note", input: {}, id: "same" },
  ];
  const { deps, ran } = setup([{ calls: twice }, { calls: twice }, { text: "ok" }]);
  await runTurn(INPUT, deps);
  expect([...ran.keys()]).toEqual(["t1:0.0", "t1:0.1", "t1:1.0", "t1:1.1"]);
});

test("runTurn() tells the model about a tool that does not exist and about input that is not JSON", async () => {
  const { deps, model } = setup([{ calls: [{ tool: "nope", input: {} }] }, { text: "sorry" }]);
  const result = await runTurn(INPUT, deps);
  expect(result.steps[0]?.calls[0]).toMatchObject({ status: "failed", output: { error: "There is no tool named nope." } });
  expect(model.prompts).toHaveLength(2);
});

test("runTurn() stops a model that never stops calling tools", async () => {
  const { deps } = setup(Array.from({ length: MAX_STEPS + 1 }, (_, at) => ({ calls: [{ tool: "note", input: { at } }] })));
  const result = await runTurn(INPUT, deps);
  expect(result.error?.code).toBe("too_many_steps");
});

test("runTurn() waits and tries again when the model is away, and honours retry-after", async () => {
  const { deps, journal, events } = setup([
    { error: new ModelError("overloaded", "The model is overloaded.", true) },
    { error: new ModelError("rate_limited", "Too many requests.", true, 30_000) },
    { text: "back" },
  ]);
  const result = await runTurn(INPUT, deps);
  expect(result.status).toBe("done");
  expect(journal.slept).toEqual([RETRY_DELAYS_MS[0], 30_000]);
  expect(events.filter((event) => event.type === "notice")).toHaveLength(2);
});

test("runTurn() ends with the sentence of a failure that waiting cannot mend", async () => {
  const { deps, journal } = setup([{ error: new ModelError("auth", "The key was refused. Check it in Settings.", false) }]);
  const result = await runTurn(INPUT, deps);
  expect(result).toMatchObject({ status: "failed", error: { code: "model_auth", message: "The key was refused. Check it in Settings." } });
  expect(journal.slept).toEqual([]);
});

test("runTurn() gives up after its last wait", async () => {
  const { deps, journal } = setup(Array.from({ length: 20 }, () => ({ error: new ModelError("overloaded", "Away.", true) })));
  const result = await runTurn(INPUT, deps);
  expect(result.error?.code).toBe("model_overloaded");
  expect(journal.slept).toEqual(RETRY_DELAYS_MS);
});

test("runTurn() says when the answer was cut by the length limit, and keeps what there is", async () => {
  const { deps } = setup([{ text: "part", finish: "length" }]);
  expect(await runTurn(INPUT, deps)).toMatchObject({ status: "failed", steps: [{ text: "part" }], error: { code: "length" } });
});

test("runTurn() lets a bug be a bug", async () => {
  const { deps } = setup([{ error: new TypeError("boom") }]);
  await expect(runTurn(INPUT, deps)).rejects.toThrow("boom");
});

test("runTurn() interrupted at any operation goes on from its first unfinished step, and a recorded tool call is not made again", async () => {
  const script = (): FakeStep[] => [
    {
      text: "one",
      calls: [
        { tool: "note", input: { n: 1 } },
        { tool: "note", input: { n: 2 } },
      ],
    },
    { text: "two", calls: [{ tool: "note", input: { n: 3 } }] },
    { text: "three" },
  ];
  for (const when of ["before", "after"] as const)
    for (let at = 0; at < 6; at++) {
      const calls = new Map<string, number>();
      const answers = script();
      const { deps, journal } = setup([]);
      // A model call that starts again sees the same prompt; the fake answers by the prompt's length.
      const byPrompt: TurnDeps["ask"] = (request) => {
        const step = (request.prompt.length - 1) / 2;
        calls.set(`model:${step}`, (calls.get(`model:${step}`) ?? 0) + 1);
        return askModel(fakeModel([answers[step] ?? { text: "?" }]))(request);
      };
      journal.interruptAt(at, when);
      await expect(runTurn(INPUT, { ...deps, ask: byPrompt })).rejects.toThrow(Interrupted);
      const result = await runTurn(INPUT, { ...deps, ask: byPrompt });
      expect(
        result.steps.map((step) => step.text),
        `${when} ${at}`,
      ).toEqual(["one", "two", "three"]);
      const again = [...calls.values()].reduce((sum, n) => sum + n, 0) - 3;
      expect(again, `${when} ${at}`).toBeLessThanOrEqual(1);
      expect(new Set(journal.ran).size).toBe(6);
    }
});

test("runTurn() shows replayed steps again, so that whoever watches after a crash misses nothing", async () => {
  const { deps, journal, events } = setup([{ text: "first", calls: [{ tool: "note", input: {} }] }, { text: "never" }, { text: "second" }]);
  journal.interruptAt(2, "after");
  await expect(runTurn(INPUT, deps)).rejects.toThrow(Interrupted);
  events.length = 0;
  await runTurn(INPUT, deps);
  expect(events.map((event) => event.type)).toEqual(["step", "text", "tool_call", "tool_result", "step", "text", "text"]);
});

test("runTurn() shows what a call prints and gives it to no model", async () => {
  const { deps, events, model } = setup([{ calls: [{ tool: "note", input: {} }] }, { text: "ok" }], (call) => {
    call.progress?.("half done");
    return noted(call);
  });
  const result = await runTurn(INPUT, deps);
  expect(events).toContainEqual({ type: "tool_progress", call_id: "0.0", text: "half done" });
  expect(JSON.stringify([model.prompts, result])).not.toContain("half done");
});

test("runTurn() gives nothing back to the model that a provider refuses: no text of white space, no input that is not an object", async () => {
  const { deps, model } = setup([{ text: "\n\n", calls: [{ tool: "note", input: [1] }] }, { text: "ok" }]);
  expect((await runTurn(INPUT, deps)).status).toBe("done");
  expect(model.prompts[1]?.[1]?.content).toMatchObject([{ type: "tool-call", input: {} }]);
});

const note = (n: number) => ({ tool: "note", input: { n } });

test("runTurn() marks only the calls that were written after content nobody vouches for was read", async () => {
  const outside = (call: ToolCall): ToolOutcome => ({
    ...noted(call),
    untrusted: "https://example.com/",
    suspicious: true,
    links: ["https://example.com/next"],
  });
  const { deps, model, calls } = setup([{ calls: [note(1), note(2)] }, { calls: [note(3)] }, { text: "ok" }], outside);
  await runTurn(INPUT, deps);
  expect(calls.map(({ tainted, suspicious }) => [tainted, suspicious])).toEqual([
    [false, false],
    [false, false],
    [true, true],
  ]);
  expect(calls.map(({ provenance }) => provenance.given.has("https://example.com/next"))).toEqual([false, false, true]);
  const shown = JSON.stringify(model.prompts[1]);
  expect(shown).toContain("[content result from https://example.com/]");
  expect(shown).toContain('> {\\"noted');
});

test("runTurn() takes what the user typed, and only that, for their word", async () => {
  const { deps, calls } = setup([{ calls: [note(1)] }, { text: "ok" }]);
  await runTurn({ ...INPUT, words: ["look at example.com"], given: ["https://given.example.org/a"], tainted: true }, deps);
  const { word, given } = calls[0]?.provenance ?? { word: null, given: new Set() };
  expect(word?.namesHost({ name: "example.com", port: null })).toBe(true);
  expect(word?.namesHost({ name: "given.example.org", port: null })).toBe(false);
  expect([...given]).toEqual(["https://given.example.org/a"]);
});

test("runTurn() lets no more than its cap of addresses be fetched that only pages gave", async () => {
  const used = (call: ToolCall): ToolOutcome => ({ ...noted(call), usedGiven: true });
  const steps = Array.from({ length: MAX_GIVEN + 1 }, (_, n) => ({ calls: [note(n)] }));
  const { deps, calls } = setup([...steps, { text: "ok" }], used);
  await runTurn({ ...INPUT, given: ["https://given.example.org/a"] }, deps);
  expect(calls.map(({ provenance }) => provenance.given.size)).toEqual([...Array.from({ length: MAX_GIVEN }, () => 1), 0]);
});

test("runTurn() ends when somebody is asked, and goes on when nobody waits for it", async () => {
  const asks = (): ToolOutcome => ({ ...plainOutcome("waiting", { waiting_for_approval: "a1" }, "Send"), approvalId: "a1" });
  const attended = setup([{ text: "I ask.", calls: [note(1)] }, { text: "never said" }], asks);
  expect((await runTurn(INPUT, attended.deps)).steps).toHaveLength(1);
  const alone = setup([{ text: "I ask.", calls: [note(1)] }, { text: "and go on" }], asks);
  expect((await runTurn({ ...INPUT, attended: false }, alone.deps)).steps.map(({ text }) => text)).toEqual(["I ask.", "and go on"]);
});

test("runTurn() halves a request that is too long for the model and answers it", async () => {
  const old = Array.from({ length: 20 }, (_, index) => [
    { role: "user" as const, content: [{ type: "text" as const, text: `question ${index} ${"x".repeat(500)}` }] },
    { role: "assistant" as const, content: [{ type: "text" as const, text: `answer ${index}` }] },
  ]).flat();
  const question = { role: "user" as const, content: [{ type: "text" as const, text: "And now?" }] };
  const tooLong = { error: new ModelError("too_long", "Too long.", false) };
  const { deps, model, events } = setup([tooLong, tooLong, { text: "Here." }]);
  const result = await runTurn({ ...INPUT, prompt: [{ role: "system", content: "Rules" }, ...old, question] }, deps);
  expect(result).toMatchObject({ status: "done", steps: [{ text: "Here." }] });
  const last = model.prompts.at(-1) ?? [];
  expect(last[0]).toEqual({ role: "system", content: "Rules" });
  expect(last[1]?.role).toBe("user");
  expect(last.at(-1)).toEqual(question);
  expect(last.length).toBeLessThan(old.length / 2);
  expect(events.some((event) => event.type === "notice")).toBe(true);
});

test("runTurn() calls a tool that was found by search through its own gate, under its own name", async () => {
  const { deps, calls, events } = setup([
    { calls: [{ tool: "call_tool", input: { name: "note", input: { a: 1 } }, id: "toolu_1" }] },
    { text: "Done" },
  ]);
  const result = await runTurn(INPUT, deps);
  expect(calls).toMatchObject([{ id: "t1:0.0", input: { a: 1 } }]);
  expect(result.steps[0]?.calls[0]).toMatchObject({ tool: "note", input: { a: 1 }, status: "done" });
  expect(events.find((event) => event.type === "tool_call")).toMatchObject({ tool: "note" });
});

test("runTurn() refuses a call through call_tool that names no tool", async () => {
  const { deps, calls } = setup([
    { calls: [{ tool: "call_tool", input: { name: "constructor", input: {} } }] },
    { calls: [{ tool: "call_tool", input: "note" }] },
    { text: "Sorry" },
  ]);
  const result = await runTurn(INPUT, deps);
  expect(calls).toEqual([]);
  expect(result.steps.slice(0, 2).map((step) => step.calls[0]?.status)).toEqual(["failed", "failed"]);
});

test("runTurn() stops a model that does the same three times in a row with the same result, and not one whose results change", async () => {
  const again = (count: number): FakeStep[] =>
    Array.from({ length: count }, () => ({ text: "Again.", calls: [{ tool: "note", input: { b: 1, a: 2 } }] }));
  const stuck = setup([...again(5), { text: "never said" }]);
  const stopped = await runTurn(INPUT, stuck.deps);
  expect(stopped).toMatchObject({ status: "failed", error: { code: "loop" } });
  expect(stopped.steps).toHaveLength(3);
  let n = 0;
  const moving = setup([...again(5), { text: "Done." }], () => plainOutcome("done", { n: n++ }, "Noted"));
  expect((await runTurn(INPUT, moving.deps)).status).toBe("done");
  const between = setup([...again(2), { calls: [{ tool: "note", input: {} }] }, ...again(2), { text: "Done." }]);
  expect((await runTurn(INPUT, between.deps)).status).toBe("done");
});

test("runTurn() waits for what a person is asked where somebody waits for it, and the model reads what became of it", async () => {
  const asks = (): ToolOutcome => ({ ...plainOutcome("waiting", { waiting_for_approval: "a1" }, "Send"), approvalId: "a1" });
  const { deps, journal, model } = setup([{ calls: [{ tool: "note", input: {} }] }, { text: "Sent." }], asks);
  let known: ToolOutcome | null = null;
  const settled = async (): Promise<ToolOutcome> => known ?? Promise.reject(new Interrupted());
  const input = { ...INPUT, attended: false };
  await expect(runTurn(input, { ...deps, settled })).rejects.toThrow(Interrupted);
  expect(model.prompts).toHaveLength(1);
  known = { ...plainOutcome("done", { sent: true }, "Sent"), untrusted: "mail" };
  const result = await runTurn(input, { ...deps, settled });
  expect(result).toMatchObject({ status: "done", steps: [{ calls: [{ status: "done", output: { sent: true } }] }, { text: "Sent." }] });
  expect(JSON.stringify(model.prompts[1])).toContain("sent");
  expect(JSON.stringify(model.prompts[1])).not.toContain("waiting_for_approval");
  expect(journal.ran.filter((name) => name.startsWith("tool:"))).toEqual(["tool:0.0"]);
});

test("runTurn() takes its own number of steps where it is given one", async () => {
  const { deps } = setup(Array.from({ length: 5 }, (_, at) => ({ calls: [{ tool: "note", input: { at } }] })));
  const result = await runTurn({ ...INPUT, maxSteps: 4 }, deps);
  expect(result).toMatchObject({ error: { code: "too_many_steps" }, steps: { length: 4 } });
});
