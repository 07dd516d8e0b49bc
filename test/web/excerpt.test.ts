import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerpt } from "../../src/web/chat/excerpt.ts";

describe("excerpt()", () => {
  it("marks every searched word, whatever its case", () => {
    expect(excerpt("Film the Video", "video film").filter((part) => part.hit)).toEqual([
      { text: "Film", hit: true },
      { text: "Video", hit: true },
    ]);
  });

  it("shows the part around the first hit of a long text", () => {
    const text = excerpt(`${"x ".repeat(300)}needle${" y".repeat(300)}`, "needle")
      .map((part) => part.text)
      .join("");
    expect(text).toContain("needle");
    expect(text.length).toBeLessThan(200);
    expect(text.startsWith("…") && text.endsWith("…")).toBe(true);
  });

  it("takes searched signs literally", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, search) => {
        expect(() => excerpt(text, search)).not.toThrow();
      }),
    );
    expect(excerpt("a.c abc", "a.c").filter((part) => part.hit)).toEqual([{ text: "a.c", hit: true }]);
  });
});
