import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Egress } from "../../src/egress/client.ts";
import type { EgressOptions } from "../../src/egress/egress-result.ts";
import type { Fetch, Resolve } from "../../src/egress/resolve.ts";

interface Seen {
  address: string;
  method: string;
  headers: IncomingMessage["headers"];
  body: string;
}

const seen: Seen[] = [];
let server: Server;
let base = "";
let closed = 0;

/** One server behind all names; what it answers goes by the path. */
const PAGES: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/text": (_, response) =>
    response.writeHead(200, { "content-type": "Text/Plain; charset=ISO-8859-1", etag: '"1"', "set-cookie": "a=b" }).end("hello"),
  "/missing": (_, response) => response.writeHead(404, { "content-type": "text/html" }).end("<p>gone"),
  "/untyped": (_, response) => response.end("x"),
  "/pdf": (_, response) => response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF"),
  "/ld": (_, response) => response.writeHead(200, { "content-type": "application/ld+json" }).end("{}"),
  "/loop": (request, response) =>
    response.writeHead(302, { location: `/loop?${Number(new URL(request.url ?? "", base).search.slice(1)) + 1}` }).end(),
  "/to": (request, response) =>
    response.writeHead(307, { location: decodeURIComponent(new URL(request.url ?? "", base).search.slice(1)) }).end("ignored"),
  "/endless": (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("x".repeat(1000)), 1);
    response.on("close", () => {
      closed++;
      clearInterval(timer);
    });
  },
  "/stuck": (_, response) => void response.writeHead(200, { "content-type": "text/plain" }).write("beginning"),
  "/silent": () => {},
  "/broken": (_, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { "x-test-host": host, ...headers } = request.headers;
      seen.push({ address: `${String(host)}${request.url ?? ""}`, method: request.method ?? "", headers, body });
      const page = PAGES[new URL(request.url ?? "", base).pathname];
      if (page) page(request, response);
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen.length = 0;
  closed = 0;
});

/** Every name leads to the one server, so that the filter in front of it is the real one. */
const fetchThere: Fetch = (url, init) => {
  const { pathname, search, origin } = new URL(url);
  const headers = new Headers(init.headers);
  headers.set("x-test-host", origin);
  return fetch(`${base}${pathname}${search}`, { ...init, headers });
};
const resolve: Resolve = async (name) => {
  if (name === "nowhere.example.com") return { kind: "no_such_host" };
  if (name === "rebind.example.com") return { kind: "addresses", addresses: ["8.8.8.8", "169.254.169.254"] };
  return name === "unknown.example.com" ? { kind: "unknown" } : { kind: "addresses", addresses: ["8.8.8.8"] };
};
const egress = new Egress({ fetch: fetchThere, resolve });
const to = (location: string): string => `https://example.com/to?${encodeURIComponent(location)}`;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("Egress", () => {
  test("gives status, type, safe headers and the body of a page", async () => {
    const result = await egress.get("https://example.com/text#part");
    expect(result).toMatchObject({
      ok: true,
      status: 200,
      url: "https://example.com/text",
      mediaType: "text/plain",
      charset: "iso-8859-1",
      truncated: false,
      hops: ["https://example.com/text"],
    });
    if (!result.ok) return;
    expect(text(result.bytes)).toBe("hello");
    expect(result.headers).toEqual({ "content-type": "Text/Plain; charset=ISO-8859-1", etag: '"1"', date: expect.any(String) });
  });

  test("says who it is, and sends no cookies, not even when told to", async () => {
    await egress.get("https://example.com/text", { headers: { Cookie: "a=b", "X-Forwarded-For": "1.1.1.1", accept: "text/plain" } });
    expect(seen[0]?.headers).toMatchObject({ "user-agent": "Margay", accept: "text/plain" });
    expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(["cookie"]));
    expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(["x-forwarded-for"]));
  });

  test("gives a page that says 404 as an answer", async () => {
    expect(await egress.get("https://example.com/missing")).toMatchObject({ ok: true, status: 404 });
  });

  test.each([
    ["http://127.0.0.1/text", "private_address"],
    ["ftp://example.com/", "bad_url"],
    ["https://rebind.example.com/text", "private_address"],
    ["https://nowhere.example.com/text", "no_such_host"],
  ])("never asks for %s", async (url, code) => {
    expect(await egress.get(url)).toMatchObject({ ok: false, code, sent: false });
    expect(seen).toEqual([]);
  });

  test("goes on when nobody knows what a name stands for, and asks about no literal address", async () => {
    expect(await egress.get("https://unknown.example.com/text")).toMatchObject({ ok: true });
    const never = new Egress({ fetch: fetchThere, resolve: () => Promise.reject(new Error("asked")) });
    expect(await never.get("https://8.8.8.8/text")).toMatchObject({ ok: true });
    expect(await never.get("https://[2606:4700::1111]/text")).toMatchObject({ ok: true });
    expect(await never.get("https://example.com/text")).toMatchObject({ ok: false });
  });

  describe("redirects", () => {
    test("are followed to public hosts, and each is told", async () => {
      const result = await egress.get(to("https://other.example.org/text#x"));
      expect(result).toMatchObject({
        ok: true,
        url: "https://other.example.org/text",
        hops: [to("https://other.example.org/text#x"), "https://other.example.org/text"],
      });
    });

    test.each([
      ["http://169.254.169.254/latest/", "private_address"],
      ["http://localhost/", "private_address"],
      ["https://rebind.example.com/", "private_address"],
      ["https://127.0.0.1.nip.io/", "private_address"],
      ["https://user:pw@other.example.org/", "bad_url"],
      ["https://other.example.org:22/", "bad_url"],
      ["file:///etc/passwd", "bad_url"],
      ["javascript:alert(1)", "bad_url"],
      ["https://nowhere.example.com/", "no_such_host"],
    ])("to %s are refused", async (location, code) => {
      const result = await egress.get(`http://example.com/to?${encodeURIComponent(location)}`);
      expect(result).toMatchObject({ ok: false, code, sent: true, location });
      expect(seen.length).toBe(1);
    });

    test("that give up https are refused, and name where they lead", async () => {
      const result = await egress.get(to("http://other.example.org/text"));
      expect(result).toMatchObject({ ok: false, code: "redirect_refused", sent: true, location: "http://other.example.org/text" });
      expect(result.ok ? "" : result.message).toContain("http://other.example.org/text");
      expect(await egress.get("http://example.com/to?https%3A%2F%2Fexample.com%2Ftext")).toMatchObject({ ok: true });
    });

    test("stay on the host when told so", async () => {
      const follow = "same-host" as const;
      expect(await egress.get(to("/text"), { follow })).toMatchObject({ ok: true });
      expect(await egress.get(to("https://example.com.:443/text"), { follow })).toMatchObject({ ok: true });
      for (const location of ["https://www.example.com/text", "https://example.com:8443/text", "//example.org/text"]) {
        const result = await egress.get(to(location), { follow });
        expect(result).toMatchObject({ ok: false, code: "redirect_refused", location: new URL(location, "https://example.com").href });
      }
      expect(await egress.get(to("/text"), { follow: "none" })).toMatchObject({ ok: false, code: "redirect_refused" });
    });

    test("end after five", async () => {
      expect(await egress.get("https://example.com/loop?0")).toMatchObject({ ok: false, code: "too_many_redirects", sent: true });
      expect(seen.length).toBe(6);
    });

    test("do not send anything but GET and HEAD a second time", async () => {
      expect(await egress.request(to("/text"), { method: "POST", body: "x" })).toMatchObject({
        ok: false,
        code: "redirect_refused",
        sent: true,
      });
      expect(seen.map(({ method, body }) => [method, body])).toEqual([["POST", "x"]]);
      for (const method of ["PUT", "PATCH", "DELETE"] as const)
        expect(await egress.request(to("/text"), { method })).toMatchObject({ ok: false, code: "redirect_refused" });
      expect(await egress.request(to("/text"), { method: "HEAD", types: ["image/"] })).toMatchObject({ ok: true, bytes: new Uint8Array() });
    });

    test("take no headers of the caller's to another host", async () => {
      const headers = { authorization: "Bearer mine", "x-key": "k", accept: "text/plain" };
      await egress.get(to("https://other.example.org/text"), { headers });
      await egress.get(to("/text"), { headers });
      expect(seen.map(({ headers: sent }) => [sent.authorization, sent["x-key"], sent.accept])).toEqual([
        ["Bearer mine", "k", "text/plain"],
        [undefined, undefined, "text/plain"],
        ["Bearer mine", "k", "text/plain"],
        ["Bearer mine", "k", "text/plain"],
      ]);
    });
  });

  describe("limits", () => {
    test("cut a body that never ends, and let go of it", async () => {
      const result = await egress.get("https://example.com/endless", { maxBytes: 2500 });
      expect(result).toMatchObject({ ok: true, truncated: true });
      expect(result.ok && result.bytes.length).toBe(2500);
      await expect.poll(() => closed).toBe(1);
    });

    test("leave a body of exactly that size whole", async () => {
      expect(await egress.get("https://example.com/text", { maxBytes: 5 })).toMatchObject({ ok: true, truncated: false });
      expect(await egress.get("https://example.com/text", { maxBytes: 4 })).toMatchObject({ ok: true, truncated: true });
    });

    test.each(["/stuck", "/silent"])("end %s in time", async (path) => {
      expect(await egress.get(`https://example.com${path}`, { timeoutMs: 100 })).toMatchObject({ ok: false, code: "timeout", sent: true });
    });

    test("end also what does not listen to its signal", async () => {
      const deaf = new Egress({ fetch: () => new Promise(() => {}), resolve });
      expect(await deaf.get("https://example.com/", { timeoutMs: 20 })).toMatchObject({ ok: false, code: "timeout", sent: true });
      const slowNames = new Egress({ fetch: fetchThere, resolve: () => new Promise(() => {}) });
      expect(await slowNames.get("https://example.com/", { timeoutMs: 20 })).toMatchObject({ ok: false, code: "timeout", sent: false });
    });

    test("the caller's signal ends it, before and while it runs", async () => {
      expect(await egress.get("https://example.com/text", { signal: AbortSignal.abort() })).toMatchObject({
        ok: false,
        code: "timeout",
        sent: false,
      });
      expect(await egress.get("https://example.com/stuck", { signal: AbortSignal.timeout(50) })).toMatchObject({
        ok: false,
        code: "timeout",
        sent: true,
      });
    });

    test("refuse other types before the body is read", async () => {
      const types = ["text/", "+json"];
      expect(await egress.get("https://example.com/pdf", { types })).toMatchObject({
        ok: false,
        code: "unsupported_type",
        message: "example.com answered with application/pdf, which cannot be read here.",
      });
      expect(await egress.get("https://example.com/untyped", { types })).toMatchObject({ ok: false, code: "unsupported_type" });
      expect(await egress.get("https://example.com/ld", { types })).toMatchObject({ ok: true });
    });

    test("a connection that breaks off is an error without internals", async () => {
      const result = await egress.get("https://example.com/broken");
      expect(result).toEqual({ ok: false, code: "network", message: "example.com could not be reached, or broke off.", sent: true });
    });
  });

  describe("a secret", () => {
    const secret = (hosts: string[], value: string | null = "Bearer s3cret") => ({
      header: "Authorization",
      hosts,
      value: async () => value,
    });
    const ask = (url: string, options: EgressOptions) => egress.get(url, options);

    test("is sent to its hosts over https", async () => {
      await ask("https://example.com/text", { secret: secret(["example.com"]) });
      await ask("https://api.example.com/text", { secret: secret(["*.example.com"]), headers: { authorization: "model's" } });
      expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer s3cret", "Bearer s3cret"]);
    });

    test.each([
      ["another host", "https://example.org/text", ["example.com"]],
      ["a name that only ends like it", "https://evilexample.com/text", ["*.example.com"]],
      ["the domain where only names below it are meant", "https://example.com/text", ["*.example.com"]],
      ["another port", "https://example.com:8443/text", ["example.com"]],
      ["http", "http://example.com/text", ["example.com"]],
      ["every host", "https://example.com/text", ["*"]],
      ["nothing", "https://example.com/text", []],
    ])("is not sent to %s, and neither is the request", async (_what, url, hosts) => {
      expect(await ask(url, { secret: secret(hosts) })).toMatchObject({ ok: false, code: "secret_not_for_host", sent: false });
      expect(seen).toEqual([]);
    });

    test("never goes along to another host", async () => {
      const result = await ask(to("https://other.example.org/to?https%3A%2F%2Fexample.com%2Ftext"), { secret: secret(["example.com"]) });
      expect(result).toMatchObject({ ok: true });
      expect(seen.map(({ address, headers }) => [new URL(address).host, headers.authorization])).toEqual([
        ["example.com", "Bearer s3cret"],
        ["other.example.org", undefined],
        ["example.com", "Bearer s3cret"],
      ]);
    });

    test("that is missing or cannot be sent ends the request, without telling it", async () => {
      expect(await ask("https://example.com/text", { secret: secret(["example.com"], null) })).toMatchObject({
        ok: false,
        code: "secret_not_for_host",
        sent: false,
      });
      const result = await ask("https://example.com/text", { secret: secret(["example.com"], "s3cret\r\nx: y") });
      expect(result).toMatchObject({ ok: false, code: "secret_not_for_host", sent: false });
      expect(JSON.stringify(result)).not.toContain("s3cret");
    });

    test("is in no error, whatever the platform says", async () => {
      const telling = new Egress({
        fetch: async (_, init) => {
          throw new TypeError(`failed with ${[...new Headers(init.headers)].join(" ")}`);
        },
        resolve,
      });
      const result = await telling.get("https://example.com/", { secret: secret(["example.com"]) });
      expect(result).toMatchObject({ ok: false, code: "network", sent: true });
      expect(JSON.stringify(result)).not.toContain("s3cret");
    });
  });
});
