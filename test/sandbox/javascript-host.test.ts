import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startJavascriptHost } from "../../scripts/hands/javascript-host.mjs";

/** Asks for a run as the Worker does; gives the status, and the end of the connection. */
function upgrade(url: string, token: string, path = "/run?id=a&cpu=1000&memory=64&wall=5000"): Promise<{ status: number; end(): void }> {
  const headers = {
    authorization: `Bearer ${token}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { headers });
    asked.once("upgrade", (response, socket) => resolve({ status: response.statusCode ?? 0, end: () => void socket.destroy() }));
    asked.once("response", (response) => (response.resume(), resolve({ status: response.statusCode ?? 0, end: () => undefined })));
    asked.once("error", reject);
    asked.end();
  });
}

test("startJavascriptHost() gives a process to whoever has the token, and takes it back with the connection", async () => {
  const host = await startJavascriptHost();
  try {
    expect(host.running()).toBe(0);
    for (const token of ["", "x", host.token.replace(/./u, (first) => (first === "0" ? "1" : "0"))])
      expect((await upgrade(host.url, token)).status).toBe(401);
    expect((await upgrade(host.url, host.token, "/else")).status).toBe(401);
    expect((await fetch(`${host.url}/ended?id=a`)).status).toBe(401);
    expect(host.running()).toBe(0);
    const way = await upgrade(host.url, host.token);
    expect(way.status).toBe(101);
    way.end();
    const ended = await fetch(`${host.url}/ended?id=a`, { headers: { authorization: `Bearer ${host.token}` } });
    expect(await ended.json()).toEqual({ ended: "error" });
  } finally {
    await host.stop();
  }
  expect(host.running()).toBe(0);
});

test.runIf(process.platform === "linux")("a process ends with its host, also when that is killed", async () => {
  const module = join(import.meta.dirname, "../../scripts/hands/workerd-process.mjs");
  const script = `import { startWorkerd } from ${JSON.stringify(module)};
    import { mkdtempSync } from "node:fs"; import { tmpdir } from "node:os";
    import { join } from "node:path";
    const child = await startWorkerd(mkdtempSync(join(tmpdir(), "margay-host-test-")), "0");
    console.log(child.pid); setInterval(() => {}, 1_000);`;
  const host = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<string>((resolve) => host.stdout.once("data", (data) => resolve(String(data).trim())));
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  host.kill("SIGKILL");
  while (existsSync(`/proc/${pid}`)) await sleep(10);
});

test.runIf(process.platform === "linux")("what the Worker is told stands in no list of processes", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "margay-vars-test-")), "wrangler-dist");
  mkdirSync(folder);
  const cli = join(folder, "cli.js");
  writeFileSync(
    cli,
    "console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env.MARGAY_WORKER_VARS ?? null, pid: process.pid })); setInterval(() => {}, 1_000);",
  );
  const child = spawn(process.execPath, [cli, "dev"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "../../scripts/hands/give-vars.mjs")).href}`,
      MARGAY_WORKER_VARS: JSON.stringify({ SANDBOX_TOKEN: "a-token:with-a-colon" }),
    },
  });
  try {
    const said: unknown = JSON.parse(await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data)))));
    expect(said).toMatchObject({ args: ["dev", "--var", "SANDBOX_TOKEN:a-token:with-a-colon"], env: null });
    expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).not.toContain("a-token");
  } finally {
    child.kill("SIGKILL");
  }
});
