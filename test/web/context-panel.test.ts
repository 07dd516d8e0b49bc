import { describe, expect, it } from "vitest";
import type { ContextPart } from "../../src/agent/context-shapes.ts";
import { fill, orderedParts, sourceHref, tokensWords } from "../../src/web/context/context-words.ts";
import { cachedShare } from "../../src/web/lib/format.ts";

const part = (name: ContextPart["part"], tokens = 10): ContextPart => ({ part: name, tokens, budget: null, sources: [] });

describe("orderedParts()", () => {
  it("begins with what is the user's own, and leaves out what is empty", () => {
    const parts = [part("tools"), part("instructions"), part("archive", 0), part("messages"), part("memory"), part("profile")];
    expect(orderedParts(parts).map((one) => one.part)).toEqual(["profile", "memory", "messages", "instructions", "tools"]);
  });
});

describe("sourceHref()", () => {
  it("opens a source where it lives", () => {
    expect(sourceHref("memory", { id: "m1" })).toBe("/memory?id=m1");
    expect(sourceHref("profile", { id: "m1" })).toBe("/memory?id=m1");
    expect(sourceHref("knowledge", { id: "d1:9" })).toBe("/knowledge/d1?at=9");
    expect(sourceHref("messages", { id: "a/b" })).toBe("/?message=a%2Fb");
    expect(sourceHref("archive", { id: "x" })).toBe("/?message=x");
    expect(sourceHref("persona", { id: null })).toBe("/settings");
  });

  it("leads nowhere where there is nothing to open", () => {
    expect(sourceHref("tools", { id: "remember" })).toBeNull();
    expect(sourceHref("memory", { id: null })).toBeNull();
    expect(sourceHref("knowledge", { id: "no place" })).toBeNull();
  });
});

describe("fill() and tokensWords()", () => {
  it("measure against the part's own budget, else against the whole", () => {
    expect(fill({ tokens: 250, budget: 500 }, 10_000)).toBe(50);
    expect(fill({ tokens: 900, budget: 500 }, 10_000)).toBe(100);
    expect(fill({ tokens: 2500, budget: null }, 10_000)).toBe(25);
    expect(fill({ tokens: 0, budget: null }, 0)).toBe(0);
    expect(tokensWords({ tokens: 25, budget: 500 })).toBe("25 of 500 tokens");
    expect(tokensWords({ tokens: 25, budget: null })).toBe("25 tokens");
  });
});

describe("cachedShare()", () => {
  it("says how much of the input came from the cache", () => {
    const share = (input: number, cached: number) => cachedShare({ input_tokens: input, cached_input_tokens: cached });
    expect([share(0, 0), share(100, 0), share(100, 45), share(1000, 1), share(100, 100)]).toEqual(["0%", "0%", "45%", "under 1%", "100%"]);
  });
});
