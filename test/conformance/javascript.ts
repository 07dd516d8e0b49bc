import { describe, expect, test } from "vitest";
import type { HostAnswer, HostRequest, JavascriptRunner, RunRequest, RunResult } from "../../src/sandbox/javascript.ts";

/** On a busy machine everything takes its time; what is tested with a limit says so. */
const LIMITS = { wallMs: 28_000, cpuMs: 25_000, memoryMb: 256, outputChars: 20_000 };

/** Runs a code with a host that answers as told; gives the result and all that was asked. */
export async function runCode(
  runner: JavascriptRunner,
  code: string,
  change: Partial<RunRequest> & { answer?(request: HostRequest): Promise<HostAnswer>; signal?: AbortSignal } = {},
): Promise<RunResult & { asked: HostRequest[]; given: unknown }> {
  const { answer, signal, ...request } = change;
  const asked: HostRequest[] = [];
  const host = {
    async ask(one: HostRequest): Promise<HostAnswer> {
      asked.push(one);
      return answer ? answer(one) : { ok: true, value: one.kind === "tool" ? one.input : null };
    },
  };
  const scope = { tools: ["echo"], files: { read: true, write: true } };
  const result = await runner.run(
    { code, modules: {}, scope, ...request, limits: { ...LIMITS, ...request.limits } },
    host,
    signal ?? new AbortController().signal,
  );
  return { ...result, asked, given: result.value === null ? null : JSON.parse(result.value) };
}

/** How a code is read: by what is around it, which is the same for every driver. */
export function readingConformance(runner: () => JavascriptRunner): void {
  const run = (code: string, change?: Parameters<typeof runCode>[2]) => runCode(runner(), code, change);

  describe("JavaScript as it is read", () => {
    test.each([
      ["the last expression", "const a = 20\na * 2 + 2"],
      ["a return", "for (const a of [1]) { if (a) return 42 }"],
      ["an awaited value", "await Promise.resolve(42)"],
      ["a function that is given", "async () => { return 42 }"],
      ["an exported default", "export const a = 2;\nexport default 40 + a;"],
      ["an exported function", "export default async function main() { return 42 }"],
      ["what a note stands behind", "const a = 42\na; // the answer"],
    ])("run() gives %s", async (_what, code) => {
      expect(await run(code)).toMatchObject({ ended: "done", given: 42, error: null });
    });

    test("run() gives values of all kinds as JSON", async () => {
      const { given } = await run(
        `const a = { b: 1n, at: new Date(0), set: new Set([1]), map: new Map([["k", 2]]), f() {}, no: undefined, bytes: new Uint8Array([1, 2]), nan: NaN, e: new TypeError("t") };\na.self = a;\na`,
      );
      expect(given).toEqual({
        b: "1",
        at: "1970-01-01T00:00:00.000Z",
        set: [1],
        map: { k: 2 },
        bytes: [1, 2],
        nan: "NaN",
        e: { error: "TypeError: t" },
        self: "[circular]",
      });
      expect((await run("if (true) {}")).given).toBeNull();
    });

    test("run() says where an error is, with the code's own line", async () => {
      expect(await run(`const a = null;\n\na.b;`)).toMatchObject({ ended: "error", value: null, error: { name: "TypeError", line: 3 } });
      expect(await run(`import { inspect } from "node:util";\nconst a = 1;\nconst b = ;`)).toMatchObject({
        ended: "error",
        error: { name: "SyntaxError", line: 3 },
      });
      expect(await run(`throw "a text"`)).toMatchObject({ ended: "error", error: { message: expect.stringContaining("a text") } });
      expect(await run(`import "nowhere"; 1`)).toMatchObject({ ended: "error", error: { message: expect.stringContaining("nowhere") } });
    });
  });
}

/** What every driver does with code that means no harm. */
export function javascriptConformance(name: string, runner: () => JavascriptRunner): void {
  const run = (code: string, change?: Parameters<typeof runCode>[2]) => runCode(runner(), code, change);

  describe(`JavaScript by ${name}`, () => {
    test("run() gives a value, and says where an error is", async () => {
      expect(await run("const a = 20\na * 2 + 2")).toMatchObject({ ended: "done", given: 42, error: null });
      expect(await run("const a = 1;\nconst b = ;")).toMatchObject({ ended: "error", error: { name: "SyntaxError", line: 2 } });
      // At the beginning of a line the engine says no column.
      expect(await run("const a = [1,\n2\na;")).toMatchObject({ ended: "error", error: { name: "SyntaxError", line: 3 } });
    });

    test("run() keeps what is logged, in order", async () => {
      const { logs } = await run(`console.log("a", { b: 1 }); await null; console.error("%s!", "c");`);
      expect(logs).toEqual(["a { b: 1 }", "c!"]);
    });

    test("run() lets code import what it is given and what the runtime has", async () => {
      const modules = {
        "outputs/lib.js": { js: `import { two } from "./two.js"; export const six = 3 * two;` },
        "outputs/two.js": { js: "export const two = 2;" },
        words: { text: "some words" },
      };
      const { given } = await run(
        `import { six } from "/outputs/lib.js"\nimport words from "words"\nimport { createHash } from "node:crypto"\n[six, words, createHash("sha256").update("a").digest("hex").length]`,
        { modules },
      );
      expect(given).toEqual([6, "some words", 64]);
    });

    test("run() passes calls on and gives what they answer, or throws it", async () => {
      const { given, asked } = await run(
        `const a = await tools.echo({ x: 1 });
         const failed = await tools.echo({ no: true }).catch((error) => error.name + ": " + error.message);
         const many = await Promise.all(Array.from({ length: 100 }, (_, n) => tools.echo(n)));
         return { a, failed, sum: many.reduce((x, y) => x + y), other: typeof tools.other, input }`,
        {
          input: { told: true },
          answer: async (one) =>
            one.kind === "tool" && JSON.stringify(one.input).includes("no")
              ? { ok: false, error: { name: "Denied", message: "Not that." } }
              : { ok: true, value: one.kind === "tool" ? one.input : null },
        },
      );
      expect(given).toEqual({ a: { x: 1 }, failed: "Denied: Not that.", sum: 4950, other: "undefined", input: { told: true } });
      expect(asked).toHaveLength(102);
    });

    test("run() passes files both ways, bytes as they are", async () => {
      const { given, asked } = await run(
        `await files.write("/outputs/a.bin", new Uint8Array([0, 255])); await files.write("/outputs/a.json", { a: 1 }); return [await files.readText("/a"), await files.readText("/ä"), [...(await files.readBytes("/b"))]]`,
        { answer: async (one) => ({ ok: true, value: one.kind === "read" ? btoa(one.path) : one.kind === "text" ? one.path : null }) },
      );
      expect(given).toEqual(["/a", "/ä", [47, 98]]);
      expect(asked.slice(0, 2)).toEqual([
        { kind: "write", path: "/outputs/a.bin", base64: "AP8=" },
        { kind: "write", path: "/outputs/a.json", base64: btoa('{\n  "a": 1\n}') },
      ]);
      const without = await run("typeof files", { scope: { tools: [], files: { read: false, write: false } } });
      expect(without.given).toBe("undefined");
    });

    test("run() gives no network, and says what to call", async () => {
      const { given } = await run(
        `import { connect } from "cloudflare:sockets";
         const tried = async (work) => { try { return "went: " + await work() } catch (error) { return error.message } };
         return [await tried(() => fetch("http://127.0.0.1/")), await tried(() => new WebSocket("ws://127.0.0.1/")), await tried(() => connect("127.0.0.1:80").opened)]`,
      );
      expect(given).toEqual([
        "Code has no network; call tools.web_fetch",
        "Code has no network; call tools.web_fetch",
        expect.not.stringContaining("went"),
      ]);
    });

    test("run() gives no two runs anything of each other", async () => {
      await run("globalThis.left = 1; Array.prototype.left = 1; 1");
      expect((await run("[typeof left, typeof [].left]")).given).toEqual(["undefined", "undefined"]);
    });

    test("run() ends at its time, and when it is stopped", async () => {
      const waits = `console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 60_000))`;
      expect(await run(waits, { limits: { ...LIMITS, wallMs: 300 } })).toMatchObject({
        ended: "time",
        logs: ["begun"],
        error: { message: "It took longer than 0.3 seconds and was ended." },
      });
      const stop = new AbortController();
      const { ended } = await run(`await tools.echo(1); await new Promise(() => {})`, {
        signal: stop.signal,
        answer: async () => (setTimeout(() => stop.abort(), 50), { ok: true, value: 1 }),
      });
      expect(ended).toBe("stopped");
      expect((await run("1", { signal: AbortSignal.abort() })).ended).toBe("stopped");
    });

    test("run() ends a flood of output and keeps its beginning; a long value is cut", async () => {
      const flood = await run(`for (let n = 0; ; n++) { console.log("line " + n); if (n % 100 === 0) await null }`);
      expect(flood).toMatchObject({ ended: "output", value: null });
      expect(flood.logs[0]).toBe("line 0");
      expect(flood.logs.join("\n").length).toBeLessThanOrEqual(LIMITS.outputChars + 1);
      const long = await run(`"x".repeat(1_000_000)`);
      expect(long).toMatchObject({ ended: "done", cut: true });
      expect(String(long.given).length).toBe(LIMITS.outputChars);
    });
  });
}
