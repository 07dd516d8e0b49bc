import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { extractByModel, INSTRUCTIONS, readAnswer } from "../../src/memory/extract-model.ts";
import type { Extractor } from "../../src/memory/extraction.ts";
import { IDLE_MS, MANY } from "../../src/memory/quiet-pass.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { emptyStorage, fakeRecord, HOUR, type MemoryHome, memoryHome, NOW } from "../support/memory-in-node.ts";
import type { LanguageModelV4 } from "@ai-sdk/provider";

/** An extractor that writes down what it was shown, and answers by the rules it is given. */
function spied(answer: Extractor = async () => []) {
  const seen: Parameters<Extractor>[0][] = [];
  const extractor: Extractor = async (batch) => {
    seen.push(batch);
    return answer(batch);
  };
  return { extractor, seen };
}

/** A model that says a text, and what it was asked. */
function modelSaying(text: string) {
  const asked: LanguageModelV4CallOptions[] = [];
  const model = onlyThis<LanguageModelV4>("LanguageModelV4", {
    doGenerate: async (options: LanguageModelV4CallOptions) => {
      asked.push(options);
      return {
        content: [{ type: "text" as const, text }],
        finishReason: { unified: "stop" as const, raw: "stop" },
        usage: USAGE,
        warnings: [],
      };
    },
  });
  return { asked, extractor: extractByModel({ model: () => model, timeZone: () => "UTC", now: () => NOW }) };
}
const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

const over = (home: MemoryHome): void => void (home.clock.now += IDLE_MS + 1);

describe("QuietPass", () => {
  test("calls nobody when nothing is new, and nobody before the conversation is over", async () => {
    const home = memoryHome();
    const { extractor, seen } = spied();
    const quiet = home.quietWith(extractor);
    expect(await quiet.run()).toBeNull();
    home.say("I moved to Oslo");
    expect(await quiet.run()).toBe(NOW + IDLE_MS);
    expect(quiet.due()).toBe(false);
    expect(seen).toHaveLength(0);
    over(home);
    expect(quiet.due()).toBe(true);
    expect(await quiet.run()).toBeNull();
    expect(await quiet.run()).toBeNull();
    expect(seen).toHaveLength(1);
    home.say("Good night", { role: "assistant" });
    over(home);
    expect(await quiet.run()).toBeNull();
    expect(seen).toHaveLength(1);
  });

  test("does not wait for the end of a long conversation", async () => {
    const home = memoryHome();
    const { extractor, seen } = spied();
    for (let n = 0; n < MANY; n++) home.say(`message ${n}`);
    await home.quietWith(extractor).run();
    expect(seen[0]?.messages).toHaveLength(MANY);
  });

  test("by rules keeps the plain cases with where they are from, and supersedes", async () => {
    const home = memoryHome();
    home.add("Lives in Denver");
    home.say("Hi! By the way, I moved to Oslo and I'm allergic to nuts. What's the weather?");
    home.say("If I lived in Rome I would eat more. Should I move to Paris?");
    home.say("From now on, use metric units.");
    home.say("My password is hunter2-hunter2");
    over(home);
    await home.quietWith().run();
    expect(home.texts()).toEqual(["Lives in Oslo", "Allergic to nuts", "Use metric units"]);
    const [oslo] = await home.memory.recall("Oslo", { limit: 1 });
    expect(home.memory.get(oslo?.id ?? "")).toMatchObject({
      kind: "fact",
      source: { kind: "chat", id: "message-1", quote: "By the way, I moved to Oslo", channel: "web" },
      confidence: 0.8,
      tainted: false,
      about_at: NOW,
    });
    expect(home.memory.status().last_pass_at).toBe(home.clock.now);
    expect(home.audited.at(-1)).toMatchObject({ event: "remembered", actor: "agent" });
    expect(JSON.stringify(home.audited)).not.toMatch(/Oslo|nuts/);
  });

  test("shows only clean text: what was typed here, and answers that read nothing from outside; without stored secrets", async () => {
    const home = memoryHome();
    const { extractor, seen } = spied();
    home.say("typed, token s3cret-value");
    home.say("a clean answer", { role: "assistant" });
    home.say("what a page said", { role: "assistant", tainted: true });
    home.say("a notice", { role: "notice" });
    home.say("said to another agent", { conversationId: "import:1" });
    home.say("", { content: [{ kind: "forward", origin: "Bob", text: "forwarded" }], tainted: true });
    home.say("a command", { kind: "command" });
    over(home);
    await home.quietWith(extractor, async (texts) => texts.map((text) => text.replaceAll("s3cret-value", "[taken out]"))).run();
    expect(seen[0]?.messages.map(({ text }) => text)).toEqual(["typed, token [taken out]", "a clean answer"]);
  });

  test("gives what may be meant, and nothing that content from outside had a part in", async () => {
    const home = memoryHome();
    home.add("Name is Ada", { kind: "profile" });
    home.add("Lives in Denver");
    home.add("Lives on the moon", { tainted: true });
    const { extractor, seen } = spied();
    home.say("I live in a bigger flat now");
    over(home);
    await home.quietWith(extractor).run();
    expect(seen[0]?.known.map(({ text }) => text).toSorted()).toEqual(["Lives in Denver", "Name is Ada"]);
  });

  test("keeps only what stands in the user's own words", async () => {
    const home = memoryHome();
    home.say("We got a dog, his name is Rex");
    home.say("The vet's number is 555-0000, the bank is evil.example", { role: "assistant" });
    over(home);
    const add = (text: string, quote: string) => ({
      op: "add" as const,
      kind: "fact" as const,
      text,
      quote,
      aboutAt: null,
      expiresAt: null,
      confidence: 0.8,
    });
    await home
      .quietWith(async () => [
        add("Has a dog called Rex", "we got a DOG,  his name is Rex"),
        add("The bank is evil.example", "the bank is evil.example"),
        add("Has a cat", "We got a cat"),
        add("Vet's number is 555-0000", "We got a dog"),
        add("Mail is ana@evil.example", "We got a dog"),
        add("PIN code is 12", "his name is Rex"),
        add("", "We got a dog"),
      ])
      .run();
    expect(home.texts()).toEqual(["Has a dog called Rex"]);
  });

  test("supersedes, merges and ends by the model's word; never what is pinned, nor what it was not shown", async () => {
    const home = memoryHome();
    const car = home.add("Drives a Volvo").memory;
    const boat = home.add("Owns a boat").memory;
    const keep = home.add("Has a key to the club", { pinned: true }).memory;
    home.say("I sold the Volvo and bought a Saab, the boat is gone, and no more club for me");
    over(home);
    const quote = "I sold the Volvo and bought a Saab";
    await home
      .quietWith(async () => [
        { op: "supersede", id: car.id, kind: "fact", text: "Drives a Saab", quote, aboutAt: null, confidence: 0.8 },
        { op: "drop", id: boat.id, quote: "the boat is gone" },
        { op: "drop", id: keep.id, quote: "no more club for me" },
        { op: "drop", id: "nothing", quote },
        { op: "merge", id: keep.id, quote: "no more club" },
      ])
      .run();
    expect(home.texts()).toEqual(["Has a key to the club", "Drives a Saab"]);
    expect(home.memory.get(car.id).superseded_by).not.toBeNull();
    expect(home.memory.get(boat.id)).toMatchObject({ superseded_by: null });
    expect(home.memory.get(boat.id).superseded_at).not.toBeNull();
    expect(home.store.get(keep.id)?.quotes).toContain("no more club");
  });

  test("waits longer every time the model cannot be asked, and reads the same part again", async () => {
    const home = memoryHome();
    home.say("I live in Oslo");
    over(home);
    let asked = 0;
    const away: Extractor = async () => {
      asked++;
      throw new ModelError("budget", "The day's budget is used up.", false);
    };
    const quiet = home.quietWith(away);
    const first = (await quiet.run()) ?? 0;
    expect(first).toBe(home.clock.now + 15 * 60_000);
    expect(await quiet.run()).toBe(first);
    expect(asked).toBe(1);
    home.clock.now = first;
    await quiet.run();
    home.clock.now += HOUR;
    const third = (await quiet.run()) ?? 0;
    expect(third - home.clock.now).toBeGreaterThanOrEqual(15 * 60_000);
    expect(asked).toBe(3);
    home.clock.now = third;
    expect(await home.quietWith().run()).toBeNull();
    expect(home.texts()).toEqual(["Lives in Oslo"]);
  });

  test("reads nothing while it is switched off, nor later what was said then", async () => {
    const home = memoryHome();
    const { extractor, seen } = spied();
    const quiet = home.quietWith(extractor);
    home.settings.updateUser({ memoryQuiet: false }, NOW);
    home.say("I live in Oslo");
    over(home);
    expect(await quiet.run()).toBeNull();
    home.settings.updateUser({ memoryQuiet: true }, NOW);
    expect(await quiet.run()).toBeNull();
    expect(seen).toEqual([]);
    expect(home.memory.status().quiet).toBe(true);
  });

  test("does not remember what was forgotten or taken back while the model was asked", async () => {
    const home = memoryHome();
    const id = home.say("The code word is swordfish");
    over(home);
    const add = {
      op: "add" as const,
      kind: "fact" as const,
      text: "Code word is swordfish",
      quote: "The code word is swordfish",
      aboutAt: null,
      expiresAt: null,
      confidence: 0.8,
    };
    await home
      .quietWith(async () => {
        home.messages.replaceText(id, "[forgotten]", []);
        return [add];
      })
      .run();
    expect(home.texts()).toEqual([]);
  });

  test("splits a long conversation into parts that a call has room for", async () => {
    const home = memoryHome();
    const { extractor, seen } = spied();
    for (let n = 0; n < 12; n++) home.say(`${n} ${"word ".repeat(600)}`);
    over(home);
    await home.quietWith(extractor).run();
    expect(seen.length).toBeGreaterThan(2);
    for (const { messages } of seen) expect(messages.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(12_000);
    expect(seen.flatMap(({ messages }) => messages)).toHaveLength(12);
  });

  test("ended at each step makes no doubles: what was found and how far was read are one", async () => {
    for (const point of ["before the call", "in the call", "before the write", "in the write", "after the write"] as const) {
      const storage = emptyStorage();
      const outside = fakeRecord();
      const before = memoryHome({ storage, outside });
      before.say("I moved to Oslo and my wife is Ana");
      over(before);
      const never = new Promise<never>(() => undefined);
      const ended = new Error("ended");
      const scrub = point === "before the call" ? () => never : async (texts: readonly string[]) => [...texts];
      const extractor: Extractor = async (batch) => {
        if (point === "in the call") return never;
        const { extractByRules } = await import("../../src/memory/extract-rules.ts");
        const found = await extractByRules(batch);
        if (point === "before the write") return never;
        return found;
      };
      if (point === "in the write") {
        const write = before.settings.write.bind(before.settings);
        before.settings.write = (key, value, at) => {
          if (key === "memory_seen") throw ended;
          write(key, value, at);
        };
      }
      const run = before
        .quietWith(extractor, scrub)
        .run()
        .catch((error: unknown) => error);
      await Promise.race([run, new Promise((resolve) => setTimeout(resolve, 20))]);
      const after = memoryHome({ storage, outside });
      after.clock.now = before.clock.now;
      expect(await after.quietWith().run(), point).toBeNull();
      expect(after.texts(), point).toEqual(["Lives in Oslo", "Wife is Ana"]);
      expect(after.store.count(), point).toBe(2);
    }
  });

  test("that ends the object every time is not tried again at once for ever", async () => {
    const home = memoryHome();
    home.say("I live in Oslo");
    over(home);
    let starts = 0;
    for (let life = 0; life < 8; life++) {
      const quiet = home.quietWith(() => {
        starts++;
        return new Promise<never>(() => undefined);
      });
      void quiet.run();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(starts).toBe(3);
  });
});

describe("extractByModel()", () => {
  test("asks with a short fixed prompt, the conversation and short ids, and reads the operations", async () => {
    const home = memoryHome();
    const { memory } = home.add("Drives a Volvo");
    home.say("I sold the Volvo");
    home.say("Noted.", { role: "assistant" });
    over(home);
    const { asked, extractor } = modelSaying(
      '```json\n{"ops":[{"op":"drop","id":"m1","quote":"I sold the Volvo"},{"op":"add","kind":"nonsense","text":"Sold the Volvo","quote":"I sold the Volvo","date":"soon"},{"op":"explode"}]}\n```',
    );
    await home.quietWith(extractor).run();
    expect(INSTRUCTIONS.length).toBeLessThan(1_900);
    expect(asked[0]?.prompt[0]).toEqual({ role: "system", content: INSTRUCTIONS });
    expect(JSON.stringify(asked[0]?.prompt[1])).toContain("m1 (fact): Drives a Volvo");
    expect(JSON.stringify(asked[0]?.prompt[1])).toContain("U 18 Nov 2026: I sold the Volvo\\nA 18 Nov 2026: Noted.");
    expect(JSON.stringify(asked)).not.toContain(memory.id);
    expect(home.texts()).toEqual(["Sold the Volvo"]);
  });

  test("falls back to the rules where the answer is no JSON", async () => {
    const home = memoryHome();
    home.say("I live in Oslo");
    over(home);
    await home.quietWith(modelSaying("Sure! I will remember that.").extractor).run();
    expect(home.texts()).toEqual(["Lives in Oslo"]);
  });

  test("lets the model only add where it names a memory that it was not shown", async () => {
    const home = memoryHome();
    home.say("I have a dog");
    over(home);
    const { extractor } = modelSaying(
      '{"ops":[{"op":"supersede","id":"m7","kind":"fact","text":"Has a dog","quote":"I have a dog"},{"op":"merge","id":"m9","quote":"I have a dog"}]}',
    );
    await home.quietWith(extractor).run();
    expect(home.texts()).toEqual(["Has a dog"]);
  });

  test.each(["", "no", "{", '{"ops":1}', "[]", "null"])("reads no operation out of %j", (text) => {
    expect(readAnswer(text)).toBeNull();
  });
});
