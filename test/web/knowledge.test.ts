import { describe, expect, it } from "vitest";
import {
  addedWords,
  asAddress,
  documentFacts,
  hitPlace,
  placeIn,
  statusWords,
  withoutHeadings,
} from "../../src/web/knowledge/document-words.ts";
import { appLink } from "../../src/web/lib/safe-link.ts";
import { document } from "./fixtures.ts";

const NOW = new Date(2026, 4, 20, 12).getTime();

describe("documentFacts()", () => {
  it("says what it is, how long, where from, and which version", () => {
    expect(documentFacts(NOW, document({ created_at: NOW }))).toEqual(["PDF", "4 pages", "2 KB", "added today"]);
    const page = document({ type: "html", pages: 1, source_url: "https://www.example.com/a?b", version: 3, updated_at: NOW });
    expect(documentFacts(NOW, page)).toEqual(["Web page", "2 KB", "from example.com", "version 3, today"]);
    expect(documentFacts(NOW, document({ type: null, pages: null, size: 0, created_at: NOW }))).toEqual(["added today"]);
  });
});

describe("statusWords()", () => {
  it("speaks only of what is not read yet", () => {
    const words = (fields: Parameters<typeof document>[0]) => statusWords(document(fields));
    expect(words({ status: "queued", progress: 0 })).toBe("Waits to be read");
    expect(words({ status: "reading", progress: 0.424 })).toBe("Reading, 42%");
    expect(words({ status: "ready" })).toBeNull();
    expect(words({ status: "failed" })).toBeNull();
  });
});

describe("addedWords()", () => {
  const skipped = { path: "a.heic", reason: "no" };
  it("sums up what a file or an archive came to", () => {
    expect(addedWords({ documents: [document()], known: [], skipped: [] })).toBe("Added.");
    expect(addedWords({ documents: [], known: [document()], skipped: [] })).toBe("Already there.");
    expect(addedWords({ documents: [document(), document()], known: [document()], skipped: [skipped] })).toBe(
      "2 added, 1 was there already, 1 left out.",
    );
    expect(addedWords({ documents: [], known: [], skipped: [] })).toBe("Nothing was in it.");
  });
});

describe("hitPlace() and placeIn()", () => {
  it("lead to the place of a passage, and nowhere else", () => {
    expect(hitPlace({ id: "d1-2:41" })).toBe("/knowledge/d1-2?at=41");
    for (const id of ["d1", "d1:", "../x:1", "d1:1:2", "d1:-1"]) expect(hitPlace({ id })).toBeNull();
    expect([placeIn("41"), placeIn("0"), placeIn(null), placeIn("-1"), placeIn("1e3"), placeIn("")]).toEqual([
      41,
      0,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("withoutHeadings()", () => {
  it("takes the headings off that a piece begins with", () => {
    expect(withoutHeadings("# Leave\n\n## Holidays\n\nTwenty-five days.\n\n# not this")).toEqual({
      headings: [
        { level: 1, text: "Leave" },
        { level: 2, text: "Holidays" },
      ],
      body: "Twenty-five days.\n\n# not this",
    });
    expect(withoutHeadings("## Only")).toEqual({ headings: [{ level: 2, text: "Only" }], body: "" });
    expect(withoutHeadings("#tag and words")).toEqual({ headings: [], body: "#tag and words" });
  });
});

describe("asAddress()", () => {
  it("adds the scheme that people leave out, and refuses what is no page", () => {
    expect(asAddress(" example.com/a ")).toBe("https://example.com/a");
    expect(asAddress("http://example.com")).toBe("http://example.com");
    for (const text of ["", "handbook", "javascript:alert(1)", "ftp://example.com", "https://"]) expect(asAddress(text)).toBeNull();
  });
});

describe("appLink()", () => {
  const origin = "https://margay.example";
  it("opens cited places inside, written with or without this Margay's address", () => {
    expect(appLink("/knowledge/d1?at=9", origin)).toBe("/knowledge/d1?at=9");
    expect(appLink("https://margay.example/knowledge/d1?at=9", origin)).toBe("/knowledge/d1?at=9");
    expect(appLink("/memory?id=m1", origin)).toBe("/memory?id=m1");
    expect(appLink("/files?file=/outputs/a.md", origin)).toBe("/files?file=/outputs/a.md");
    expect(appLink("https://margay.example/files?file=/outputs/a%20(2).md", origin)).toBe("/files?file=/outputs/a%20(2).md");
    expect(appLink("/files?path=/Einkäufe", origin)).toBe("/files?path=/Einkäufe");
  });

  it("gives a text no other way into the page", () => {
    for (const href of [
      "/settings/secrets",
      "/api/v1/files/x",
      "//evil.example/knowledge/d1",
      "/knowledge/../settings",
      "/knowledge/d1?at=9#x",
      "/knowledge/d1?at=9&x=1",
      "https://margay.example.evil.example/knowledge/d1",
      "/files?show=deleted",
      "/files?file=/a.md&show=links",
      "/files?file=/a.md#x",
      "/files?file=//evil.example/a",
      "/files?file=/a/../b",
      "/files?file=/a/%2e%2E/b",
      "/files?file=a.md",
      "/files/x?file=/a.md",
      "https://evil.example/files?file=/a.md",
      "javascript:alert(1)//knowledge/d1",
      "",
      undefined,
    ])
      expect(appLink(href, origin)).toBeNull();
  });
});
