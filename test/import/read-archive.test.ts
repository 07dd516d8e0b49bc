import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { IMPORT_LIMITS } from "../../src/import/found.ts";
import { bytesOf, readArchive, textOf } from "../../src/import/read-archive.ts";
import { zip } from "./fixtures.ts";

test("readArchive() leaves out what systems leave behind and what points elsewhere", () => {
  const archive = readArchive(
    zip({
      "notes/a.md": "a",
      "notes/.obsidian/app.json": "{}",
      "__MACOSX/notes/._a.md": "x",
      ".DS_Store": "x",
      "../../etc/passwd": "x",
      "/root/x.md": "x",
      "C:\\x.md": "x",
    }),
    "notes.zip",
  );
  expect(archive.name).toBe("notes");
  expect(archive.files.map(({ path }) => path)).toEqual(["notes/a.md"]);
  expect(archive.skipped.map(({ path }) => path)).toEqual(["../../etc/passwd", "/root/x.md", "C:/x.md"]);
});

test("readArchive() looks into OpenClaw's hidden folder", () => {
  expect(readArchive(zip({ ".openclaw/workspace/SOUL.md": "a", ".openclaw/.git/x": "x" }), "a.zip").files.map(({ path }) => path)).toEqual([
    ".openclaw/workspace/SOUL.md",
  ]);
});

test("readArchive() takes a file that is no zip as one file", () => {
  const archive = readArchive(new TextEncoder().encode("hello"), "C:\\docs\\note.md");
  expect(archive.files.map((file) => [file.path, textOf(file, 10)])).toEqual([["note.md", "hello"]]);
});

test("readArchive() stops where more is unpacked than is allowed, whatever sizes are declared", () => {
  const limits = { ...IMPORT_LIMITS, unpacked: 3_000 };
  const archive = readArchive(zip({ "a.md": "x".repeat(2_000), "b.md": "y".repeat(2_000) }), "a.zip", limits);
  const [a, b] = archive.files;
  if (!a || !b) throw new Error("two files");
  expect(bytesOf(a, 10_000)?.length).toBe(2_000);
  expect(() => bytesOf(b, 10_000)).toThrow(expect.objectContaining({ code: "payload_too_large" }));
});

test.each([
  ["an empty file", new Uint8Array()],
  ["a zip that is cut off", zip({ "a.md": "text" }).subarray(0, 40)],
  ["a zip without files", zipSync({})],
])("readArchive() refuses %s with a sentence", (_, bytes) => {
  expect(() => readArchive(bytes, "a.zip")).toThrow(expect.objectContaining({ code: "invalid_request" }));
});
