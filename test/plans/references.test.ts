import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillText, fillValue, fillWork, inert, namesIn, referencesOf } from "../../src/plans/references.ts";
import { withVariables } from "../../src/plans/with-variables.ts";

const values: Readonly<Record<string, string>> = { one: "1 of {{two}}", two: "two", list: '["a",{"b":1}]', number: "42" };
const valueOf = (name: string): string | undefined => values[name];

describe("fillText()", () => {
  test("puts texts in the place of names once, and leaves what is no name", () => {
    expect(fillText("{{one}} and {{ two }}, {{other}} {{Two}} {{}} {two}", valueOf)).toBe(
      "1 of {{two}} and two, {{other}} {{Two}} {{}} {two}",
    );
  });

  test("reads nothing that was put in: no text can bring a name with it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, put) => {
        const filled = fillText(`${inert(text)}{{one}}`, () => put);
        expect(filled).toBe(`${inert(text)}${put}`);
      }),
    );
  });

  test("inert() leaves no name in any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("{{a}}", "{{{a}}}", "{ {{a}}"), (text, name) => {
        expect(namesIn(inert(`${text}${name}`))).toEqual([]);
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
