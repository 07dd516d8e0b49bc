import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillOnce, fillText, fillValue, fillWork, filledLength, namesIn, referencesOf } from "../../src/plans/references.ts";
import { withVariables } from "../../src/plans/with-variables.ts";

const values: Readonly<Record<string, string>> = { one: "1 of {{two}}", two: "two", list: '["a",{"b":1}]', number: "42" };
const valueOf = (name: string): string | undefined => values[name];

describe("fillText()", () => {
  test("puts texts in the place of names once, and leaves what is no name", () => {
    expect(fillText("{{one}} and {{ two }}, {{other}} {{Two}} {{}} {two}", valueOf)).toBe(
      "1 of {{two}} and two, {{other}} {{Two}} {{}} {two}",
    );
  });
});

describe("fillOnce()", () => {
  test("makes no name out of what is put in, nor of it and what stands around it", () => {
    const put: Readonly<Record<string, string>> = { a: "{", b: "{secret}}", x: "{secret}", y: "secret", z: "{{secret}}" };
    for (const text of ["{{a}}{{b}}", "{{{x}}}", "{{{{y}}}}", "{{z}}", "{{a}}{{a}}{{y}}}}"])
      expect(namesIn(fillOnce(text, (name) => put[name])), text).toEqual([]);
    expect(fillOnce("{{a}}{{step}}{{z}}", (name) => put[name])).toBe("{{{step}}{ {secret}}");
  });

  test("has the names after it that were not filled before it, whatever the texts", () => {
    const part = fc.oneof(
      fc.constantFrom("{", "{{", "}", "}}", " ", "a", "b", "step", "{{a}}", "{{b}}", "{{step}}"),
      fc.string({ maxLength: 3 }),
    );
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, text, (template, a, b) => {
        const filled = fillOnce(template, (name) => ({ a, b })[name]);
        expect(namesIn(filled)).toEqual(namesIn(template).filter((name) => name !== "a" && name !== "b"));
      }),
      { numRuns: 1_000 },
    );
  });

  test("filledLength() is known before", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("{{one}}", "{{list}}", "{{other}}", "x"), { maxLength: 20 }), (parts) => {
        const text = parts.join("");
        expect(filledLength([text], valueOf)).toBe(fillText(text, valueOf).length);
      }),
    );
  });
});

describe("fillValue()", () => {
  test("makes an object or a list of a text that is one name, and a text of everything else", () => {
    expect(fillValue({ a: "{{list}}", b: ["{{number}}", "x {{two}}"], c: 3, d: null, e: "{{other}}" }, valueOf)).toEqual({
      a: ["a", { b: 1 }],
      b: ["42", "x two"],
      c: 3,
      d: null,
      e: "{{other}}",
    });
  });

  test("fillWork() keeps texts as they are: a variable is never more than a text", () => {
    expect(fillWork({ kind: "tool", tool: "t", input: { a: "{{list}}", b: [{ c: "{{two}}" }] } }, valueOf)).toEqual({
      kind: "tool",
      tool: "t",
      input: { a: '["a",{"b":1}]', b: [{ c: "two" }] },
    });
  });

  test("takes any JSON and changes none that names nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fillValue(value, () => undefined)).toEqual(value);
      }),
    );
  });
});

test("referencesOf() reads texts at any depth, and no keys", () => {
  expect(referencesOf({ kind: "tool", tool: "t", input: { "{{key}}": 1, a: ["{{x}}", { b: "{{y}} {{x}}" }] } })).toEqual(["x", "y"]);
});

describe("withVariables()", () => {
  const plan = (text: string) => ({
    goal: text,
    steps: [
      { name: "a", title: text, after: [], author: "agent" as const, work: { kind: "tool" as const, tool: "t", input: { a: [text] } } },
    ],
  });

  test("puts names in the place of texts, the longest first, and keeps who wrote a step", () => {
    const made = withVariables(plan("Oslo in May, Oslo"), [
      { name: "place", text: "Oslo" },
      { name: "when", text: "Oslo in May" },
    ]);
    expect(made.goal).toBe("{{when}}, {{place}}");
    expect(made.steps).toMatchObject([{ author: "agent", title: "{{when}}, {{place}}", work: { input: { a: ["{{when}}, {{place}}"] } } }]);
  });

  test("leaves the names of steps alone, whose letters a variable has too", () => {
    const made = withVariables(plan("go to oslo, use {{find_oslo}} for oslo"), [{ name: "place", text: "oslo" }]);
    expect(made.goal).toBe("go to {{place}}, use {{find_oslo}} for {{place}}");
  });

  test("filled again it is what it was", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (text, a, b) => {
        fc.pre(!/\{|\}/u.test(text + a + b));
        const { goal } = withVariables(plan(text), [
          { name: "a", text: a },
          { name: "b", text: b },
        ]);
        expect(fillText(goal, (name) => ({ a, b })[name])).toBe(text);
      }),
    );
  });
});
