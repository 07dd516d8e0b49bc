import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gather } from "../../scripts/import/gather.ts";
import { slim } from "../../scripts/import/slim.ts";
import { itemsOf } from "../../src/import/items.ts";
import { readArchive } from "../../src/import/read-archive.ts";
import { bytesOf, claudeExport, found, gptExport, workspace } from "./fixtures.ts";

let folder = "";
let server: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "margay-import-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  server?.close();
  server?.closeAllConnections();
  server = null;
});

function write(files: Record<string, unknown>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytesOf(content));
  }
  return folder;
}

const paths = (bytes: Uint8Array): string[] => readArchive(bytes, "x.zip").files.map(({ path }) => path);

describe("gather()", () => {
  test("takes text and exports of a folder; the rest stays on the machine", () => {
    const { bytes, left } = gather(write({ ...workspace(), ".git/config": "x", ".env": "KEY=1", "pic.png": "x", "openclaw.json": "{}" }));
    expect(paths(bytes).toSorted()).toEqual(
      [
        "SOUL.md",
        "IDENTITY.md",
        "USER.md",
        "MEMORY.md",
        "memory/2026-05-12.md",
        "memory/people.md",
        "AGENTS.md",
        "TOOLS.md",
        "skills/weather/SKILL.md",
      ].toSorted(),
    );
    expect(left).toBe(4);
  });

  test("takes a single conversations.json, and says what is wrong with others before anything is sent", () => {
    write({ "conversations.json": gptExport()["conversations.json"], "other.json": { a: 1 }, "pics/a.png": "x" });
    const { bytes, name } = gather(join(folder, "conversations.json"));
    expect([name, paths(bytes)]).toEqual(["conversations.zip", ["conversations.json"]]);
    expect(() => gather(join(folder, "other.json"))).toThrow(/nothing that can be imported/);
    expect(() => gather(join(folder, "pics"))).toThrow(/nothing that can be imported/);
    expect(() => gather(join(folder, "none"))).toThrow(/There is nothing at/);
  });
});

test.each([
  ["ChatGPT", gptExport()["conversations.json"]],
  ["Claude", claudeExport()["conversations.json"]],
])("slim() leaves everything that is read of an export of %s", (_, conversations) => {
  const bytes = bytesOf(conversations);
  const small = slim({ path: "conversations.json", size: bytes.length, chunks: () => [bytes] });
  if (small === null) throw new Error("nothing");
  expect(small.length).toBeLessThan(bytes.length);
  expect([...itemsOf(readArchive(small, "conversations.json")).items]).toEqual(found(bytes, "conversations.json").items);
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function run(args: string[], input = ""): Promise<Ended> {
  const root = join(import.meta.dirname, "../..");
  const child = spawn(join(root, "node_modules/.bin/tsx"), [join(root, "scripts/import.ts"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    const ended: Ended = { code: null, out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => (ended.out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (ended.err += chunk.toString()));
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

const COUNTS = { persona: 0, memory: 0, conversation: 0, document: 0, skill: 0 };
const REPORT = { id: "i", format: "openclaw", status: "running", progress: 0.5, added: COUNTS, known: COUNTS, skipped: [], error: null };

/** A server that speaks what the script needs of the API. */
async function serve(): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const answers: Record<string, unknown> = {
    "POST /api/v1/files": { key: "u/me/uploads/x", name: "w.zip", mime: "application/zip", size: 1 },
    "POST /api/v1/imports": {
      id: "i",
      format: "openclaw",
      lines: [{ kind: "memory", count: 8, what: "8 memories from MEMORY.md", examples: ["Builds \u001b[31mboats"] }],
      skipped: [{ path: "AGENTS.md", reason: "Not needed." }],
    },
    "POST /api/v1/imports/i/run": REPORT,
    "GET /api/v1/imports/i": { ...REPORT, status: "done", progress: 1, added: { ...COUNTS, memory: 7 }, known: { ...COUNTS, memory: 1 } },
  };
  server = createServer((request, response) => {
    const route = `${request.method} ${request.url}`;
    seen.push(route);
    request.resume().on("end", () => {
      const known = request.headers.authorization === "Bearer mgy_key";
      response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? answers[route] : { error: { code: "unauthorized", message: "No." } }));
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, seen };
}

describe("npm run import", { timeout: 60_000 }, () => {
  test("shows the plan, asks, and changes nothing without a yes", async () => {
    const { url, seen } = await serve();
    const ended = await run([write(workspace()), "--url", url, "--key", "mgy_key"], "no\n");
    expect(ended.code).toBe(0);
    expect(ended.out).toContain("• 8 memories from MEMORY.md\n      “Builds [31mboats”");
    expect(ended.out).toContain("- AGENTS.md: Not needed.");
    expect(ended.err).toContain("Nothing was imported.");
    expect(seen).toEqual(["POST /api/v1/files", "POST /api/v1/imports"]);
  });

  test("runs with --yes to its end and reports", async () => {
    const { url, seen } = await serve();
    const ended = await run([write(workspace()), "--url", url, "--key", "mgy_key", "--yes"]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/Done\.\nAdded: 7 memories\.\nThere already: 1 memory\.\n$/);
    expect(seen.slice(2)).toEqual(["POST /api/v1/imports/i/run", "GET /api/v1/imports/i"]);
  });

  test("ends with 1 and a sentence: no server, a wrong key, a wrong format, no path", async () => {
    const { url } = await serve();
    const path = write(workspace());
    expect(await run([path, "--url", "http://127.0.0.1:9", "--key", "k"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("Cannot reach"),
    });
    expect(await run([path, "--url", url, "--key", "wrong"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("The key was not accepted."),
    });
    write({ "pics/a.png": "x" });
    expect(await run([join(folder, "pics")])).toMatchObject({ code: 1, err: expect.stringContaining("nothing that can be imported") });
    expect(await run([])).toMatchObject({ code: 1, err: expect.stringContaining("Name one folder") });
  });
});
