import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { destinationMatches, type Grant, grantCovers, narrowest } from "../../src/permission/grant.ts";

describe("destinationMatches()", () => {
  test.each([
    ["*", "anything at all"],
    ["ana@example.com", "Ana <ANA@example.com>"],
    ["@example.com", "bob@example.com"],
    ["example.com", "https://example.com/any/page?q=1"],
    ["https://example.com/a", "https://example.com/a?x=1"],
    ["*.example.com", "https://a.example.com/x"],
    ["+47 912 34 567", "0047 91234567"],
    ["Ana Berg", "ana  berg"],
  ])("%s covers %s", (pattern, destination) => expect(destinationMatches(pattern, destination)).toBe(true));

  test.each([
    ["ana@example.com", "bob@example.com"],
    ["@example.com", "bob@sub.example.com"],
    ["@example.com", "https://example.com/"],
    ["example.com", "ana@example.com"],
    ["https://example.com/a", "https://example.com/ab"],
    ["https://example.com/a", "https://example.com/"],
    ["example.com", "https://example.com:8443/"],
    ["*.example.com", "https://example.com/"],
    ["*.example.com", "ana@a.example.com"],
    ["Ana", "Ana Berg"],
    ["", "x"],
  ])("%s does not cover %s", (pattern, destination) => expect(destinationMatches(pattern, destination)).toBe(false));
});

describe("narrowest()", () => {
  test("takes nothing that a model wrote for a pattern, and no name of which nothing can be compared", () => {
    for (const destination of ["*", " *", "*.example.com", "@acme.com", "@ana", "🙂"])
      expect(
        narrowest({ effect: "external", destinations: ["ana@example.com", destination], inputHash: "h", alone: false }),
        destination,
      ).toEqual({
        inputHash: "h",
      });
  });

  test("covers an address with a query only with the same one", () => {
    const covers = (pattern: string, address: string) => destinationMatches(pattern, address);
    expect(covers("https://weather.example.com/api?city=Oslo", "https://weather.example.com/api?city=Oslo")).toBe(true);
    expect(covers("https://weather.example.com/api?city=Oslo", "https://weather.example.com/api?city=what-it-knows")).toBe(false);
    expect(covers("https://weather.example.com/api?city=Oslo", "https://weather.example.com/api")).toBe(false);
  });

  const destination = fc.constantFrom("ana@example.com", "https://example.com/a?x=1", "Ana Berg", "+47 912 34 567", "example.com:8443");

  test("covers the call it was made for and none to anywhere else", () => {
    fc.assert(
      fc.property(fc.array(destination, { minLength: 1, maxLength: 3 }), destination, (destinations, other) => {
        const call = { tool: "t", version: "1", effect: "external" as const, destinations, inputHash: "h", taskId: null, alone: false };
        const grant: Grant = { id: "g", tool: "t", version: "1", covers: narrowest(call), taskId: null };
        expect(grantCovers(grant, call)).toBe(true);
        expect(grantCovers(grant, { ...call, inputHash: "another" })).toBe(true);
        if (!destinations.includes(other)) expect(grantCovers(grant, { ...call, destinations: [...destinations, other] })).toBe(false);
      }),
    );
  });

  test.each([
    ["external", [], false],
    ["spend", ["shop.example"], false],
    ["destructive", ["ana@example.com"], false],
    ["external", ["shop.example"], true],
  ] as const)("is the very arguments for %s to %j, where the tool wants it: %s", (effect, destinations, alone) => {
    const call = { tool: "t", version: "1", effect, destinations, inputHash: "h", taskId: null, alone };
    const grant: Grant = { id: "g", tool: "t", version: "1", covers: narrowest(call), taskId: null };
    expect(grantCovers(grant, call)).toBe(true);
    expect(grantCovers(grant, { ...call, inputHash: "another" })).toBe(false);
  });
});

describe("grantCovers()", () => {
  const grant: Grant = { id: "g", tool: "t", version: "1", covers: { destinations: ["example.com"] }, taskId: null };
  const call = { tool: "t", version: "1", destinations: ["example.com"], inputHash: "h", taskId: null };

  test("is of one task where it was given for one: neither of another nor of a call that belongs to none", () => {
    const ofTask: Grant = { ...grant, taskId: "a" };
    expect(["a", "b", null].map((taskId) => grantCovers(ofTask, { ...call, taskId }))).toEqual([true, false, false]);
    expect(["a", null].map((taskId) => grantCovers(grant, { ...call, taskId }))).toEqual([true, true]);
  });

  test("for a place is none for a call that names no place", () => {
    expect(grantCovers(grant, { ...call, destinations: [] })).toBe(false);
    expect(grantCovers({ ...grant, covers: { destinations: ["*"] } }, { ...call, destinations: [] })).toBe(true);
  });
});
