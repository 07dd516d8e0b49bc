import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/web/api/api-error.ts";
import { SHOWN_BYTES, startOf } from "../../src/web/api/file-content.ts";
import { takeFiles } from "../../src/web/api/workspace.ts";
import { csvRows, separatorOf } from "../../src/web/files/csv-rows.ts";
import { deletedGroups } from "../../src/web/files/deleted-groups.ts";
import { fileHref, folderHref, placeOf } from "../../src/web/files/file-places.ts";
import { fileFacts, foldersTo, sizeWords, untilWords, usageWords, usedShare } from "../../src/web/files/file-words.ts";
import { fileBeside, ownFile } from "../../src/web/lib/own-file.ts";
import { NAMED_IN_TEXT } from "../../src/workspace/named-path.ts";
import { plainName } from "../../src/web/files/plain-name.ts";
import { previewKind } from "../../src/web/files/preview-kind.ts";
import { storedFile } from "./file-fixtures.ts";

const NOW = new Date(2027, 4, 10, 12).getTime();

describe("csvRows()", () => {
  it("reads what was written as CSV, whatever the fields hold", () => {
    const field = fc.string({ unit: fc.constantFrom("a", "1", '"', ",", ";", "\n", "\r", "\t", " ", "ü") });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom(",", ";", "\t"), fc.constantFrom("\n", "\r\n", "\r"), (table, separator, end) => {
        const text = table.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(separator)).join(end);
        expect(csvRows(text, 100, separator)).toEqual({ rows: table, more: false });
      }),
    );
  });

  it("ends with any text, and gives no more rows than were asked for", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 5 }), (text, most) => {
        expect(csvRows(text, most).rows.length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it("says that there is more only when there is", () => {
    expect(csvRows("a,b\n1,2\n3,4\n", 3)).toMatchObject({ more: false });
    expect(csvRows("a,b\n1,2\n3,4\n", 2)).toEqual({
      rows: [
        ["a", "b"],
        ["1", "2"],
      ],
      more: true,
    });
  });

  it("finds what stands between fields, not within quotes", () => {
    expect([separatorOf("a;b;c\n1,2,3,4"), separatorOf('"a,b,c,d";e'), separatorOf("a\tb"), separatorOf("one")]).toEqual([
      ";",
      ";",
      "\t",
      ",",
    ]);
  });
});

describe("placeOf()", () => {
  it("finds the folder or file that an address was made for", () => {
    const path = fc.string({ minLength: 1 }).map((text) => `/${text.replace(/^\/+/u, "")}x`);
    const place = (href: string) => placeOf(new URL(href, "https://margay.test").searchParams);
    fc.assert(
      fc.property(path, (one) => {
        expect(place(folderHref(one))).toEqual({ kind: "folder", path: one });
        expect(place(fileHref(one))).toEqual({ kind: "file", path: one });
      }),
    );
    expect(place("/files?show=deleted")).toEqual({ kind: "deleted" });
    expect(place("/files?show=elsewhere")).toEqual({ kind: "folder", path: "/" });
  });
});

describe("words about files", () => {
  it("say size, time and who", () => {
    expect(["0", "1", "999", "1200", "52428800", "3100000000"].map((size) => sizeWords(Number(size)))).toEqual([
      "0 bytes",
      "1 byte",
      "999 bytes",
      "1.2 kB",
      "52 MB",
      "3.1 GB",
    ]);
    expect(fileFacts(NOW, storedFile({ updated_at: NOW }))).toEqual(["1.2 kB", "added today by you"]);
    expect(fileFacts(NOW, storedFile({ updated_at: NOW - 86_400_000, version: 2, author: "agent" }))).toEqual([
      "1.2 kB",
      "changed yesterday by Margay",
    ]);
    expect(untilWords(NOW, { expires_at: NOW + 86_400_000 })).toMatch(/^Works until tomorrow, 12:00/u);
    expect(foldersTo("/a/b")).toEqual(["/", "/a", "/a/b"]);
  });

  it("tell of whichever of room and number is nearer to its end", () => {
    const usage = { files: 9_500, bytes: 10, most_bytes: 1_000_000_000, most_files: 10_000 };
    expect([usedShare(usage), usageWords(usage)]).toEqual([0.95, "9,500 of 10,000 files"]);
    expect(usageWords({ ...usage, files: 3, bytes: 12_000_000 })).toBe("12 MB of 1.0 GB used");
  });
});

describe("plainName()", () => {
  it("takes a name, and refuses what leads elsewhere in words", () => {
    expect(plainName(" plan 2.md ")).toBe("plan 2.md");
    for (const name of ["a/b", "..", "a\\b", "%2e%2e%2fa", "a\u202eb"]) expect(() => plainName(name), name).toThrow(ApiError);
    expect(() => plainName("..")).toThrow("This name leads out of your files.");
  });
});

describe("previewKind()", () => {
  it("shows as a picture only what runs nothing", () => {
    expect(previewKind(storedFile({ mime: "image/png" }))).toBe("picture");
    expect(previewKind(storedFile({ mime: "image/svg+xml" }))).toBe("drawing");
    expect(previewKind(storedFile({ mime: "text/plain", name: "a.md" }))).toBe("markdown");
    expect(previewKind(storedFile({ mime: "text/html", name: "a.html" }))).toBe("text");
    expect(previewKind(storedFile({ mime: "application/octet-stream", name: "a.csv" }))).toBe("table");
    expect(previewKind(storedFile({ mime: "application/zip" }))).toBe("none");
    expect(previewKind(storedFile({ mime: "application/pdf" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "application/vnd.openxmlformats-officedocument.presentationml.presentation" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "application/vnd.oasis.opendocument.text" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "text/rtf", name: "a.rtf" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "message/rfc822", name: "a.eml" }))).toBe("document");
    // The server says what to save it as.
    expect(previewKind(storedFile({ mime: "application/vnd.ms-excel" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "application/msword" }))).toBe("document");
    expect(previewKind(storedFile({ mime: "audio/ogg", name: "voice.oga" }))).toBe("sound");
    expect(previewKind(storedFile({ mime: "video/mp4", name: "a.mp4" }))).toBe("film");
  });

  it("knows better than browsers what is a table and what a program", () => {
    expect(previewKind(storedFile({ mime: "application/vnd.ms-excel", name: "sums.csv" }))).toBe("table");
    expect(previewKind(storedFile({ mime: "video/mp2t", name: "a.ts" }))).toBe("text");
  });
});

describe("deletedGroups()", () => {
  it("puts together what went at once, under the folder that all of it was in", () => {
    const files = [
      storedFile({ path: "/trip/a.txt", deleted_at: 9 }),
      storedFile({ path: "/trip/day 1/b.txt", deleted_at: 9 }),
      storedFile({ path: "/trip/a.txt", deleted_at: 5 }),
    ];
    expect(deletedGroups(files).map((group) => [group.path, group.files.length])).toEqual([
      ["/trip", 2],
      ["/trip/a.txt", 1],
    ]);
  });
});

describe("fileBeside()", () => {
  it("follows the way from the folder of a text to a file, and to nothing else", () => {
    expect(fileBeside("chart.png", "/outputs")).toBe("/files?file=/outputs/chart.png");
    expect(fileBeside("../data/my%20sums.csv#row", "/outputs/july")).toBe("/files?file=/outputs/data/my%20sums.csv");
    expect(fileBeside("./a.md", "/")).toBe("/files?file=/a.md");
    for (const href of ["", "#top", "?a", "/etc/a", "//evil.test/a", "\\\\a", "javascript:alert(1)", "https://a.test", "../../a", "%zz"])
      expect(fileBeside(href, "/outputs"), href).toBeNull();
  });
});

describe("ownFile()", () => {
  it("finds files by the paths that answers name, plain or as in a link", () => {
    expect(ownFile("/outputs/a.md")).toBe("/files?file=/outputs/a.md");
    expect(ownFile("/outputs/2026/Große%20Liste.csv")).toBe(fileHref("/outputs/2026/Große Liste.csv"));
    expect(ownFile("/uploads/100%.txt")).toBe(fileHref("/uploads/100%.txt"));
  });

  it("takes nothing else for a file", () => {
    const others = [
      "",
      "/outputs",
      "/outputs/",
      "/outputs/a",
      "/settings",
      "/etc/hosts.conf",
      "//outputs/a.md",
      "/outputs//a.md",
      "outputs/a.md",
    ];
    const ways = [
      "/outputs/../settings.md",
      "/outputs/%2e%2e/a.md",
      "https://evil.example/outputs/a.md",
      "/outputs/a\nb.md",
      "/outputs/a\\b.md",
    ];
    expect([...others, ...ways].filter((path) => ownFile(path) !== null)).toEqual([]);
  });

  it("is found within sentences, where a path ends and nowhere in addresses", () => {
    const named = (text: string) => [...text.matchAll(NAMED_IN_TEXT)].map(([path]) => path);
    expect(named("I wrote /outputs/a_b.md, and /outputs/sub/c.tar.gz. (See /uploads/d.pdf)")).toEqual([
      "/outputs/a_b.md",
      "/outputs/sub/c.tar.gz",
      "/uploads/d.pdf",
    ]);
    expect(named("https://x.example/outputs/a.md ./outputs/a.md /outputs/ /outputs/a notes/outputs/a.md")).toEqual([]);
  });
});

describe("startOf()", () => {
  const stream = (...parts: Uint8Array[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
  const bytes = (text: string) => new TextEncoder().encode(text);

  it("reads text, also where a letter is divided between two parts", async () => {
    const whole = bytes("käse");
    expect(await startOf(stream(whole.subarray(0, 2), whole.subarray(2)))).toEqual({ text: "käse", cut: false });
  });

  it("reads no more than is shown", async () => {
    const { text, cut } = await startOf(stream(bytes("a".repeat(SHOWN_BYTES - 1)), bytes("ä".repeat(9)), bytes("b")));
    expect([text?.length, cut]).toEqual([SHOWN_BYTES - 1, true]);
  });

  it("reads what spreadsheets and old programs write", async () => {
    const latin = Uint8Array.from("Zürich;5 €", (letter) => (letter === "€" ? 0x80 : letter.charCodeAt(0)));
    expect(await startOf(stream(latin))).toEqual({ text: "Zürich;5 €", cut: false });
    const utf16 = new Uint8Array(Uint16Array.from("\ufeffZürich", (letter) => letter.charCodeAt(0)).buffer);
    expect(await startOf(stream(utf16.subarray(0, 3), utf16.subarray(3)))).toEqual({ text: "Zürich", cut: false });
  });

  it("knows what is no text", async () => {
    const noise = Uint8Array.from({ length: 2_000 }, (_, index) => 1 + ((index * 7_919) % 255));
    expect(await startOf(stream(noise))).toEqual({ text: null, cut: false });
    expect(await startOf(stream(bytes("a\0b")))).toEqual({ text: null, cut: false });
  });
});

describe("takeFiles()", () => {
  it("keeps the file that is looked at when it went elsewhere, and has all lists read anew", () => {
    const queries = new QueryClient();
    const file = storedFile();
    const list = ["files", "list", { path: "/notes" }];
    queries.setQueryData(["files", "file", file.path], file);
    queries.setQueryData(list, []);
    const moved = storedFile({ path: "/old/today.md" });
    takeFiles(queries, [moved, storedFile({ id: "other" })]);
    expect(queries.getQueryData(["files", "file", file.path])).toEqual(moved);
    expect(queries.getQueryState(list)?.isInvalidated).toBe(true);
  });
});
