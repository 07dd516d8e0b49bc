import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { SAMPLES } from "./samples.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "node_modules/tsx/dist/cli.mjs"), "scripts/eval.ts", "ingest", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

describe("npm run eval -- ingest", () => {
  test("answers every file below the folder, with what came of it or why not, and those in archives", () => {
    const directory = mkdtempSync(join(tmpdir(), "margay-ingest-"));
    mkdirSync(join(directory, "below"));
    for (const name of ["a.pdf", "a.docx", "a.md"]) writeFileSync(join(directory, "below", name), SAMPLES[name]?.() ?? "");
    writeFileSync(join(directory, "empty.txt"), "");
    writeFileSync(join(directory, "broken.pdf"), "%PDF-1.7\nnothing");
    writeFileSync(
      join(directory, "vault.zip"),
      zipSync({ "n/a.md": strToU8("# A\n\nb"), ".obsidian/app.json": strToU8("{}"), "../x.md": strToU8("x"), "n/j.json": strToU8("{") }),
    );
    symlinkSync(join(directory, "below/a.md"), join(directory, "link.md"));
    const { status, stdout } = run(directory);
    rmSync(directory, { recursive: true });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(status).toBe(0);
    expect(lines).toEqual([
      {
        file: "below/a.docx",
        ok: true,
        type: "docx",
        pages: 1,
        chars: expect.any(Number),
        chunks: 1,
        ms: expect.any(Number),
        peak_bytes: expect.any(Number),
      },
      expect.objectContaining({ file: "below/a.md", ok: true, type: "markdown" }),
      expect.objectContaining({ file: "below/a.pdf", ok: true, type: "pdf", pages: 2, chunks: 2 }),
      expect.objectContaining({ file: "broken.pdf", ok: false, error: { code: "damaged", message: expect.stringContaining("PDF") } }),
      expect.objectContaining({ file: "empty.txt", ok: false, error: { code: "empty", message: "The file is empty." } }),
      expect.objectContaining({ file: "vault.zip/a.md", ok: true, type: "markdown", chars: 2 }),
      expect.objectContaining({
        file: "vault.zip/../x.md",
        ok: false,
        error: { code: "skipped", message: expect.stringContaining("path") },
      }),
      expect.objectContaining({ file: "vault.zip/j.json", ok: false, error: { code: "damaged", message: "The JSON ends too early." } }),
      expect.objectContaining({ file: "vault.zip", ok: true, type: "zip", files: 3, skipped: 1 }),
    ]);
  }, 60_000);

  test("without a folder it shows how it is used and ends with 2", () => {
    for (const { status, stdout, stderr } of [run(), run("/nowhere/at/all")]) {
      expect([status, stdout, stderr]).toEqual([2, "", "usage: npm run eval -- ingest DIR\n"]);
    }
  }, 60_000);
});
