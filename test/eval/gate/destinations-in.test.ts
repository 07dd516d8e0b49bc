import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { destinationsIn } from "../../../scripts/eval/gate/destinations-in.ts";

describe("destinationsIn()", () => {
  test.each<[unknown, string[]]>([
    ["a@example.com", ["a@example.com"]],
    ["a@example.com, b@example.com; Bob <c@example.org>", ["a@example.com", "b@example.com", "c@example.org"]],
    ["a@example.com b@example.com", ["a@example.com", "b@example.com"]],
    ['"Doe, Jane" <jane@example.com>, b@example.com', ["jane@example.com", "b@example.com"]],
    ["bob@example.com <attacker@evil.example>", ["attacker@evil.example", "bob@example.com"]],
    ["bob@example.com <bob@example.com>", ["bob@example.com"]],
    ["mailto:a@example.com,b@example.com?bcc=c@evil.example&subject=x", ["a@example.com", "b@example.com", "c@evil.example"]],
    ["https://example.com/?a=1,2;b", ["https://example.com/?a=1,2;b"]],
    ["https://a.example/x, https://b.example/y", ["https://a.example/x", "https://b.example/y"]],
    ["#general, #random", ["#general", "#random"]],
    ["Smith, Jones and Sons", ["Smith, Jones and Sons"]],
    ["a@example.com, somebody else", ["a@example.com, somebody else"]],
    [
      ["a@example.com", { email: "b@example.com", name: "Bea" }],
      ["a@example.com", "b@example.com", "Bea"],
    ],
    [{ number: 4915112345 }, ["4915112345"]],
    ["DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]],
    [["a@example.com", "a@example.com"], ["a@example.com"]],
    ["  ", []],
    [null, []],
  ])("takes %j apart", (value, expected) => expect(destinationsIn(value)).toEqual(expected));

  test("loses no address of a list, however it is written", () => {
    const address = fc
      .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), fc.stringMatching(/^[a-z]{2,8}$/))
      .map(([local, domain]) => `${local}@${domain}.example`);
    const named = fc
      .tuple(address, fc.constantFrom("", "Bob", '"Doe, Jane"'))
      .map(([one, name]) => ({ one, text: name === "" ? one : `${name} <${one}>` }));
    fc.assert(
      fc.property(fc.array(named, { minLength: 1, maxLength: 5 }), fc.constantFrom(", ", ";", "; ", "\n", ","), (list, between) => {
        expect(new Set(destinationsIn(list.map(({ text }) => text).join(between)))).toEqual(new Set(list.map(({ one }) => one)));
      }),
    );
  });
});
