import { expect, test } from "vitest";
import { ListenerInput } from "../../src/events/shapes.ts";

const hook = { source: { kind: "hook", scheme: { name: "github" } }, action: { kind: "text", text: "A pull request" } };

test("ListenerInput refuses a condition under a name that it does not know, which would let every event through", () => {
  expect(ListenerInput.safeParse(hook).success).toBe(true);
  expect(ListenerInput.safeParse({ ...hook, conditions: [] }).success).toBe(false);
  expect(ListenerInput.safeParse({ ...hook, when: { all: [] } }).success).toBe(false);
});
