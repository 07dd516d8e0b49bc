import { expect, test } from "vitest";
import { isLoopbackRequest } from "../../src/local/is-loopback-request.ts";

// Node's Request drops no header that we set here; `host` it forbids, so it is set on the Headers afterwards.
function request(url: string, headers: Record<string, string> = {}): Request {
  const made = new Request(url, { method: "POST" });
  for (const [name, value] of Object.entries(headers)) made.headers.set(name, value);
  return made;
}

test("isLoopbackRequest() accepts a browser's or a program's request to this machine, on any port", () => {
  for (const root of ["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:9000", "http://localhost"]) {
    expect(isLoopbackRequest(request(`${root}/x`))).toBe(true);
    expect(isLoopbackRequest(request(`${root}/x`, { origin: root, "sec-fetch-site": "same-origin" }))).toBe(true);
    expect(isLoopbackRequest(request(`${root}/x`, { host: new URL(root).host, "cf-connecting-ip": "127.0.0.1" }))).toBe(true);
    expect(isLoopbackRequest(request(`${root}/x`, { "cf-connecting-ip": "::1" }))).toBe(true);
  }
});

test("isLoopbackRequest() refuses every other address", () => {
  for (const root of [
    "https://margay.example.workers.dev",
    "http://192.168.1.5:8787",
    "http://0.0.0.0:8787",
    "http://localhost.evil.example",
    "http://evil.example:8787",
    "http://127.0.0.1.nip.io",
    "http://[::2]",
  ])
    expect(isLoopbackRequest(request(`${root}/x`))).toBe(false);
});

test("isLoopbackRequest() refuses a Host that differs from the address (DNS rebinding)", () => {
  for (const host of ["evil.example", "evil.example:8787", "localhost", "localhost:1", "localhost:8787.evil.example"])
    expect(isLoopbackRequest(request("http://localhost:8787/x", { host }))).toBe(false);
});

test("isLoopbackRequest() refuses pages of other sites and other ports", () => {
  for (const origin of ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1:8787", "https://localhost:8787", ""])
    expect(isLoopbackRequest(request("http://localhost:8787/x", { origin }))).toBe(false);
  for (const site of ["cross-site", "same-site"])
    expect(isLoopbackRequest(request("http://localhost:8787/x", { "sec-fetch-site": site }))).toBe(false);
});

test("isLoopbackRequest() refuses what a tunnel or proxy passed on", () => {
  for (const [name, value] of [
    ["cf-connecting-ip", "203.0.113.9"],
    ["cf-connecting-ip", "127.0.0.1, 203.0.113.9"],
    ["x-forwarded-for", "127.0.0.1"],
    ["x-forwarded-host", "localhost"],
    ["x-forwarded-proto", "https"],
    ["X-Forwarded-Anything", "1"],
    ["forwarded", "for=127.0.0.1"],
    ["via", "1.1 proxy"],
    ["x-real-ip", "127.0.0.1"],
    ["cf-ray", "0-ABC"],
    ["cdn-loop", "cloudflare"],
    ["cf-access-jwt-assertion", "x"],
  ] as const)
    expect(isLoopbackRequest(request("http://localhost:8787/x", { [name]: value }))).toBe(false);
});
