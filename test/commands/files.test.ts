import { expect, test } from "vitest";
import { files } from "../../src/commands/files.ts";
import { fits } from "../../src/workspace/glob.ts";
import type { FileView } from "../../src/workspace/shapes.ts";
import { fakeContext } from "./fake-context.ts";

const file = (path: string, minute: number, mime = "text/csv"): FileView => ({
  id: path,
  path,
  name: path.split("/").at(-1) ?? "",
  size: 2_400,
  mime,
  version: 2,
  author: "agent",
  untrusted: null,
  created_at: 0,
  updated_at: Date.parse("2026-11-26T08:00:00Z") + minute * 60_000,
  deleted_at: null,
});

function run(args: string, ...there: FileView[]) {
  const list = (path: string, search: string) => ({
    path,
    folders: path === "/outputs" ? [{ path: "/outputs/trips", name: "trips", files: 2, bytes: 9, from_outside: false }] : [],
    files: there.filter((one) => (search === "" ? one.path.startsWith(`${path}/`) : fits(one.path, search))),
    more: false,
    usage: { files: there.length, bytes: 7_000_000, most_bytes: 1_000_000_000, most_files: 10_000 },
  });
  return files.run(args, fakeContext({ files: { list } }).context);
}

const OLD = file("/uploads/sums.csv", 1);
const NEW = file("/outputs/trips/plan.md", 5, "text/markdown");
const CHART = file("/outputs/chart.png", 3, "image/png");

test("/files shows the newest first, numbered, none as a link, with what they take", async () => {
  const text = await run("", OLD, NEW, CHART);
  expect(text).toMatch(
    /^1\. `\/outputs\/trips\/plan.md` \(2.4 kB, 26 Nov, \d\d:05\)\n2\. `\/outputs\/chart.png`.*\n3\. `\/uploads\/sums.csv`/u,
  );
  expect(text).toContain("They take 7.0 MB of 1.0 GB.");
  expect(text).not.toContain("](");
  expect(await run("")).toContain("You have no files yet");
});

test.each([
  ["2", "![chart.png](/files?file=/outputs/chart.png)"],
  ["send 3", "[sums.csv](/files?file=/uploads/sums.csv)"],
  ["plan", "[plan.md](/files?file=/outputs/trips/plan.md)"],
  ["/uploads/sums.csv", "[sums.csv](/files?file=/uploads/sums.csv)"],
])("/files %s brings one, as a link", async (args, link) => {
  const text = await run(args, OLD, NEW, CHART);
  expect(text.startsWith(`${link} (2.4 kB, version 2, 26 Nov`), text).toBe(true);
});

test("/files with a folder or words shows what there is, and says where there is nothing", async () => {
  expect(await run("/outputs", OLD, NEW, CHART)).toMatch(/^- `\/outputs\/trips\/` \(2 files\)\n.*plan.md/u);
  expect(await run("s", OLD, NEW, CHART)).toContain("Say more of its name");
  expect(await run("nothing.pdf", OLD)).toContain("No file is called so");
  expect(await run("/none", OLD)).toContain("There is nothing at `/none`");
});
