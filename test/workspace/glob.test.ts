import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits } from "../../src/workspace/glob.ts";

describe("fits()", () => {
  test("takes words anywhere in the path, patterns of names, and patterns of paths", () => {
    const yes: [path: string, search: string][] = [
      ["/notes/Holiday plan.md", "plan"],
      ["/notes/Holiday plan.md", "PLAN notes"],
      ["/data/a.csv", "*.csv"],
      ["/a.CSV", "*.csv"],
      ["/data/a.csv", "?.csv"],
      ["/data/x/a.csv", "/data/**/*.csv"],
      ["/data/a.csv", "data/**/*.csv"],
      ["/data/a.csv", "/data/*.csv"],
      ["/data/x/y/a.csv", "data/**"],
      ["/a/b/c", "**/c"],
      ["/c", "**/c"],
    ];
    for (const [path, search] of yes) expect(fits(path, search), `${path} ${search}`).toBe(true);
    const no: typeof yes = [
      ["/notes/a.md", "plan"],
      ["/data/a.csv.txt", "*.csv"],
      ["/data/x/a.csv", "/data/*.csv"],
      ["/data/ab.csv", "?.csv"],
      ["/xdata/a.csv", "data/**"],
      ["/a/bc", "**/c"],
    ];
    for (const [path, search] of no) expect(fits(path, search), `${path} ${search}`).toBe(false);
  });

  test("does what the same regular expression does, for any pattern", () => {
    const part = fc.constantFrom("a", "b", "/", "*", "?", "**", "**/", ".");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.constantFrom("a", "b", "/", "."), { maxLength: 8 }), (pattern, path) => {
        const text = `x/${pattern.join("")}`;
        fc.pre(!/\*{3}/.test(text) && /[*?]/.test(text));
        const expression = text
          .replaceAll(".", String.raw`\.`)
          .replaceAll("**/", "\u0001")
          .replaceAll("**", "\u0002")
          .replaceAll("*", "[^/]*")
          .replaceAll("?", "[^/]")
          .replaceAll("\u0001", "(?:.*/)?")
          .replaceAll("\u0002", ".*");
        const whole = `/x/${path.join("")}`;
        expect(fits(whole, text), `${whole} ${text}`).toBe(new RegExp(`^/${expression}$`).test(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  test("stays quick for a pattern that makes regular expressions slow", () => {
    expect(fits(`/${"a".repeat(1_000)}`, `${"*a".repeat(90)}*b`)).toBe(false);
  });
});
