import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Allowed, type GuardState, judgeRequest, type PageRequest } from "../../src/browser/judge-request.ts";

const NOTHING = { values: [], around: [], opaque: null };
const STATE: GuardState = { typed: [], now: 0, allowed: [], pinned: null, hosts: null, loopback: new Set() };
const get = (url: string, over: Partial<PageRequest> = {}): PageRequest => ({
  url,
  method: "GET",
  navigation: false,
  redirected: false,
  hasBody: false,
  ledFrom: null,
  preflightOf: null,
  carried: () => ({ ...NOTHING, values: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) }),
  ...over,
});
const kind = (request: PageRequest, state: Partial<GuardState> = {}): string => judgeRequest(request, { ...STATE, ...state }).kind;

describe("judgeRequest()", () => {
  test("lets a page read from public hosts, also by long addresses", () => {
    expect(kind(get("https://cdn.example.com/a.js"))).toBe("go");
    expect(kind(get(`https://example.com/?q=${"a".repeat(5_000)}`))).toBe("go");
  });

  test.each([
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/",
    "http://router.lan/",
    "http://10.1.2.3:8080/",
    "http://2130706433/",
    "http://127.1/",
    "https://user:password@example.com/",
    "http://example.com:22/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "chrome://settings",
    "javascript:alert(1)",
  ])("refuses %s", (url) => expect(kind(get(url))).toBe("refuse"));

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ANYTHING"])("holds a %s", (method) =>
    expect(kind(get("https://example.com/", { method }))).toBe("hold"),
  );

  test("holds a GET with a body", () => expect(kind(get("https://example.com/", { hasBody: true }))).toBe("hold"));

  test("lets leave what was allowed, at that place and by that method, so often and no more", () => {
    const shown = { ...NOTHING, values: [{ name: "token", value: "1" }] };
    const allowed: Allowed[] = [{ method: "POST", place: "https://example.com/order", shown, left: 1 }];
    const post = (url: string, method = "POST"): string => kind(get(url, { method }), { allowed });
    expect(post("https://example.com/order?token=1")).toBe("go");
    expect(post("https://example.com/other")).toBe("hold");
    expect(post("https://example.com:8443/order")).toBe("hold");
    expect(post("https://evil.example.org/order")).toBe("hold");
    expect(post("https://example.com/order", "DELETE")).toBe("hold");
    const used = { method: "POST", place: "https://example.com/order", shown, left: 0 };
    expect(kind(get("https://example.com/order", { method: "POST" }), { allowed: [used] })).toBe("hold");
    // By 307 or 308 it is the same request.
    expect(kind(get("https://example.com/order", { method: "POST", redirected: true, ledFrom: used }), { allowed: [used] })).toBe("go");
    expect(kind(get("https://example.com/", { method: "POST", redirected: true, ledFrom: used }), { allowed: [used] })).toBe("hold");
  });

  test("lets a request be asked about (CORS) where it may be sent itself, and holds what carries something else, saying what", () => {
    const shown = { ...NOTHING, values: [{ name: "to", value: "alice" }] };
    const allowed: Allowed[] = [{ method: "POST", place: "https://example.com/pay", shown, left: 1 }];
    const ask = (url: string, preflightOf: string): string => kind(get(url, { method: "OPTIONS", preflightOf }), { allowed });
    expect(ask("https://example.com/pay", "POST")).toBe("go");
    expect(ask("https://example.com/pay", "DELETE")).toBe("hold");
    expect(ask("https://example.com/other", "POST")).toBe("hold");
    expect(judgeRequest(get("https://example.com/pay?to=mallory", { method: "POST" }), { ...STATE, allowed })).toEqual({
      kind: "hold",
      differs: '"to": "mallory"',
    });
  });

  test("allows nothing to a private address, whatever a person said yes to", () => {
    expect(
      kind(get("http://10.0.0.1/", { method: "POST" }), {
        allowed: [{ method: "POST", place: "http://10.0.0.1/", shown: NOTHING, left: 3 }],
      }),
    ).toBe("refuse");
  });

  test("holds what takes typed words to another site, however they are written in its address", () => {
    const typed = [{ text: "Ana Lind", host: "shop.example.com" }];
    expect(kind(get("https://shop.example.com/search?q=Ana+Lind"), { typed })).toBe("go");
    expect(kind(get("https://evil.example.org/?q=ana%20lind"), { typed })).toBe("hold");
    expect(kind(get("https://evil.example.org/Ana%20Lind.gif"), { typed })).toBe("hold");
    expect(kind(get("https://other.example.org/"), { typed })).toBe("go");
  });

  test("follows a redirect of an address that the model wrote to its own host only", () => {
    const hop = get("https://other.example.com/", { navigation: true, redirected: true });
    expect(kind(hop, { pinned: "example.com" })).toBe("refuse");
    expect(kind({ ...hop, url: "https://example.com/b" }, { pinned: "example.com" })).toBe("go");
  });

  test("keeps pages to the hosts of the task's kind", () => {
    expect(kind(get("https://a.example.com/"), { hosts: ["*.example.com"] })).toBe("go");
    expect(kind(get("https://example.org/"), { hosts: ["*.example.com"] })).toBe("refuse");
    expect(kind(get("https://example.org/"), { hosts: [] })).toBe("refuse");
  });

  test("never lets anything but a plain read leave, and never throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("http://", "https://", "https://example.com/", ""),
        fc.string(),
        fc.string(),
        fc.boolean(),
        (start, rest, method, hasBody) => {
          const url = `${start}${rest}`;
          const verdict = judgeRequest(get(url, { method, hasBody }), STATE);
          const local = /^(?:data|blob|about):/i.test(url.trim());
          if (verdict.kind === "go" && !local) expect([method === "GET" || method === "HEAD", hasBody]).toEqual([true, false]);
        },
      ),
    );
  });
});
