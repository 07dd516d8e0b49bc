import fc from "fast-check";
import { expect, test } from "vitest";
import { analyzeQuery } from "../../src/memory/query.ts";
import { anyText } from "../support/any-text.ts";

const terms = (text: string): string[] => analyzeQuery(text).terms.map(({ term }) => term);

test.each([
  ["What is the name of Ada's dog?", ["name", "ada", "dog"]],
  ["Can you please tell me where I parked?", ["park"]],
  ["what did Will say in May", ["will", "may"]],
  ["list", ["list"]],
  ["what is it?", []],
  ["", []],
  ["?!", []],
])("analyzeQuery() seeks in %j its words of meaning", (text, expected) => expect(terms(text)).toEqual(expected));

test("analyzeQuery() counts a word said twice more, though not twice as much", () => {
  const [dog] = analyzeQuery("dog dog").terms;
  expect(dog?.weight).toBeGreaterThan(1);
  expect(dog?.weight).toBeLessThan(2);
});

test("analyzeQuery() keeps quoted phrases in order", () => {
  expect(analyzeQuery('notes on "running shoes" and “green tea”').phrases).toEqual([
    ["run", "shoe"],
    ["green", "tea"],
  ]);
});

test("analyzeQuery() never throws, and its terms are safe between quotes, for any text", () => {
  fc.assert(
    fc.property(anyText(300), (text) => {
      const { terms: found, sequence } = analyzeQuery(text);
      expect(found.length).toBeLessThanOrEqual(48);
      expect(found.filter(({ term }) => !/^[\p{L}\p{N}\p{M}]+$/u.test(term) || !sequence.includes(term))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
