import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  filePath,
  folderOf,
  folderPath,
  isWithin,
  MAX_NAME_BYTES,
  MAX_PATH_BYTES,
  nameOf,
  numbered,
  pathOfName,
  pathOfTree,
} from "../../src/workspace/path.ts";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";

const safe = (path: string): void => {
  expect(path.startsWith("/")).toBe(true);
  expect(path).not.toMatch(/\\|\/\/|[\p{Cc}\u200b-\u200f\u202a-\u202e]/u);
  for (const name of path.slice(1).split("/")) expect([".", ".."]).not.toContain(name);
  expect(new TextEncoder().encode(path).length).toBeLessThanOrEqual(MAX_PATH_BYTES);
};

describe("filePath()", () => {
  test("gives one path for what means the same", () => {
    for (const text of ["notes/a.md", "/notes/a.md", "//notes///a.md", " ./notes/./a.md ", "/notes/a.md"])
      expect(filePath(text)).toBe("/notes/a.md");
    expect(filePath("/cafe\u0301.md")).toBe("/caf\u00e9.md");
    expect(filePath("/a b/…/.env")).toBe("/a b/…/.env");
  });

  test("refuses what could lead out of the user's files, in every notation", () => {
    for (const text of [
      "..",
      "/..",
      "../x",
      "/a/../../x",
      "a/..",
      "...",
      "/a/...../b",
      "\\..\\x",
      "C:\\x",
      "/a%2e%2e/b",
      "%2e%2e/%2E%2e",
      "..%2fx",
      "/a%5c..%5cb",
      "/x%00.png",
      "/a\u0000b",
      "/\u2024\u2024/x",
      "/\uff0e\uff0e/x",
      "/.\u200b./x",
      "/a\u202egnp.exe",
      ...["\u034f", "\u061c", "\u115f", "\u17b4", "\u180e", "\u2800", "\u3164", "\uffa0", "\ufff0"].map((unseen) => `/report${unseen}.md`),
      "/\ud800x",
      "/ a/b",
      "/a /b",
      "",
      " ",
      "/",
      "./",
      "notes/",
      `/${"x".repeat(MAX_NAME_BYTES + 1)}`,
      `/${"x/".repeat(40)}y`,
      `/${"ü".repeat(120)}/${"ü".repeat(120)}/${"ü".repeat(120)}/${"ü".repeat(120)}/${"ü".repeat(120)}/y`,
    ])
      expect(() => filePath(text), JSON.stringify(text)).toThrow(/^This path /);
  });

  test("gives a safe path that stays what it is, or refuses, for any text", () => {
    const names = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("..", ".", "a", "%2e", "\\", "\u200b", "．．"),
    );
    fc.assert(
      fc.property(fc.array(names, { maxLength: 6 }), (parts) => {
        for (const read of [filePath, folderPath]) {
          let path: string;
          try {
            path = read(parts.join("/"));
          } catch (error) {
            expect(error).toMatchObject({ code: "invalid_request" });
            continue;
          }
          if (path !== "/") safe(path);
          expect(read(path)).toBe(path);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("pathOfName()", () => {
  test("makes a path of any name that a person or a stranger gave a file", () => {
    expect(pathOfName("/uploads", "Rechnung 4/5.pdf")).toBe("/uploads/Rechnung 4-5.pdf");
    expect(pathOfName("/uploads", "../../etc/passwd")).toBe("/uploads/-..-etc-passwd");
    expect(pathOfName("/", "...")).toBe("/file");
    expect(pathOfName("/", "50% off %2e%2F%%2e.txt")).toBe("/50% off -2e-2F%-2e.txt");
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.constantFrom(...NAUGHTY_STRINGS)), (name) => {
        const path = pathOfName("/uploads", name);
        expect(filePath(path)).toBe(path);
        expect(folderOf(path)).toBe("/uploads");
        expect(filePath(numbered(path, 12))).toBe(numbered(path, 12));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("pathOfTree()", () => {
  test("keeps the folders that a file came in, whatever they are called, below the folder that it goes to", () => {
    expect(pathOfTree("/", "trip/day 1/map.png")).toBe("/trip/day 1/map.png");
    expect(pathOfTree("/notes", "a\\b/../..//c.txt")).toBe("/notes/a-b/file/file/c.txt");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), fc.string({ minLength: 1 }), (folder, name) => {
        const path = pathOfTree("/up", `${folder}/${name}`);
        expect(path.startsWith("/up/") || name.replaceAll("/", "") === "").toBe(true);
        expect(filePath(path)).toBe(path);
      }),
    );
  });
});

describe("numbered()", () => {
  test("counts before the end of the name", () => {
    expect(numbered("/a/cat.tar.gz", 2)).toBe("/a/cat.tar (2).gz");
    expect(numbered("/.env", 3)).toBe("/.env (3)");
    expect(nameOf("/a/b")).toBe("b");
    expect(folderOf("/b")).toBe("/");
  });
});

describe("isWithin()", () => {
  test("goes by whole names", () => {
    expect(isWithin("/a/b", "/a")).toBe(true);
    expect(isWithin("/ab", "/a")).toBe(false);
    expect(isWithin("/a", "/a")).toBe(true);
    expect(isWithin("/a", "/")).toBe(true);
  });
});
