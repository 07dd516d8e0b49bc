import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReport } from "../../../src/tasks/checks/read-report.ts";

const read = (text: string) => {
  const { cited, sources } = readReport(text);
  return { cited: [...cited], sources: Object.fromEntries(sources) };
};

describe("readReport()", () => {
  test.each([
    ["- [1] A title, https://a.example/x", "https://a.example/x"],
    ["[1]: https://a.example/x", "https://a.example/x"],
    ["1. [A title](https://a.example/x).", "https://a.example/x"],
    ["**[1]** A title <https://a.example/x>", "https://a.example/x"],
    ["* [^1]: A title (https://a.example/x)", "https://a.example/x"],
  ])("reads an entry: %s", (line, address) => {
    expect(read(`It is so [1].\n\nSources\n${line}`)).toEqual({ cited: [1], sources: { 1: [address] } });
  });

  test("reads numbers together, and ranges", () => {
    expect(read("Both say so [1, 3], others too [5-7][9].").cited).toEqual([1, 3, 5, 6, 7, 9]);
  });

  test("takes an entry without an address only at the end, where it names a document", () => {
    expect(read("[1] says that it is so.\n\nIt is [2].\n\n[1] contract.pdf, page 3\n    continued\n[2] A book\n")).toEqual({
      cited: [1, 2],
      sources: { 1: [], 2: [] },
    });
  });

  test("takes a number that is a link for both", () => {
    expect(read("So it is [1](https://a.example/).")).toEqual({ cited: [1], sources: { 1: ["https://a.example/"] } });
  });

  test("does not take a numbered list of statements for sources", () => {
    expect(read("1. First this [1].\n2. Then that.\n\n[1] https://a.example/")).toEqual({
      cited: [1],
      sources: { 1: ["https://a.example/"] },
    });
  });

  test("takes any text, in time that goes with its length", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("[", "]", "1", ",", "-", " ", "\n", "(", ")", "https://a.b", "*", "^", ":") }),
        (text) => {
          readReport(text);
        },
      ),
    );
    expect(read(`${"[1,".repeat(30_000)}\n${"[1] ".repeat(30_000)}\n${"1- ".repeat(30_000)}`).cited).toContain(1);
  });
});
