import fc from "fast-check";
import { expect, test } from "vitest";
import { CONTEXT_BUDGET, fitContext, sizeOf } from "../../src/agent/context.ts";
import type { PromptMessage } from "../../src/agent/prompt.ts";

const message = (id: string, role: PromptMessage["role"], size: number): PromptMessage => ({
  id,
  role,
  text: "x".repeat(size),
  content: [],
  steps: [],
  createdAt: 0,
});
const conversation = fc
  .array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 300 })
  .map((sizes) =>
    sizes.map((size, index) => message(String(index), index % 2 === 0 ? "user" : "assistant", size)).concat(message("last", "user", 100)),
  );

test("fitContext() keeps the newest message and stays within its budget", () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const kept = fitContext(messages);
      expect(kept.at(-1)?.id).toBe("last");
      expect(kept[0]?.role).toBe("user");
      expect(kept.reduce((sum, each) => sum + sizeOf(each), 0)).toBeLessThanOrEqual(CONTEXT_BUDGET);
    }),
  );
});

test("fitContext() changes nothing while everything fits", () => {
  const messages = [message("a", "user", 10), message("b", "assistant", 10), message("c", "user", 10)];
  expect(fitContext(messages)).toEqual(messages);
});

test("fitContext() jumps rather than creeps, so that the prefix stays the same for many turns", () => {
  const messages = Array.from({ length: 40 }, (_, index) => message(String(index), index % 2 === 0 ? "user" : "assistant", 3_000));
  const kept = fitContext(messages);
  expect(kept.length).toBeLessThanOrEqual(17);
});

test("fitContext() cuts one enormous message in the middle and says so", () => {
  const [kept] = fitContext([message("a", "user", 500_000)]);
  expect(kept?.text).toContain("characters left out");
  expect(kept && sizeOf(kept)).toBeLessThan(CONTEXT_BUDGET);
});
