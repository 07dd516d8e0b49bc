import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Health, SandboxFailure } from "../../src/sandbox/linux/contract.ts";
import { codeOf, NO_BUBBLEWRAP, type Sandbox, startSandbox, TOKEN } from "./support/sandbox.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");

/** Starts the server with these settings only; what it says when it does not start. */
async function startFails(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], SANDBOX_PORT: "0", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

test("the server does not start without a token, and never says one", async () => {
  expect(await startFails({})).toMatchObject({ code: 1, said: expect.stringContaining("SANDBOX_TOKEN") });
  const short = await startFails({ SANDBOX_TOKEN: "too-short-a-secret" });
  expect(short.code).toBe(1);
  expect(short.said).not.toContain("too-short-a-secret");
});

test("the server does not stand in a container's place without being told, nor where it is none", async () => {
  const { code, said } = await startFails({ SANDBOX_TOKEN: TOKEN, SANDBOX_ISOLATION: "container" });
  expect(code).toBe(1);
  expect(said).toMatch(/SANDBOX_ISOLATION=container/);
});

describe.skipIf(NO_BUBBLEWRAP)("the server", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ SANDBOX_SESSIONS: "3" });
  });
  afterAll(() => sandbox.stop());

  test("health says what it is; everything else needs the token", async () => {
    const health = Health.parse(await (await fetch(`${sandbox.url}/health`)).json());
    expect(health).toMatchObject({ isolation: "bubblewrap", version: 1, proxy: false });
    for (const authorization of [undefined, "", "Bearer", "Bearer wrong", `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
      const answer = await fetch(`${sandbox.url}/v1/sessions`, {
        method: "POST",
        body: "{}",
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([answer.status, await codeOf(answer)]).toEqual([401, "unauthorized"]);
    }
  });

  test("bad input is a clear error with a stable code, never a 500", async () => {
    const session = await sandbox.session();
    const at = (path: string) => `/v1/sessions/${session.id}${path}`;
    const bad: [string, string, string][] = [
      ["POST", "/v1/sessions", "no json"],
      ["POST", "/v1/sessions", "[]"],
      ["POST", "/v1/sessions", '{"limits":{"processes":-1}}'],
      ["POST", "/v1/sessions", '{"limits":{"memoryBytes":17179869184}}'],
      ["POST", "/v1/sessions", '{"unknown":1}'],
      ["POST", "/v1/sessions", '{"env":{"A=B":"x"}}'],
      ["POST", at("/exec"), "{}"],
      ["POST", at("/exec"), '{"argv":[],"timeoutMs":1}'],
      ["POST", at("/exec"), '{"argv":["a\\u0000b"],"timeoutMs":1}'],
      ["POST", at("/exec"), '{"shell":"true","timeoutMs":0}'],
      ["POST", at("/exec"), '{"shell":"true","timeoutMs":100,"cwd":"../x"}'],
      ["POST", at("/exec"), '{"shell":"true","timeoutMs":100,"cwd":"/etc"}'],
      ["POST", at("/exec"), '{"shell":"true","timeoutMs":100,"network":{"hosts":["*"]}}'],
      ["POST", at("/exec"), '{"shell":"true","argv":["true"],"timeoutMs":100}'],
      ["POST", at("/files/read"), '{"paths":["../x"]}'],
      ["POST", at("/files/delete"), '{"paths":[]}'],
    ];
    for (const [method, path, body] of bad) {
      const answer = await sandbox.fetch(path, { method, body });
      expect([answer.status, await codeOf(answer)], `${path} ${body}`).toEqual([400, "invalid_request"]);
    }
    for (const path of ["/v1/nothing", "/v1/sessions/../../etc/passwd", `/v1/sessions/${"0".repeat(32)}/files`])
      expect(await codeOf(await sandbox.fetch(path))).toBe("not_found");
    const huge = await sandbox.fetch(at("/exec"), { method: "POST", body: `{"shell":"${"x".repeat(25 << 20)}"` });
    expect(SandboxFailure.parse(await huge.json()).error.code).toBe("payload_too_large");
    await session.end();
  });

  test("more sessions than fit are refused, hundreds of times, and there is room again when one ends", async () => {
    const open = await Promise.all([sandbox.session(), sandbox.session(), sandbox.session()]);
    const ask = () => sandbox.fetch("/v1/sessions", { method: "POST", body: "{}" });
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
    }
    for (const session of open) await session.end();
    expect((await sandbox.fetch(`/v1/sessions/${open[0].id}`, { method: "DELETE" })).status).toBe(204);
    await (await sandbox.session()).end();
  });

  test("a session ends by itself when nothing is asked of it, and not while a command runs", async () => {
    const brief = await startSandbox({ SANDBOX_IDLE_SECONDS: "1" });
    const [idle, busy] = await Promise.all([brief.session(), brief.session()]);
    expect((await busy.bash("sleep 2; echo still here")).stdout).toBe("still here\n");
    expect((await idle.exec({ shell: "true" })).status).toBe(404);
    const count = async () => Health.parse(await (await fetch(`${brief.url}/health`)).json()).sessions;
    await expect.poll(count, { timeout: 20_000 }).toBe(0);
    await brief.stop();
  });

  test("kill -9 of the server ends every process of its sessions", async () => {
    const doomed = await startSandbox();
    const mark = `margay-orphan-${process.pid}`;
    const running = doomed
      .session()
      .then((session) => session.bash(`exec -a ${mark} sleep 1000`))
      .catch(() => null);
    await expect.poll(() => marked(mark), { timeout: 10_000 }).toBeGreaterThan(0);
    process.kill(doomed.process.pid, "SIGKILL");
    await expect.poll(() => marked(mark), { timeout: 10_000 }).toBe(0);
    await running;
  });

  test("exec reaches allowed hosts through the given proxy, and nothing else, and only while it was allowed", async () => {
    const asked: string[] = [];
    const proxy = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(`GET ${request.url}`);
      response.end("from the registry");
    });
    proxy.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.write("HTTP/1.1 200 ok\r\n\r\n");
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"));
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const session = await sandbox.session();
    const network = { hosts: ["registry.example"], proxy: `http://127.0.0.1:${port}` };
    const code = `
import http.client, os, urllib.request
print(urllib.request.urlopen("http://registry.example/simple").read().decode())
for host in ("registry.example:443", "registry.example:22", "evil.example:443", "127.0.0.1:${port}", "169.254.169.254:80"):
    name, port = host.split(":")
    line = http.client.HTTPConnection("127.0.0.1", 3128); line.set_tunnel(name, int(port))
    try: line.request("GET", "/"); print(host, line.getresponse().read().decode())
    except OSError as error: print(host, "refused" if "403" in str(error) else error)
for url in ("http://evil.example/", "http://127.0.0.1:${port}/", "http://registry.example:8080/"):
    try: print(urllib.request.urlopen(url).read())
    except OSError as error: print(url, error)
`;
    const ran = await session.python(code, { network });
    expect(ran.stderr).toBe("");
    expect(ran.stdout.split("\n")).toEqual([
      "from the registry",
      "registry.example:443 hi",
      "registry.example:22 refused",
      "evil.example:443 refused",
      `127.0.0.1:${port} refused`,
      "169.254.169.254:80 refused",
      "http://evil.example/ HTTP Error 403: Forbidden",
      // urllib asks for addresses of this machine without the proxy: there is nothing.
      expect.stringMatching(/127\.0\.0\.1.*(refused|403)/),
      "http://registry.example:8080/ HTTP Error 403: Forbidden",
      "",
    ]);
    expect(asked).toEqual(["GET http://registry.example/simple", "CONNECT registry.example:443"]);
    const later = await session.bash(
      "echo $HTTPS_PROXY; python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 3128))' 2>&1 | tail -1; ls /run/egress",
    );
    expect(later.stdout).toMatch(/^\n.*refused\n$/);
    expect(await codeOf(await session.exec({ shell: "true", network: { hosts: ["registry.example"] } }))).toBe("not_configured");
    proxy.close();
  });

  test("a direct way out leads to no address of the machine's own network, whatever name it has", async () => {
    let hits = 0;
    const own = createServer((_request, response) => {
      hits++;
      response.end();
    });
    // Something that would answer, where this may listen there.
    await new Promise<void>((resolve) => own.once("error", () => resolve()).listen(80, "0.0.0.0", resolve));
    const direct = await startSandbox({ SANDBOX_PROXY: "direct" });
    const session = await direct.session();
    const hosts = ["localhost", "127.0.0.1", "169.254.169.254", "0.0.0.0"];
    const code = `
import http.client
for host in ${JSON.stringify(hosts)}:
    for port in (80, 443):
        line = http.client.HTTPConnection("127.0.0.1", 3128); line.set_tunnel(host, port)
        try: line.request("GET", "/"); print("REACHED", host)
        except OSError as error: print("502" in str(error))
    line = http.client.HTTPConnection("127.0.0.1", 3128); line.request("GET", f"http://{host}/"); print(line.getresponse().status == 502)
`;
    const ran = await session.python(code, { network: { hosts } });
    expect(ran.stdout).toBe("True\n".repeat(hosts.length * 3));
    expect(hits).toBe(0);
    await direct.stop();
    own.close();
  });

  test("a request that stops in the middle, and thousands of connections, keep nobody else out", async () => {
    const { port } = new URL(sandbox.url);
    const half = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`POST /v1/sessions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 100\r\n\r\n{`);
      return socket;
    });
    const session = await sandbox.session();
    expect((await session.bash("echo fine")).stdout).toBe("fine\n");
    for (const socket of half) socket.destroy();
  });
});

function marked(mark: string): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(mark);
    } catch {
      return false;
    }
  }).length;
}
