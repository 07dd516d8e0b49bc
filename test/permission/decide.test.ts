import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type DecisionInput } from "../../src/permission/decide.ts";

const capability = fc.constantFrom("todos.read", "todos.write", "net.fetch:example.com", "email.send", "files.write:/");
const input: fc.Arbitrary<DecisionInput> = fc.record({
  tool: fc.string({ minLength: 1 }),
  effect: fc.constantFrom("read", "write", "external", "destructive", "spend"),
  capabilities: fc.array(capability, { maxLength: 4 }),
  granted: fc.array(capability, { maxLength: 4 }),
  destinations: fc.array(fc.string(), { maxLength: 3 }),
  tainted: fc.boolean(),
  origin: fc.constantFrom("user", "turn"),
});

test("decide() denies what is not granted, whatever else is said", () => {
  fc.assert(
    fc.property(input, (given) => {
      const covered = given.capabilities.length > 0 && given.capabilities.every((needed) => given.granted.includes(needed));
      expect(decide(given).kind === "deny").toBe(!covered);
    }),
  );
});

test("decide() never lets something external, destructive or costly run by itself", () => {
  fc.assert(
    fc.property(input, (given) => {
      if (given.effect !== "read" && given.effect !== "write") expect(decide(given).kind).not.toBe("allow");
    }),
  );
});

test("decide() denies a call that names no capability", () => {
  expect(
    decide({ tool: "t", effect: "read", capabilities: [], granted: ["*"], destinations: [], tainted: false, origin: "user" }).kind,
  ).toBe("deny");
});

test("decide() allows a granted read and a granted write", () => {
  for (const effect of ["read", "write"] as const)
    expect(decide({ tool: "t", effect, capabilities: ["a"], granted: ["a"], destinations: [], tainted: true, origin: "turn" }).kind).toBe(
      "allow",
    );
});

test("decide() always gives a reason, and the same answer to the same question", () => {
  fc.assert(
    fc.property(input, (given) => {
      const first = decide(given);
      expect(first.reason.length).toBeGreaterThan(5);
      expect(decide(structuredClone(given))).toEqual(first);
    }),
  );
});

test("decide() gains nothing from granting less", () => {
  const rank = { deny: 0, ask: 1, allow: 2 };
  fc.assert(
    fc.property(input, (given) => {
      const less = { ...given, granted: given.granted.slice(1) };
      expect(rank[decide(less).kind]).toBeLessThanOrEqual(rank[decide(given).kind]);
    }),
  );
});
