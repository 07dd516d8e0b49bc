import { createServer } from "node:net";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Outcome } from "../../src/agent/shapes.ts";
import { FileRef } from "../../src/channels/message.ts";
import { DocumentPage } from "../../src/knowledge/shapes.ts";
import { SAMPLES } from "../knowledge/samples.ts";
import { removeState, startDevServer, type DevServer } from "../support/dev-server.ts";

let server: DevServer;

beforeAll(async () => {
  server = await startDevServer();
});
afterAll(async () => {
  await server.kill();
  removeState(server.state);
});

test("npm start prints the address, who is signed in, which model answers and how to set one", () => {
  const output = server.output();
  expect(output).toContain(`http://localhost:${server.port}`);
  expect(output).toContain("owner@localhost");
  expect(output).toMatch(/Model +offline/);
  expect(output).toContain("ANTHROPIC_API_KEY");
});

test("npm start serves the page, which needs no sign-in on this machine, and answers a first message with no key and no account", async () => {
  const page = await fetch(`${server.origin}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toContain("text/html");

  const response = await server.owner("/api/v1/chat", { method: "POST", body: JSON.stringify({ message: "What can you do?" }) });
  const outcome = Outcome.parse(await response.json());
  expect(outcome.status).toBe("done");
  expect(outcome.reply).toMatch(/offline|model/i);
});

test("npm start reads a PDF by the module that is built beside the page", async () => {
  const body = Buffer.from(SAMPLES["a.pdf"]?.() ?? []);
  const uploaded = await server.owner("/api/v1/files", { method: "POST", body, headers: { "content-type": "application/pdf" } });
  const { key } = FileRef.parse(await uploaded.json());
  const added = await server.owner("/api/v1/knowledge/documents", { method: "POST", body: JSON.stringify({ key }) });
  expect(added.status).toBe(201);
  const read = async () => DocumentPage.parse(await (await server.owner("/api/v1/knowledge/documents")).json()).documents;
  await expect.poll(read).toMatchObject([{ status: "ready", type: "pdf", pages: 2 }]);
});

test("the loopback sign-in refuses a page of another site, another host name and a request that was passed on", async () => {
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.origin}/api/v1/auth/loopback`, { method: "POST", headers });
  expect((await ask({ origin: "https://evil.example" })).status).toBe(403);
  expect((await ask({ "x-forwarded-for": "203.0.113.7" })).status).toBe(403);
  expect((await ask({ "sec-fetch-site": "cross-site" })).status).toBe(403);
});

test("npm start says so when its port is in use", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = taken.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../scripts/start.mjs")], {
      env: { ...process.env, PORT: String(port) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(1);
    expect(complaint).toContain(`Port ${port} is in use`);
    expect(complaint).toContain("PORT=");
  } finally {
    taken.close();
  }
});

test("Ctrl-C stops everything and ends with 0", async () => {
  expect(await server.stop()).toBe(0);
  await expect(fetch(`${server.origin}/health`)).rejects.toThrow();
});
