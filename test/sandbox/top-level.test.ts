import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asModules } from "../../src/sandbox/as-module.ts";
import { importedModules } from "../../src/sandbox/imported-modules.ts";
import { topLevel } from "../../src/sandbox/top-level.ts";

const last = (code: string): string | null => {
  const { body, last: at } = topLevel(code);
  return at === null ? null : body.slice(at);
};

describe("topLevel()", () => {
  test.each([
    ["const a = 1\nconst b = 2\na + b", "a + b"],
    ["rows\n  .map((row) => row.a)\n  .filter(Boolean)", "rows\n  .map((row) => row.a)\n  .filter(Boolean)"],
    ["function f() { return 1 }\nf()", "f()"],
    ["if (x) { y } else { z }\n[1, 2].map(String)", "[1, 2].map(String)"],
    ['const r = /["\']\\//g.exec("x"); r', "r"],
    ["a = b\n/ 2 / 1", "a = b\n/ 2 / 1"],
    ["`t ${`n ${1}`} x`", "`t ${`n ${1}`} x`"],
    ["({ a: 1 })", "({ a: 1 })"],
    ["for (const a of [1]) { a }", null],
    ["return 5", null],
    ["export default 3", null],
    ["// nothing", null],
  ])("finds the last expression of %j", (code, expected) => {
    expect(last(code)).toBe(expected);
  });

  test("takes imports out and leaves every line where it is", () => {
    const code = 'import { a,\n  b } from "x";\nimport "y"\nimport * as c from \'./c.js\'; c.d\nawait import("z")';
    const { imports, body } = topLevel(code);
    expect(imports.map((one) => one.replaceAll(/\s+/gu, " "))).toEqual([
      'import { a, b } from "x";',
      'import "y";',
      "import * as c from './c.js';",
    ]);
    expect(body.split("\n").map((line) => line.trim())).toEqual(["", "", "", "c.d", 'await import("z")']);
  });

  test("reads whatever it is given, and changes nothing but blanks", () => {
    const piece = fc.constantFrom(
      "import ",
      "from ",
      '"x"',
      "'y",
      "`",
      "${",
      "}",
      "{",
      "(",
      ")",
      "/",
      "*",
      "//",
      "\n",
      ";",
      "a",
      "return ",
      "export ",
      "\\",
      "[",
      "]",
      "=>",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (code) => {
          const { body, last: at } = topLevel(code);
          expect(body.length).toBe(code.length);
          for (let n = 0; n < code.length; n++) if (body[n] !== code[n]) expect(body[n]).toBe(" ");
          if (at !== null) expect(at).toBeLessThan(code.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("takes a time that goes with the length", () => {
    for (const piece of ["import a from ", "`${", "/*", "(", "a\n", '"', "\n", "{}\n", 'import "a"\n'])
      expect(topLevel(piece.repeat(20_000)).body.length).toBe(piece.length * 20_000);
  });
});

describe("asModules()", () => {
  test.each([
    ["a;", "return (a\n);"],
    ["a; // done\n/* all */ ;", "return (a\n);"],
    ["f(() => { a; })", "return (f(() => { a; })\n);"],
    ["'x;'", "return ('x;'\n);"],
    ["a // b;", "return (a // b;\n);"],
  ])("gives the value of the last expression of %j", (code, expected) => {
    expect(asModules(code)[0]).toContain(expected);
  });

  test("takes a time that goes with the length, whatever stands behind a semicolon", () => {
    for (const behind of ["/".repeat(80), "// a".repeat(1_000), `//${" ".repeat(100_000)}`, "\n".repeat(150_000), "/* */".repeat(1_000)])
      expect(asModules(`(async () => { first();\n${behind}\nlast(); })()`)).toHaveLength(3);
  });
});

test("importedModules() leaves out what is no address", async () => {
  const none = { known: {}, own: async () => null, file: async () => null };
  expect(await importedModules('import "//a b/x"; import "//[/y"', none)).toEqual({});
});

test("importedModules() takes a time that goes with the length", async () => {
  const none = { known: {}, own: async () => null, file: async () => null };
  for (const piece of ["import ", "from ", "import {", 'import("', "export * "])
    expect(await importedModules(piece.repeat(25_000), none)).toEqual({});
});
