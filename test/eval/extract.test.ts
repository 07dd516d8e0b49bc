import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { extract } from "../../scripts/eval/extract.ts";

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
