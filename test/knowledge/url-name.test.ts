import { describe, expect, test } from "vitest";
import { nameOfAnswer } from "../../src/knowledge/url-name.ts";

const named = (url: string, mediaType = "text/html", disposition?: string) =>
  nameOfAnswer({ url, mediaType, headers: disposition === undefined ? {} : { "content-disposition": disposition } });

describe("nameOfAnswer()", () => {
  test.each([
    ["https://example.com/files/Plan%202026.pdf?x=1", "application/pdf", "Plan 2026.pdf", true],
    ["https://example.com/guides/harbour/", "text/html", "harbour.html", false],
    ["https://example.com/guides/harbour.html", "text/html", "harbour.html", false],
    ["https://example.com/", "text/html", "example.com.html", false],
    ["https://example.com/export", "text/csv", "export.csv", false],
    ["https://example.com/book", "application/epub+zip", "book.epub", false],
    ["https://example.com/%E0%A4%A", "text/plain", "%E0%A4%A.txt", false],
  ])("of %s, %s is %s", (url, type, name, said) => {
    expect(named(url, type)).toEqual({ name, said });
  });

  test("is what the server says, without folders and marks that change how it is shown", () => {
    expect(named("https://example.com/d", "application/pdf", 'attachment; filename="../../etc/a\u202Eb.pdf"').name).toBe("ab.pdf");
    expect(named("https://example.com/d", "application/pdf", "attachment; filename=\"x.pdf\"; filename*=UTF-8''%C3%9Cbung.pdf")).toEqual({
      name: "Übung.pdf",
      said: true,
    });
  });
});
