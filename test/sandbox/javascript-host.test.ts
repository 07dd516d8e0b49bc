import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
    import { mkdtempSync } from "node:fs"; import { tmpdir } from "node:os"; import { join } from "node:path";
    const child = await startWorkerd(mkdtempSync(join(tmpdir(), "margay-host-test-")), "0");
    console.log(child.pid); setInterval(() => {}, 1_000);`;
  const host = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<string>((resolve) => host.stdout.once("data", (data) => resolve(String(data).trim())));
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  host.kill("SIGKILL");
  while (existsSync(`/proc/${pid}`)) await sleep(10);
});
