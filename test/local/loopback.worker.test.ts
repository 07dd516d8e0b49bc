import { env, exports } from "cloudflare:workers";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { Hono } from "hono";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { Env } from "../../src/env.ts";
import { mount } from "../../src/http/mount.ts";
import { loopbackRoutes } from "../../src/local/loopback.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 60_000 });

const PATH = "/api/v1/auth/loopback";
const app = new Hono<{ Bindings: Env }>();
for (const route of loopbackRoutes) mount(app, route);

/** What the local entry answers. */
async function local(root: string, headers: Record<string, string> = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await app.fetch(new Request(`${root}${PATH}`, { method: "POST", headers }), env, context);
  await waitOnExecutionContext(context);
  return response;
}

test("the deployed Worker has no loopback sign-in, whatever the request says", async () => {
  const tries: [string, Record<string, string>][] = [
    ["https://margay.test", {}],
    ["http://localhost:8787", {}],
    ["http://127.0.0.1:8787", { origin: "http://127.0.0.1:8787" }],
    ["http://localhost:8787", { host: "localhost:8787", "cf-connecting-ip": "127.0.0.1", "x-forwarded-host": "localhost" }],
    ["http://localhost", { "x-margay-local": "1", "cf-connecting-ip": "::1" }],
  ];
  for (const [root, headers] of tries) {
    for (const method of ["POST", "GET", "PUT"]) {
      const response = await exports.default.fetch(`${root}${PATH}`, { method, headers });
      expect(response.status).toBe(404);
      expect(response.headers.getSetCookie()).toEqual([]);
      await response.text();
    }
  }
  expect(await env.DB.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'user'").first()).toEqual({ n: 0 });
});

test("the loopback sign-in refuses other addresses, sites and tunnels, and makes nobody", async () => {
  const tries: [string, Record<string, string>][] = [
    ["https://margay.test", {}],
    ["http://localhost:8787", { "x-forwarded-for": "127.0.0.1" }],
    ["http://localhost:8787", { "cf-connecting-ip": "203.0.113.9" }],
    ["http://localhost:8787", { origin: "http://localhost:3000" }],
  ];
  for (const [root, headers] of tries) expect((await local(root, headers)).status).toBe(403);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'user'").first()).toEqual({ n: 0 });
});

test("the loopback sign-in makes one owner and gives an ordinary session", async () => {
  const root = "http://localhost:8787";
  const answers = await Promise.all([local(root), local(root, { origin: root }), local("http://127.0.0.1:8787")]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect((await env.DB.prepare("SELECT email, role FROM user").all()).results).toEqual([{ email: "owner@localhost", role: "owner" }]);
  const cookie = answers[0]?.headers.getSetCookie()[0] ?? "";
  expect(cookie).toMatch(/^margay\.session_token=/);
  expect(cookie).toContain("HttpOnly");
  expect(cookie).toContain("SameSite=Lax");
  const request = new Request(`${root}/`, { headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect(await authenticate(request, env)).toMatchObject({ role: "owner", via: "session", email: "owner@localhost" });
});

test("the loopback owner has no password to sign in with", async () => {
  expect(await env.DB.prepare("SELECT count(*) AS n FROM account").first()).toEqual({ n: 0 });
});
