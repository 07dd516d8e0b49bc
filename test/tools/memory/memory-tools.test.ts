import { encode } from "gpt-tokenizer";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ToolCall } from "../../../src/tools/compiled-tool.ts";
import { compileTool } from "../../../src/tools/compile-tool.ts";
import { DEFAULT_GRANTS, DEFAULT_STANDING } from "../../../src/tools/registry.ts";
import { forget } from "../../../src/tools/memory/forget.ts";
import { recall } from "../../../src/tools/memory/recall.ts";
import { remember } from "../../../src/tools/memory/remember.ts";
import { aCall, memoryGate } from "../../support/memory-gate.ts";
import { DAY, HOUR, type MemoryHome, memoryHome, NOW } from "../../support/memory-in-node.ts";

/** The tools through the gate, on a memory of their own. */
function tools(home: MemoryHome = memoryHome()) {
  const gate = memoryGate({ memory: home.port });
  gate.state.granted = [...DEFAULT_GRANTS];
  gate.state.grants = [...DEFAULT_STANDING];
  gate.clock.now = NOW;
  let n = 0;
  const call = (tool: typeof remember | typeof recall | typeof forget, input: unknown, change: Partial<ToolCall> = {}) => {
    const compiled =
      tool.name === "remember"
        ? compileTool(remember, gate.deps)
        : tool.name === "recall"
          ? compileTool(recall, gate.deps)
          : compileTool(forget, gate.deps);
    return compiled.call(aCall({ id: `turn-1:${n++}`, turnId: "turn-1", input, saidAt: NOW, ...change }));
  };
  return { home, gate, call };
}

test("the memory tools cost less than 260 tokens a turn together", () => {
  const tokens = [remember, recall, forget].map(({ name, description, input }) => {
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
    return encode(JSON.stringify({ name, description, input_schema: schema })).length;
  });
  expect(tokens.reduce((sum, count) => sum + count, 0)).toBeLessThan(260);
});

describe("remember", () => {
  test("keeps what the user asked for with their message and their words, and says nothing of it in the trail", async () => {
    const { home, gate, call } = tools();
    home.say("Hi there. Please remember that my sister's mail is ana@example.com, thanks", { turnId: "turn-1" });
    const outcome = await call(remember, { text: "Sister's mail is ana@example.com" });
    expect(outcome).toMatchObject({ status: "done", summary: "Remembered 1 fact", untrusted: null });
    const [memory] = home.store.newest(1);
    expect(memory).toMatchObject({
      text: "Sister's mail is ana@example.com",
      asked: true,
      tainted: false,
      confidence: 1,
      source: { kind: "chat", id: "message-1", quote: "Please remember that my sister's mail is ana@example.com, thanks", channel: "web" },
    });
    expect(JSON.stringify(gate.events.map(({ summary }) => summary))).not.toContain("ana");
    expect(home.memory.knownDestinations()).toEqual(["ana@example.com"]);
  });

  test("in a tainted turn makes a tainted memory, which is never the user's word", async () => {
    const { home, call } = tools();
    home.say("remember ana@evil.example", { turnId: "turn-1" });
    await call(remember, { text: "Ana's mail is ana@evil.example" }, { tainted: true });
    expect(home.store.newest(1)).toMatchObject([{ tainted: true, asked: false, source: { quote: null } }]);
    expect(home.memory.knownDestinations()).toEqual([]);
  });

  test("reads dates as they were said, makes a note with an end short-lived, and asks back", async () => {
    const { home, call } = tools();
    await call(remember, { text: "Ana visits", until: "friday" });
    await call(remember, { text: "Bought the boat", about: "2026-05-12" });
    expect(home.store.newest(2)).toMatchObject([
      { kind: "episode", text: "Bought the boat" },
      { kind: "ephemeral", text: "Ana visits" },
    ]);
    expect(home.store.newest(2)[1]?.expires_at).toBeGreaterThan(NOW + DAY);
    expect((await call(remember, { text: "x y", until: "soonish" })).output).toMatchObject({ error: expect.stringContaining("soonish") });
    expect((await call(remember, { text: "x y", kind: "ephemeral" })).status).toBe("failed");
  });

  test("refuses what looks like a key", async () => {
    const { home, call } = tools();
    expect((await call(remember, { text: `Token ghp_${"aB3".repeat(12)}` })).status).toBe("failed");
    expect(home.store.count()).toBe(0);
  });

  test("says that it knew, and can take back only what it made, by a receipt without words", async () => {
    const { home, gate, call } = tools();
    await call(remember, { text: "Lives in Denver" });
    const made = await call(remember, { text: "Lives in Oslo" });
    expect(made.summary).toBe("Remembered 1 fact, in the place of another");
    expect((await call(remember, { text: "I live in Oslo" })).summary).toBe("Knew that already");
    const receipts = [...gate.log.rows.values()].map(({ receipt }) => receipt);
    expect(receipts[2]).toBeNull();
    expect(JSON.stringify(receipts)).not.toContain("Oslo");
    const undo = compileTool(remember, gate.deps).undo;
    await undo?.({ callId: "turn-1:1", receipt: JSON.parse(receipts[1] ?? ""), signal: new AbortController().signal });
    expect(home.texts()).toEqual(["Lives in Denver"]);
  });
});

describe("recall", () => {
  test("gives what is remembered, with where it is from", async () => {
    const { home, call } = tools();
    const { memory } = home.add("Lives in Oslo");
    const { output, untrusted, summary } = await call(recall, { query: "where do I live?" });
    expect(output).toEqual({ found: [{ in: "memory", id: memory.id.slice(0, 8), text: "Lives in Oslo", from: "you, 18 Nov 2026" }] });
    expect({ untrusted, summary }).toEqual({ untrusted: null, summary: "Found 1 thing" });
    expect(home.memory.get(memory.id).uses).toBe(1);
  });

  test("marks its answer when something in it is from outside", async () => {
    const { home, call } = tools();
    home.add("The code word is swordfish", { tainted: true });
    expect((await call(recall, { query: "code word" })).untrusted).toBe("read somewhere, 18 Nov 2026");
    home.index.put([{ space: "knowledge", id: "d1:0", text: "Leave is 25 days.", group: "d1", position: 0, at: null }]);
    const { output, untrusted } = await call(recall, { query: "how much leave?", from: "documents" });
    expect(output).toEqual({ found: [{ in: "documents", text: "Leave is 25 days.", from: "Handbook, page 4" }] });
    expect(untrusted).toBe("Handbook, page 4");
  });

  test("gives what was said as the exchange, once, with its day", async () => {
    const { home, call } = tools();
    home.say("What shall we do about the roof?", { id: "q1", turnId: "t9" });
    home.say("We decided on a slate roof, by May.", { id: "a1", role: "assistant", turnId: "t9" });
    home.index.put([
      { space: "archive", id: "q1", text: "What shall we do about the roof?", group: "c1/1", position: 0, at: NOW },
      { space: "archive", id: "a1", text: "We decided on a slate roof, by May.", group: "c1/1", position: 1, at: NOW },
    ]);
    const { output } = await call(recall, { query: "what did we decide about the roof", from: "conversation" });
    expect(output).toEqual({
      found: [
        {
          in: "conversation",
          text: "User: What shall we do about the roof?\nYou: We decided on a slate roof, by May.",
          from: "conversation, 18 Nov 2026",
        },
      ],
    });
  });
});

describe("forget", () => {
  test("runs on the user's own word, and asks where content from outside was read", async () => {
    const { home, gate, call } = tools();
    home.add("My phone number is 5551234");
    expect(await call(forget, { what: "my phone number" }, { tainted: true })).toMatchObject({ status: "waiting" });
    expect(gate.parked[0]?.reason).toContain("content from outside was read before");
    // Whatever the words come to mean until then: the yes is to this one, and its text stands nowhere but in memory.
    const id = home.store.newest(1)[0]?.id ?? "";
    const asked = { description: `Forget memory ${id.slice(0, 8)}, for good`, input: `{"what":"${id.slice(0, 8)}"}` };
    expect(gate.parked).toMatchObject([asked]);
    const compiled = compileTool(forget, gate.deps);
    expect(compiled.showsOf?.(JSON.parse(asked.input))).toEqual({ "What is remembered": "My phone number is 5551234" });
    expect(home.store.count()).toBe(1);
    expect(await call(forget, { what: "my phone number" })).toMatchObject({
      status: "done",
      summary: "Forgot 1 memory",
      output: { forgotten: 1 },
    });
    expect(home.store.count()).toBe(0);
    expect(JSON.stringify(gate.events.map(({ summary }) => summary))).not.toContain("5551234");
  });

  test("means what was remembered last by “that”, if that was just now", async () => {
    const { home, call } = tools();
    home.add("Owns a boat");
    home.clock.now += 5 * HOUR;
    home.add("Owns a car");
    await call(forget, { what: "that" });
    expect(home.texts()).toEqual(["Owns a boat"]);
    expect((await call(forget, { what: "that" })).output).toMatchObject({ forgotten: 0, which: [{ text: "Owns a boat" }] });
    expect(home.texts()).toEqual(["Owns a boat"]);
  });

  test("forgets none of several, nor what only comes near; by id it does", async () => {
    const { home, call } = tools();
    const red = home.add("The red key is in the hall").memory;
    home.add("The blue key is in the shed");
    const { output } = await call(forget, { what: "the key" });
    expect(output).toMatchObject({ forgotten: 0, which: [{ id: red.id.slice(0, 8) }, {}] });
    expect((await call(forget, { what: "the key under the mat" })).output).toMatchObject({ forgotten: 0 });
    expect(home.store.count()).toBe(2);
    await call(forget, { what: red.id.slice(0, 8) });
    expect(home.texts()).toEqual(["The blue key is in the shed"]);
  });

  test("finds what was replaced where nothing current is meant", async () => {
    const { home, call } = tools();
    home.add("Lives in Denver");
    home.add("Lives in Oslo");
    expect(await call(forget, { what: "Denver" })).toMatchObject({ output: { forgotten: 1 } });
    expect(home.memory.export().map(({ text }) => text)).toEqual(["Lives in Oslo"]);
  });

  test("asks nobody where it is not clear which one is meant", async () => {
    const { home, gate, call } = tools();
    for (const text of ["The key is under the mat", "The key to the boat is red"]) home.add(text);
    for (const [what, why] of [
      ["the key", /not clear which memory/],
      ["the zeppelin", /Nothing that is remembered fits|not clear/],
      ["everything", /\/memory forget all/],
    ] as const)
      expect(await call(forget, { what }, { tainted: true })).toMatchObject({ status: "denied", summary: expect.stringMatching(why) });
    expect([gate.parked, home.store.count()]).toEqual([[], 2]);
  });

  test("does not forget everything, nor what is not there", async () => {
    const { home, call } = tools();
    home.add("Owns a boat");
    expect((await call(forget, { what: "everything" })).summary).toContain("/memory forget all");
    expect((await call(forget, { what: "the zeppelin" })).summary).toBe("Nothing that is remembered fits that.");
    expect(home.store.count()).toBe(1);
  });

  test("called again after a crash forgets nothing else", async () => {
    const { home, gate, call } = tools();
    home.add("Owns a boat");
    home.add("Owns a car");
    // As a crash between the forgetting and the record of it leaves the call: the turn goes on, so it is still busy.
    home.state.busy = true;
    await call(forget, { what: "that" }, { id: "turn-1:9" });
    Object.assign(gate.log.rows.get("turn-1:9") ?? {}, { state: "executing" });
    expect(await call(forget, { what: "that" }, { id: "turn-1:9" })).toMatchObject({ output: { forgotten: 1 } });
    expect(home.texts()).toEqual(["Owns a boat"]);
  });
});
