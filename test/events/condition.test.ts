import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Condition, holds, like, valuesAt } from "../../src/events/condition.ts";

const EVENT = {
  action: "Opened",
  pull_request: { state: "open", additions: 12, draft: false, labels: [{ name: "bug" }, { name: "Urgent" }], body: null },
  at: "2026-11-20T10:00:00Z",
  form: { amount: "42.50" },
  tags: ["a", "b"],
  headers: { "x-github-event": "pull_request" },
};
const check = (path: string, op: Condition["op"], value?: Condition["value"]): boolean =>
  holds(EVENT, Condition.parse({ path, op, ...(value === undefined ? {} : { value }) }));

describe("holds()", () => {
  test.each<[string, Condition["op"], Condition["value"], boolean]>([
    ["action", "eq", "opened", true],
    ["action", "eq", "open", false],
    ["pull_request.draft", "eq", false, true],
    ["pull_request.draft", "eq", "false", true],
    ["pull_request.body", "eq", null, true],
    ["action", "ne", "closed", true],
    ["nothing.there", "ne", "closed", true],
    ["pull_request.labels.*.name", "eq", "urgent", true],
    ["pull_request.labels.*.name", "ne", "urgent", false],
    ["pull_request.labels.0.name", "eq", "bug", true],
    ["tags", "contains", "b", true],
    ["action", "contains", "PEN", true],
    ["pull_request", "contains", "open", false],
    ["headers.x-github-event", "like", "pull_*", true],
    ["headers.x-github-event", "like", "pull", false],
    ["action", "like", "open??", true],
    ["pull_request.additions", "gt", 11, true],
    ["pull_request.additions", "gt", 12, false],
    ["form.amount", "lt", 43, true],
    ["at", "gt", "2026-11-19T00:00:00+02:00", true],
    ["action", "gt", 1, false],
    ["action", "in", ["closed", "opened"], true],
    ["action", "in", [], false],
    ["pull_request.body", "exists", undefined, false],
    ["pull_request.body", "exists", false, true],
    ["pull_request.state", "exists", undefined, true],
  ])("%s %s %j is %s", (path, op, value, expected) => {
    expect(check(path, op, value)).toBe(expected);
  });

  test("finds own members only", () => {
    for (const path of ["constructor", "__proto__", "action.length", "toString.name"]) expect(check(path, "exists"), path).toBe(false);
  });

  test("never throws, whatever the event and the condition are", () => {
    const values = fc.oneof(fc.string({ maxLength: 50 }), fc.double(), fc.boolean(), fc.constant(null));
    const paths = fc.array(fc.oneof(fc.constantFrom("*", "a", "0", "__proto__"), fc.string({ maxLength: 5 })), {
      minLength: 1,
      maxLength: 25,
    });
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withDate: true }),
        paths,
        fc.constantFrom("eq", "ne", "contains", "like", "exists", "gt", "lt", "in"),
        values,
        (event, steps, op, value) => {
          const condition = Condition.safeParse({ path: steps.join("."), op, value: op === "in" ? [value] : value });
          if (condition.success) expect(typeof holds(event, condition.data)).toBe("boolean");
        },
      ),
    );
  });

  test("gives a bounded number of values, however often a path says any", () => {
    const wide = Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => ({ a: [1, 2, 3] })));
    expect(valuesAt(wide, "*.*.*.*").length).toBeLessThanOrEqual(1_000);
  });
});

describe("Condition", () => {
  test.each([
    { path: "a", op: "eq" },
    { path: "a", op: "in", value: "b" },
    { path: "a", op: "eq", value: ["b"] },
    { path: "", op: "exists" },
    { path: "a", op: "matches", value: "(a+)+$" },
  ])("refuses %j", (condition) => {
    expect(Condition.safeParse(condition).success).toBe(false);
  });
});

describe("like()", () => {
  /** The same, written the slow way. */
  const slow = (text: string, pattern: string): boolean => {
    const source = Array.from(pattern)
      .map((one) => (one === "*" ? "[^]*" : one === "?" ? "[^]" : one.replaceAll(/[.+^${}()|[\]\\]/gu, "\\$&")))
      .join("");
    return new RegExp(`^${source}$`).test(text);
  };
  test("says what a regular expression of the same meaning says", () => {
    const few = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(few, few, (text, pattern) => {
        expect(like(text, pattern)).toBe(slow(text, pattern));
      }),
      { numRuns: 2_000 },
    );
  });

  test("takes steps in proportion to both lengths, also where a regular expression would take for ever", () => {
    expect(like("a".repeat(10_000), `${"*a".repeat(240)}b`)).toBe(false);
  });
});
