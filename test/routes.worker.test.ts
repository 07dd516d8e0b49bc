import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp, routes } from "../src/app.ts";
import { honoPath } from "../src/http/mount.ts";
import { Client, codeOf, join, ORIGIN, setUp } from "./auth/client.ts";

let owner: Client;
let user: Client & { id: string };
let keyOnly: Client;

beforeAll(async () => {
  owner = await setUp();
  user = await join(owner, "Una");
  keyOnly = new Client();
  keyOnly.key = await user.field("key", "POST", "/api/v1/keys", { name: "test" });
});

/** A path of a route with its parameters filled in. */
const filled = (path: string, value: string): string => path.replaceAll(/\{\w+\+?\}/g, value);
const bodyFor = (method: string): unknown => (method === "GET" ? undefined : {});
const withParams = routes.filter((route) => route.path.includes("{"));

test("the app answers the routes of the table and nothing else", () => {
  const table = new Set(routes.map((route) => `${route.method} ${honoPath(route.path)}`));
  const answering = createApp().routes.filter((route) => route.method !== "ALL");
  for (const route of answering) expect(table).toContain(`${route.method} ${route.path}`);
  expect(answering).toHaveLength(routes.length);
  expect(table.size).toBe(routes.length);
});

test("every route says who may call it and what it answers", () => {
  for (const route of routes) {
    expect(["anyone", "user", "session", "admin", "owner", "signed"]).toContain(route.who);
    expect(Object.keys(route.responses).length, route.path).toBeGreaterThan(0);
    if (route.path.includes("{")) expect(route.params, route.path).toBeDefined();
  }
});

describe.each(routes.filter((route) => route.who !== "anyone"))("$method $path ($who)", (route) => {
  test("refuses a stranger with 401 before reading anything, whatever is named", async () => {
    const stranger = new Client();
    const answers = [];
    for (const value of ["x", "00000000-0000-4000-8000-000000000000", user.id])
      answers.push(await stranger.call(route.method, filled(route.path, value), bodyFor(route.method)));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
    }
    const wrong = new Client();
    wrong.key = "mgy_not-a-key";
    expect((await wrong.call(route.method, filled(route.path, "x"), bodyFor(route.method))).status).toBe(401);
  });
});

test("no route of an admin or the owner answers a user, and none says whether the thing exists", async () => {
  for (const route of routes.filter(({ who }) => who === "admin" || who === "owner")) {
    const bodies = [];
    for (const value of [user.id, "nobody"]) {
      const answer = await user.call(route.method, filled(route.path, value), bodyFor(route.method));
      expect(answer.status, `${route.method} ${route.path}`).toBe(403);
      bodies.push(answer.body);
    }
    expect(bodies[0]).toEqual(bodies[1]);
  }
});

test("no route of a signed-in person answers an API key", async () => {
  for (const route of routes.filter(({ who }) => who === "session")) {
    const answer = await keyOnly.call(route.method, filled(route.path, "x"), bodyFor(route.method));
    expect(answer.status, `${route.method} ${route.path}`).toBe(403);
  }
});

test("no write by cookie is taken from another site, or without an Origin", async () => {
  for (const origin of ["https://evil.example", "null", `${ORIGIN}.evil.example`, ORIGIN.replace("https", "http"), null]) {
    for (const route of routes.filter(({ method, who }) => method !== "GET" && who !== "anyone" && who !== "signed")) {
      const headers = new Headers({ cookie: user.cookie ?? "", "content-type": "application/json" });
      if (origin !== null) headers.set("origin", origin);
      const response = await exports.default.fetch(`${ORIGIN}${filled(route.path, "x")}`, { method: route.method, headers, body: "{}" });
      expect(response.status, `${route.method} ${route.path} from ${origin}`).toBe(403);
    }
  }
});

test("the WebSocket is not opened for a page of another site", async () => {
  const response = await exports.default.fetch(`${ORIGIN}/api/v1/chat/stream`, {
    headers: { upgrade: "websocket", cookie: user.cookie ?? "", origin: "https://evil.example" },
  });
  expect(response.status).toBe(403);
});

test("nobody is signed in from another site", async () => {
  for (const path of ["/api/v1/auth/sign-in", "/api/v1/setup", "/api/v1/invitations/accept"]) {
    const response = await exports.default.fetch(`${ORIGIN}${path}`, {
      method: "POST",
      headers: { origin: "https://evil.example", "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status, path).toBe(403);
  }
});

test("a path that is not in the table is 404, a known one with another method 405 with what is allowed", async () => {
  for (const path of [
    "/api/v1/nothing",
    "/api",
    "/api/v1/auth/loopback",
    "/api/auth/session",
    "/v1/nothing",
    "/agents/UserAgent/x",
    "/.env",
  ]) {
    const answer = await owner.call("POST", path, {});
    expect([answer.status, codeOf(answer)], path).toEqual([404, "not_found"]);
  }
  const answer = await owner.call("DELETE", "/health");
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("GET");
});

test("no malformed body or parameter is a 500, and the refusal has a code", async () => {
  const bodies: (string | Uint8Array<ArrayBuffer>)[] = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "1e999",
    "[".repeat(5000),
    `{"a":${"[".repeat(100)}${"]".repeat(100)}}`,
    new Uint8Array([0xff, 0xfe, 0x7b]),
  ];
  for (const route of routes.filter(({ method, body }) => method !== "GET" && body !== undefined)) {
    const client: Record<string, string> =
      route.who === "session" ? { cookie: user.cookie ?? "", origin: ORIGIN } : { authorization: `Bearer ${keyOnly.key}` };
    const admin: Record<string, string> =
      route.who === "admin" || route.who === "owner" ? { cookie: owner.cookie ?? "", origin: ORIGIN } : client;
    for (const body of bodies) {
      const response = await exports.default.fetch(`${ORIGIN}${filled(route.path, "x")}`, {
        method: route.method,
        headers: { ...admin, "content-type": "application/json" },
        body,
      });
      const text = await response.text();
      expect(response.status, `${route.method} ${route.path}: ${String(body).slice(0, 40)} -> ${text}`).toBeGreaterThanOrEqual(400);
      expect(response.status, `${route.method} ${route.path}: ${String(body).slice(0, 40)} -> ${text}`).toBeLessThan(500);
      expect(text).toContain('"error"');
    }
  }
});

test("no strange path parameter is a 500", async () => {
  for (const route of withParams)
    for (const value of ["%00", "..%2f..%2fetc", "a".repeat(2000), "%F0%9F%90%88", "'%20OR%201=1--", "__proto__"]) {
      const client = route.who === "user" ? keyOnly : route.who === "session" ? user : owner;
      const answer = await client.call(route.method, filled(route.path, value), bodyFor(route.method));
      expect(answer.status, `${route.method} ${filled(route.path, value)}`).toBeLessThan(500);
    }
});

test("a body over the limit is refused with 413", async () => {
  const response = await exports.default.fetch(`${ORIGIN}/api/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${keyOnly.key}`, "content-type": "application/json" },
    body: JSON.stringify({ message: "x".repeat(1024 * 1024) }),
  });
  expect(response.status).toBe(413);
});

test("every answer has a request id and forbids sniffing and caching", async () => {
  const answer = await user.call("GET", "/api/v1/me");
  expect(answer.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});
