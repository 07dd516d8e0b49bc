import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { extract, pagesBelow } from "../../scripts/eval/extract.ts";

test("extract answers with title and text, and with an error for what cannot be read", () => {
  const folder = mkdtempSync(join(tmpdir(), "margay-extract-"));
  try {
    const page = "<title>T</title><h1>T</h1><p>It rained all day, and nobody went out.</p>";
    const file = join(folder, "a.html.gz");
    writeFileSync(file, gzipSync(page));
    expect(extract.answer(file)).toMatchObject({ file, title: "T", text: expect.stringContaining("It rained all day") });
    writeFileSync(file, "no gzip");
    expect(extract.answer(file)).toMatchObject({ file, error: expect.any(String) });
    expect(extract.answer(join(folder, "none.html"))).toMatchObject({ error: expect.any(String) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("pagesBelow() finds every page once, by its name, and follows no link", () => {
  const folder = mkdtempSync(join(tmpdir(), "margay-extract-"));
  try {
    mkdirSync(join(folder, "in.html"));
    for (const file of ["b.HTM", "a.html", "in.html/c.xhtml.gz", "notes.md"]) writeFileSync(join(folder, file), "x");
    symlinkSync(".", join(folder, "loop"));
    symlinkSync("/etc", join(folder, "out"));
    symlinkSync("a.html", join(folder, "link.html"));
    expect(pagesBelow(folder)).toEqual(["a.html", "b.HTM", "in.html/c.xhtml.gz"].map((file) => ({ path: join(folder, file) })));
    expect(pagesBelow(join(folder, "link.html"))).toEqual([{ path: join(folder, "link.html") }]);
    expect(() => pagesBelow(join(folder, "nowhere"))).toThrow("ENOENT");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
