import { env } from "cloudflare:workers";
import { describe, expect, inject, test } from "vitest";
import type { RunModule } from "../../src/sandbox/javascript.ts";
import { loaderRunner } from "../../src/sandbox/loader.ts";
import { ownModule } from "../../src/sandbox/own-module.ts";
import { processRunner } from "../../src/sandbox/process.ts";
import { javascriptConformance, readingConformance, runCode } from "../conformance/javascript.ts";

const now = (): number => Date.now();
const loader = () => loaderRunner(env.LOADER ?? expect.fail("no loader"), now);
const inProcess = (change: { token?: string } = {}) =>
  processRunner({
    ...inject("javascriptHost"),
    ...change,
    fetch: (input, init) => fetch(input, init),
    now,
    newId: () => crypto.randomUUID(),
  });

readingConformance(loader);
javascriptConformance("a Dynamic Worker", loader);
javascriptConformance("a process", () => inProcess());

describe.each([
  ["a Dynamic Worker", loader],
  ["a process", () => inProcess()],
])("what code can import in %s", (_name, runner) => {
  test("ownModule() gives tables, workbooks, dates, charts and pictures", async () => {
    const modules: Record<string, RunModule> = {};
    for (const name of ["csv", "xlsx", "dates", "luxon", "charts", "png"])
      Object.assign(modules, await ownModule(name, env.ASSETS ?? null));
    const { given, error } = await runCode(
      runner(),
      `import { parse, stringify } from "csv"; import { DateTime } from "dates"; import * as luxon from "luxon"; import { svg } from "charts"; import { png } from "png"; import * as XLSX from "xlsx"; import sheets from "xlsx";
       const rows = parse("name,eur\\n=Ana,7\\nBo,5.5\\n\\n");
       const day = DateTime.fromISO("2026-11-26T12:00", { zone: "Europe/Oslo" }).plus({ days: 1 });
       const drawn = svg({ xAxis: { data: rows.map((row) => row.name) }, yAxis: {}, series: [{ type: "bar", data: rows.map((row) => row.eur) }] });
       const picture = await png(drawn, { width: 400 });
       const book = XLSX.utils.book_new();
       XLSX.utils.book_append_sheet(book, XLSX.utils.json_to_sheet(rows), "Bills");
       const bytes = XLSX.write(book, { type: "array", bookType: "xlsx" });
       const again = XLSX.utils.sheet_to_json(sheets.read(new Uint8Array(bytes)).Sheets.Bills);
       let noFile;
       try { sheets.writeFile(book, "/a.xlsx"); } catch (error) { noFile = error.message.slice(0, 32); }
       return { rows, again, buffer: bytes instanceof ArrayBuffer, noFile, same: rows.data === rows && luxon.DateTime.isDateTime(day), csv: stringify(rows), day: day.toISO(), svg: drawn.slice(0, 4), png: String.fromCharCode(...picture.slice(1, 4)), large: picture.length > 2_000 }`,
      { modules },
    );
    expect(error).toBeNull();
    expect(given).toEqual({
      rows: [
        { name: "=Ana", eur: 7 },
        { name: "Bo", eur: 5.5 },
      ],
      again: [
        { name: "=Ana", eur: 7 },
        { name: "Bo", eur: 5.5 },
      ],
      buffer: true,
      noFile: "There is no writeFile here: awai",
      same: true,
      csv: `name,eur\n"'=Ana",7\nBo,5.5`,
      day: "2026-11-27T12:00:00.000+01:00",
      svg: "<svg",
      png: "PNG",
      large: true,
    });
  });
});

const LIMITS = { wallMs: 20_000, cpuMs: 500, memoryMb: 96, outputChars: 5_000 };

describe("JavaScript by a process, with code that means harm", () => {
  test("run() ends an endless loop by its computing, while another run goes on", async () => {
    const [loop, other] = await Promise.all([
      runCode(inProcess(), "while (true) {}", { limits: LIMITS }),
      runCode(inProcess(), "await new Promise((resolve) => setTimeout(resolve, 200)); 1"),
    ]);
    expect(loop).toMatchObject({ ended: "cpu", error: { name: "CpuLimit", message: expect.stringContaining("0.5 seconds") } });
    expect(other).toMatchObject({ ended: "done", given: 1 });
  });

  test("run() ends a loop that never computes long by its time", async () => {
    const { ended } = await runCode(inProcess(), "for (;;) await new Promise((resolve) => setTimeout(resolve, 5))", {
      limits: { ...LIMITS, wallMs: 400 },
    });
    expect(ended).toBe("time");
  });

  test.each([
    ["arrays", "const all = []; for (;;) all.push(new Array(10_000).fill({}))"],
    ["buffers", "const all = []; for (;;) all.push(new Uint8Array(1_000_000).fill(1))"],
    ["a text", `let a = "x"; for (;;) a = [...(a + a)].join("").slice(0, 100_000_000)`],
  ])("run() ends what takes memory by %s", async (_what, code) => {
    const { ended } = await runCode(inProcess(), code, { limits: { ...LIMITS, cpuMs: 15_000 } });
    expect(ended).toBe("memory");
  });

  test("run() lives through 50,000 promises", async () => {
    const code = "(await Promise.all(Array.from({ length: 50_000 }, async (_, n) => { await null; return n }))).length";
    const { given } = await runCode(inProcess(), code, { limits: { ...LIMITS, cpuMs: 15_000, memoryMb: 512 } });
    expect(given).toBe(50_000);
  });

  test("run() ends what ends its own process", async () => {
    expect(await runCode(inProcess(), "process.exit(0)")).toMatchObject({
      ended: "error",
      error: { message: "It ended without a result." },
    });
  });

  test("run() shows nothing of the machine", async () => {
    const { given } = await runCode(
      inProcess(),
      `import * as fs from "node:fs"; import * as child from "node:child_process"; import { env } from "cloudflare:workers";
       const tried = (work) => { try { return work() } catch (error) { return "refused" } };
       return { env: Object.keys(process.env), given: Object.keys(env), passwd: tried(() => fs.readFileSync("/etc/passwd", "utf8")), self: tried(() => fs.readdirSync("/proc/self")), run: tried(() => child.execSync("id")), code: tried(() => eval("1")) }`,
    );
    expect(given).toEqual({ env: [], given: [], passwd: "refused", self: "refused", run: "refused", code: "refused" });
  });

  test("processRunner() is refused without the token", async () => {
    await expect(runCode(inProcess({ token: "x".repeat(64) }), "1")).rejects.toThrow("401");
  });
});
