import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { measure } from "../../scripts/eval/retrieval/metrics.ts";

const ROOT = join(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "margay-retrieval-"));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, lines: object[]): string => {
  const path = join(directory, name);
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return path;
};
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "node_modules/tsx/dist/cli.mjs"), "scripts/eval.ts", "retrieval", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
const Report = z.looseObject({
  unit: z.string(),
  metrics: z.record(z.string(), z.number()),
  by_group: z.record(z.string(), z.number()).optional(),
  rankings: z.array(z.looseObject({ id: z.string(), ranking: z.array(z.string()), groups: z.array(z.string()).optional() })),
});

test("npm run eval -- retrieval finds turns and sessions with the product's own search", () => {
  const corpus = file("turns.jsonl", [
    { id: "1", text: "Ada: I adopted a puppy!", time: "2026-05-08T10:00:00Z", group: "s1" },
    { id: "2", text: "Ben: The rent went up.", time: "2026-05-08T10:00:00Z", group: "s1" },
    { id: "3", text: "Ada: We went camping by the lake.", time: "2026-06-01T10:00:00Z", group: "s2" },
  ]);
  const queries = file("questions.jsonl", [
    { id: "a", query: "Who adopted a puppy?", relevant: ["1"] },
    { id: "b", query: "Where did Ada camp?", relevant: ["s2"] },
  ]);
  const { status, stdout } = run("--corpus", corpus, "--queries", queries, "--as", "memory", "--mode", "hybrid");
  const report = Report.parse(JSON.parse(stdout));
  expect([status, report.unit, report.metrics["mrr"], report.by_group?.["recall_at_5"]]).toEqual([0, "id", 1, 1]);
  expect(report.rankings.map(({ ranking, groups }) => [ranking[0], groups?.[0]])).toEqual([
    ["1", "s1"],
    ["3", "s2"],
  ]);
}, 60_000);

test("npm run eval -- retrieval cuts long documents and ranks them by their own ids", () => {
  const corpus = file("documents.jsonl", [
    { id: "long", text: `${"The wing was tested in a tunnel. ".repeat(150)} Flutter was seen at high speed.` },
    { id: "short", text: "Heat conduction in slabs." },
  ]);
  const queries = file("asked.jsonl", [{ id: "a", query: "flutter at high speeds", relevant: ["long"] }]);
  const { stdout } = run("--corpus", corpus, "--queries", queries, "--as", "knowledge");
  const report = Report.parse(JSON.parse(stdout));
  expect(report.metrics["ndcg_at_10"]).toBe(1);
  expect(report.rankings[0]?.ranking.filter((id) => id === "long")).toHaveLength(1);
}, 60_000);

test("npm run eval -- retrieval shows its usage for options that it does not know", () => {
  const { status, stderr } = run("--corpus", "x");
  expect([status, stderr]).toEqual([2, expect.stringContaining("--queries FILE")]);
}, 60_000);

test("measure() counts as the literature does", () => {
  expect(measure(["x", "a", "y", "b"], new Set(["a", "b", "c"]))).toEqual({
    recall_at_5: 2 / 3,
    recall_at_10: 2 / 3,
    ndcg_at_10: (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 0.5),
    mrr: 0.5,
  });
});
