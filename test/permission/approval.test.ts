import fc from "fast-check";
import { expect, test } from "vitest";
import {
  afterEvent,
  ApprovalState,
  type ApprovalEvent,
  DEFAULT_EXPIRY_MS,
  expiryOf,
  isSettled,
  MAX_EXPIRY_MS,
  MIN_EXPIRY_MS,
  mismatch,
} from "../../src/permission/approval.ts";
import { canonical } from "../../src/permission/canonical.ts";

const event = fc.constantFrom<ApprovalEvent>("approve", "deny", "expire", "begin", "succeed", "fail", "lose");

test("afterEvent() begins a call at most once, only after an approval, and never after a no", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state: ApprovalState = "pending";
      const happened: ApprovalEvent[] = [];
      for (const one of events) {
        const next = afterEvent(state, one);
        if (next === null) continue;
        expect(isSettled(state)).toBe(false);
        happened.push(one);
        state = next;
      }
      expect(happened.filter((one) => one === "begin").length).toBeLessThanOrEqual(1);
      if (happened.includes("begin")) expect(happened.slice(0, 2)).toEqual(["approve", "begin"]);
      if (happened.includes("deny") || happened.includes("expire")) expect(happened).toHaveLength(1);
    }),
  );
});

test("isSettled() names every end", () => {
  expect(ApprovalState.options.filter(isSettled)).toEqual(["done", "failed", "unknown", "denied", "expired"]);
});

test("mismatch() lets an approval be used for exactly the call it was given for", () => {
  const binding = { tool: "t", version: "1", inputHash: "h", userId: "u" };
  expect(mismatch(binding, { ...binding })).toBeNull();
  for (const change of [{ tool: "x" }, { version: "2" }, { inputHash: "i" }, { userId: "v" }])
    expect(mismatch(binding, { ...binding, ...change })).not.toBeNull();
});

test("expiryOf() keeps settings between five minutes and a week, a day where none is set", () => {
  expect(expiryOf("spend", {})).toBe(DEFAULT_EXPIRY_MS);
  expect(expiryOf("spend", { spend: 30 })).toBe(30 * 60_000);
  expect(expiryOf("spend", { spend: 0 })).toBe(MIN_EXPIRY_MS);
  expect(expiryOf("spend", { spend: 1e9 })).toBe(MAX_EXPIRY_MS);
  expect(expiryOf("spend", { spend: Number.NaN })).toBe(DEFAULT_EXPIRY_MS);
});

test("canonical() is the same for the same arguments, another for others, and gives them back", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, member]) => [key, shuffled(member)]),
    );
  };
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(canonical(shuffled(a))).toBe(canonical(a));
      expect(JSON.parse(canonical(a))).toEqual(JSON.parse(JSON.stringify(a)));
      if (canonical(a) === canonical(b)) expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
    }),
  );
  expect(canonical({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
});
