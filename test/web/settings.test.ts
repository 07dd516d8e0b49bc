import { describe, expect, it } from "vitest";
import { fieldName, versionTitle } from "../../src/web/settings/field-name.ts";
import { minutesText, TIMES } from "../../src/web/settings/minutes.ts";
import { placeText, readUse, systemHome } from "../../src/web/settings/secret-use.ts";
import { matches } from "../../src/web/settings/grant-search.ts";

describe("readUse()", () => {
  it("reads hosts in lines, with commas or spaces, each once", () => {
    expect(readUse("a.example\n b.example, a.example", "bearer", "")).toEqual({ hosts: ["a.example", "b.example"], place: "bearer" });
  });

  it("is nothing without a host, and names a header only where one is wanted", () => {
    expect(readUse("  \n", "header", "X-Key")).toBeNull();
    expect(readUse("a.example", "header", " X-Key ")).toEqual({ hosts: ["a.example"], place: "header", header: "X-Key" });
    expect(readUse("a.example", "basic", "X-Key")).toEqual({ hosts: ["a.example"], place: "basic" });
  });
});

describe("placeText()", () => {
  it("says where in a request a secret stands", () => {
    expect(placeText({ hosts: [], place: "header", header: "X-Key" })).toBe("in the header X-Key");
    expect(placeText({ hosts: [], place: "bearer" })).toBe("as a bearer token");
  });
});

describe("systemHome()", () => {
  it("leads to where each kind is changed", () => {
    expect(systemHome("telegram:42").href).toBe("/settings/telegram");
    expect(systemHome("pasted:1").href).toBe("/");
    expect(systemHome("anthropic:default").href).toBe("/settings/models");
  });
});

describe("minutesText()", () => {
  it("uses the largest unit that fits", () => {
    expect([...TIMES, 90].map(minutesText)).toEqual([
      "5 minutes",
      "15 minutes",
      "1 hour",
      "4 hours",
      "1 day",
      "3 days",
      "7 days",
      "90 minutes",
    ]);
  });
});

describe("fieldName()", () => {
  it("says settings as a person would, and an unknown one by its path", () => {
    expect(fieldName("tools.add_todo")).toBe("Tool: Add to-do");
    expect(fieldName("approval_minutes.spend")).toBe("Minutes an approval waits: Spending money");
    expect(fieldName("new.setting")).toBe("new.setting");
  });
});

describe("versionTitle()", () => {
  const changes = [{ field: "persona", before: null, after: "Be brief." }];

  it("says in words what the API lists as paths, and leaves every other sentence alone", () => {
    expect(versionTitle({ summary: "Changed persona", changes })).toBe("Changed: How Margay should be");
    expect(versionTitle({ summary: "Back to version 3", changes })).toBe("Back to version 3");
  });
});

describe("matches()", () => {
  it("wants every word, in the tool's name or the label", () => {
    const grant = { tool: "send_mail", label: "send_mail to ben@example.com" };
    expect(matches(grant, " ben  MAIL")).toBe(true);
    expect(matches(grant, "ben phone")).toBe(false);
    expect(matches(grant, "")).toBe(true);
  });
});
