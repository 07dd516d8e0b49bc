import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { httpSandbox } from "../../src/sandbox/linux/http-sandbox.ts";

test("httpSandbox() follows no redirect: the token, files and commands go to its own address only", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    // Elsewhere it would be answered as by a Linux.
    if (request.url?.startsWith("/other")) return void response.end('{"id":"s1"}');
    response.writeHead(307, { location: `/other${request.url ?? ""}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sandbox = httpSandbox({ url: `http://127.0.0.1:${port}`, token: "secret", fetch: (address, init) => fetch(address, init) });
  const { signal } = new AbortController();
  await expect(sandbox.open(signal)).rejects.toMatchObject({ code: "not_configured", message: expect.stringContaining("leads elsewhere") });
  await expect(sandbox.put("s1", [{ path: "a.txt", bytes: new Uint8Array(1) }], signal)).rejects.toMatchObject({ code: "not_configured" });
  server.close();
  expect(asked.some((path) => path?.startsWith("/other"))).toBe(false);
  expect(asked).toHaveLength(2);
});

test("httpSandbox() puts every file in but one that no zip of ours can name", async () => {
  let sent = new Uint8Array();
  const sandbox = httpSandbox({
    url: "http://127.0.0.1:1",
    token: "secret",
    async fetch(_address, init) {
      sent = new Uint8Array(await new Response(init.body).arrayBuffer());
      return Response.json({ written: 2, refused: [{ path: "b/c", reason: "too-large" }] });
    },
  });
  const files = ["a.txt", "__proto__", "b/__proto__"].map((path) => ({ path, bytes: new Uint8Array([1]) }));
  expect(await sandbox.put("s1", files, new AbortController().signal)).toEqual([
    { path: "__proto__", reason: "bad-name" },
    { path: "b/c", reason: "too-large" },
  ]);
  expect(Object.keys(unzipSync(sent))).toEqual(["a.txt", "b/__proto__"]);
});

test("httpSandbox() reads nothing where nothing is wanted, without asking: a list of no paths is none that is taken", async () => {
  const sandbox = httpSandbox({ url: "http://127.0.0.1:1", token: "secret", fetch: () => Promise.reject(new Error("asked")) });
  expect(await sandbox.read("s1", [], new AbortController().signal)).toEqual(new Map());
});
