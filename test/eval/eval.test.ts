import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dates } from "../../scripts/eval/dates.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = (args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "node_modules/tsx/dist/cli.mjs"), "scripts/eval.ts", ...args], { cwd: ROOT, encoding: "utf8" });

describe("npm run eval", () => {
  test("dates answers each line in order, and a bad line with its error", () => {
    const directory = mkdtempSync(join(tmpdir(), "margay-eval-"));
    const file = join(directory, "cases.jsonl");
    const lines = [
      '{"id":"a","text":"tomorrow at 9","now":"2026-11-18T10:15:00+01:00","time_zone":"Europe/Oslo"}',
      "not json",
      '{"id":7,"text":"tomorrow","now":1795001700000,"time_zone":"Mars/Olympus"}',
      "",
      '{"id":"b","text":"every monday","now":1795001700000,"time_zone":"UTC"}',
    ];
    writeFileSync(file, `\uFEFF${lines.join("\r\n")}`);
    const { status, stdout } = run(["dates", file]);
    rmSync(directory, { recursive: true });
    expect(status).toBe(0);
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toEqual([
      { id: "a", value: "2026-11-19T08:00:00.000Z", kind: "instant", asked_back: false, echo: "Thu 19 Nov 2026, 09:00" },
      { id: null, error: "not JSON" },
      { id: 7, error: "time_zone: is not an IANA time zone" },
      { id: "b", value: null, kind: "none", asked_back: true, echo: expect.stringContaining("repeat") },
    ]);
  }, 30_000);

  test("an unknown name shows the usage and ends with 2, a missing file with 1", () => {
    const unknown = run(["nothing", "file"]);
    expect([unknown.status, unknown.stdout]).toEqual([2, ""]);
    expect(unknown.stderr).toMatch(/usage: npm run eval -- NAME FILE…\n\n {2}dates/);
    expect(run(["dates"]).status).toBe(2);
    expect(run(["dates", "/nowhere/cases.jsonl"]).status).toBe(1);
  }, 30_000);

  test("ends without a word when its reader has enough", () => {
    const directory = mkdtempSync(join(tmpdir(), "margay-eval-"));
    writeFileSync(join(directory, "cases.jsonl"), "not json\n".repeat(20_000));
    const command = '"$0" node_modules/tsx/dist/cli.mjs scripts/eval.ts dates "$1" | head -n 1';
    const { stdout, stderr } = spawnSync("sh", ["-c", command, process.execPath, join(directory, "cases.jsonl")], {
      cwd: ROOT,
      encoding: "utf8",
    });
    rmSync(directory, { recursive: true });
    expect([stdout, stderr]).toEqual(['{"id":null,"error":"not JSON"}\n', ""]);
  }, 30_000);
});

describe("dates", () => {
  const answer = (fields: Record<string, unknown>) =>
    dates.answer(JSON.stringify({ id: 1, text: "tomorrow", now: "2026-11-18T09:15:00Z", time_zone: "UTC", ...fields }));

  test("takes now as ISO, as milliseconds and as milliseconds in text", () => {
    for (const now of ["2026-11-18T09:15:00Z", Date.parse("2026-11-18T09:15:00Z"), String(Date.parse("2026-11-18T09:15:00Z"))]) {
      expect(answer({ now })).toMatchObject({ id: 1, value: "2026-11-19T23:59:59.999Z", kind: "date" });
    }
  });

  test("names what is wrong with a case", () => {
    expect(answer({ now: "soon" })).toEqual({ id: 1, error: "now: is neither an ISO instant nor milliseconds" });
    expect(answer({ now: 1e30 })).toMatchObject({ id: 1, error: expect.stringMatching(/^now: /) });
    expect(answer({ text: null })).toMatchObject({ id: 1, error: expect.stringMatching(/^text: /) });
    expect(dates.answer("[]")).toMatchObject({ id: null });
    expect(dates.answer("null")).toMatchObject({ id: null });
  });
});
