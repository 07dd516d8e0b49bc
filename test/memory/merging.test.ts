import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { statementOf } from "../../src/memory/statement.ts";
import type { NewMemory } from "../../src/memory/stored-memory.ts";
import { aMemory, emptyStorage, memoryHome, NOW } from "../support/memory-in-node.ts";

const subject = fc.constantFrom("I ", "The user ", "You ", "");
const statement = fc.oneof(
  fc
    .tuple(subject, fc.constantFrom("live in", "moved to", "am based in"), fc.constantFrom("Oslo", "Denver", "Rome"))
    .map((parts) => `${parts[0]}${parts[1]} ${parts[2]}`),
  fc
    .tuple(fc.constantFrom("like", "do not like", "likes", "prefer"), fc.constantFrom("tea", "coffee", "green tea"))
    .map((parts) => `I ${parts.join(" ")}`),
  fc.tuple(fc.constantFrom("My name is", "Name:", "The user's name is"), fc.constantFrom("Ada", "Grace")).map((parts) => parts.join(" ")),
  fc
    .tuple(fc.constantFrom("My phone number is", "My work phone is"), fc.constantFrom("5551234", "555 1234", "5559999"))
    .map((parts) => parts.join(" ")),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  fc.constantFrom("!!!", "…", "🙂", "Ω", "the of and"),
);
const memory: fc.Arbitrary<NewMemory> = fc.record({
  kind: fc.constantFrom("profile" as const, "fact" as const, "episode" as const),
  text: statement.map((text) => text.trim()).filter((text) => text !== ""),
  about_at: fc.constantFrom(null, NOW),
  source: fc.constant(aMemory.source),
  confidence: fc.constantFrom(0.5, 1),
  tainted: fc.boolean(),
  pinned: fc.boolean(),
  asked: fc.boolean(),
  expires_at: fc.constant(null),
});
type Action =
  | { kind: "add"; memory: NewMemory }
  | { kind: "edit"; at: number; text: string }
  | { kind: "forget" | "end" | "back"; at: number };
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: memory.map((one) => ({ kind: "add" as const, memory: one })) },
  fc.record({
    kind: fc.constant("edit" as const),
    at: fc.nat(20),
    text: statement.map((text) => text.trim()).filter((text) => text !== ""),
  }),
  fc.record({ kind: fc.constantFrom("forget" as const, "end" as const, "back" as const), at: fc.nat(20) }),
);

/** What random actions found once. */
const named = (words: string): Action => ({
  kind: "add",
  memory: {
    ...aMemory,
    kind: words.startsWith("episode") ? "episode" : "profile",
    tainted: words.startsWith("tainted"),
    text: words.replace(/^(?:tainted|episode) /u, ""),
  },
});

const BY = { actor: "user", channel: "web" } as const;

describe("Memory, whatever is remembered, changed, ended, taken back and forgotten", () => {
  test("never has two current memories that say the same, nor two clean values of one attribute, and its index and record follow", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
        const home = memoryHome({ storage: emptyStorage() });
        const clean = new Set<string>();
        for (const one of actions) {
          home.clock.now += 1_000;
          const before = home.store.newest(100);
          const target = "at" in one ? before[one.at % Math.max(1, before.length)] : undefined;
          if (one.kind === "add") {
            home.memory.remember(one.memory);
            if (!one.memory.tainted) clean.add(statementOf(one.memory.text).key);
          }
          if (target === undefined) continue;
          if (one.kind === "edit") home.memory.update(target.id, { text: one.text }, BY);
          if (one.kind === "end") home.memory.end(target.id);
          if (one.kind === "back") home.memory.takeBack(target.id, target.updated_at);
          if (one.kind === "forget") await home.memory.forget(target.id, BY);
        }
        const current = home.store.newest(1_000);
        const keys = current.map(({ text }) => statementOf(text).key);
        expect(new Set(keys).size).toBe(keys.length);
        const slots = current
          .filter(({ tainted, kind }) => !tainted && kind !== "episode")
          .flatMap(({ text }) => statementOf(text).slot ?? []);
        expect(new Set(slots).size).toBe(slots.length);
        // Who took whose place is there, and nothing takes its own.
        for (const { id, superseded_by, replaces } of home.memory.export()) {
          expect(superseded_by).not.toBe(id);
          for (const other of [superseded_by, replaces]) if (other !== null) expect(home.store.get(other)).not.toBeNull();
        }
        await home.settled();
        await home.memory.upkeep();
        expect([...home.outside.rows.keys()].toSorted()).toEqual(
          home.memory
            .export()
            .map(({ id }) => id)
            .toSorted(),
        );
        expect(home.index.count("memory")).toBe(home.store.count());
      }),
      {
        numRuns: 60,
        examples: [[["My name is Grace", "tainted My name is Ada", "episode My name is Ada"].map(named)]],
      },
    );
  }, 120_000);

  test("keeps the user's word whatever content from outside says afterwards", () => {
    fc.assert(
      fc.property(memory, fc.array(memory, { maxLength: 12 }), (theirs, others) => {
        const home = memoryHome({ storage: emptyStorage() });
        const { memory: kept } = home.memory.remember({ ...theirs, tainted: false });
        for (const other of others) home.memory.remember({ ...other, tainted: true });
        expect(home.store.get(kept.id)).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
