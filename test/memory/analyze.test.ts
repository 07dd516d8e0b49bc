import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, fold } from "../../src/memory/analyze.ts";
import { anyText } from "../support/any-text.ts";

describe("analyze()", () => {
  test.each([
    ["Ada's dogs were running", ["ada", "dog", "run"]],
    ["She bought and he sold", ["buy", "sell"]],
    ["Zürich Ｃａｆé Ærø straße", ["zurich", "cafe", "aero", "strass"]],
    ["wi-fi", ["wi", "fi", "wifi"]],
    ["getUserName foo_bar", ["get", "user", "name", "getusernam", "foo", "bar", "foobar"]],
    ["XMLHttpRequest", ["xml", "http", "request", "xmlhttprequest"]],
    ["ABC-123 v1.2", ["abc", "123", "abc123", "v1", "2", "v12"]],
    ["1,000 on the 7th", ["1000", "7"]],
    ["O’Brien’s car, James' bike", ["obrien", "car", "jame", "bike"]],
    ["東京タワー", ["東京", "京タ", "タワ", "ワー"]],
    ["猫 2024年", ["猫", "2024", "年"]],
    ["नमस्ते दुनिया", ["नमस्ते", "दुनिया"]],
    ["½-inch", ["1", "2", "inch", "12inch"]],
    ["myUse½", ["use12", "myuse12"]],
    ["the of and", []],
    ["… — 🙂 \u0000", []],
  ])("takes %j apart", (text, terms) => expect(analyze(text)).toEqual(terms));

  test("gives terms of letters, digits and marks only, without a space or a quote, for any text", () => {
    fc.assert(
      fc.property(anyText(200), (text) => {
        expect(analyze(text).filter((term) => !/^[\p{L}\p{N}\p{M}]+$/u.test(term))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("gives the same for a text in another case or another normal form", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("Éclair", "naïve", "Ångström", "running", "İstanbul", "Σίσυφος"), { maxLength: 5 }), (words) => {
        const text = words.join(" ");
        expect(analyze(text.normalize("NFD"))).toEqual(analyze(text.normalize("NFC")));
      }),
    );
  });

  test("takes a very long text and a very long word", () => {
    expect(analyze("word ".repeat(100_000)).length).toBeLessThanOrEqual(40_000);
    expect(analyze("x".repeat(1_000_000)).every((term) => term.length <= 64)).toBe(true);
    expect(() => analyze("\ud83d".repeat(1_000))).not.toThrow();
  });
});

test("fold() brings compatibility forms, case and accents together, and leaves vowel signs of other scripts", () => {
  expect(fold("ﬁNANCE Ⅳ ÉÑ")).toBe("finance iv en");
  expect(fold("कि")).toBe("कि");
});

test.each([
  ["live", "lives"],
  ["leave", "leaves"],
  ["check", "checks"],
  ["film", "filming"],
  ["program", "programs"],
  ["child", "children"],
  ["color", "colours"],
  ["organize", "organised"],
  ["family", "fam"],
  ["congratulations", "congrats"],
  ["buy", "bought"],
])("analyze() brings %j and %j together", (one, other) => {
  expect(analyze(one)).toEqual(analyze(other));
});
