import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonElements } from "../../src/import/json-elements.ts";

const chunksOf = (text: string, size: number): Uint8Array[] => {
  const bytes = new TextEncoder().encode(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
};
const read = (text: string, size = 1_000, most = 1_000_000): unknown[] => [...jsonElements(chunksOf(text, size), most)];

test("jsonElements() gives what JSON.parse() gives, wherever the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), fc.constantFrom(undefined, 2), (list, size, indent) => {
      const text = JSON.stringify(list, null, indent);
      expect(read(text, size)).toEqual(JSON.parse(text));
    }),
  );
});

test("jsonElements() takes a value that is no list for one element, and skips a byte order mark", () => {
  expect(read('\uFEFF {"a": [1, "]"]}\n', 3)).toEqual([{ a: [1, "]"] }]);
  expect(read("12")).toEqual([12]);
  expect(read(" [] ")).toEqual([]);
});

test("jsonElements() gives null for an element that is too long, and goes on", () => {
  expect(read(JSON.stringify(["x".repeat(100), { ok: true }, ["y".repeat(100)]]), 7, 50)).toEqual([null, { ok: true }, null]);
});

test.each(["", "  ", "[1, 2", '[{"a": 1', '["open', "{", "nonsense", "[1] 2", "{} {}", "[nope]"])(
  "jsonElements() says of %j that it is not JSON",
  (text) => {
    expect(() => read(text)).toThrow(/not valid JSON/);
  },
);
