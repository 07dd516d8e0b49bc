import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Client, copyOf, join, PASSWORD, setUp } from "../auth/client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let owner: Client;
let ana: Client & { id: string };

beforeAll(async () => {
  owner = await setUp();
  ana = await join(owner, "Ana");
});

// Otherwise the limits would answer before the parser does.
beforeEach(() => env.DB.prepare("DELETE FROM attempt").run());

/** Any text a body can hold: controls, lone surrogates, right-to-left marks, a NUL. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("", "\0", "\ud800", "a\0b", "‮", "'; DROP TABLE user; --", "𝒳".repeat(200)),
);
const email = fc.oneof(text, fc.emailAddress());
const anything = fc.oneof(fc.jsonValue(), text);

const ROUTES: [string, string, fc.Arbitrary<unknown>][] = [
  ["POST", "/api/v1/setup", fc.record({ code: text, name: text, email, password: text })],
  ["POST", "/api/v1/auth/sign-in", fc.record({ email, password: text })],
  ["POST", "/api/v1/invitations/lookup", fc.record({ token: text })],
  ["POST", "/api/v1/invitations/accept", fc.record({ token: text, name: text, password: text })],
  ["POST", "/api/v1/password-resets/accept", fc.record({ token: text, password: text })],
];

for (const [method, path, body] of ROUTES) {
  test(`${method} ${path} answers anything at all with a documented refusal`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(body, anything), async (value) => {
        const answer = await new Client().call(method, path, value);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.body).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
        expect(answer.headers.getSetCookie()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
}

test("the signed-in routes answer anything at all without a fault", async () => {
  const before = await env.DB.prepare("SELECT count(*) AS n FROM user").first();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(owner, ana), text, anything, async (who, id, value) => {
      const name = encodeURIComponent(id.replaceAll(/[\ud800-\udfff]/g, "x")) || "x";
      for (const [method, path, body] of [
        ["POST", "/api/v1/auth/password", value],
        ["POST", "/api/v1/keys", { name: value }],
        ["DELETE", `/api/v1/keys/${name}`, undefined],
        ["PATCH", `/api/v1/users/${name}`, value],
        ["PATCH", `/api/v1/users/${ana.id}`, { day_cap_usd: value }],
        ["POST", `/api/v1/users/${name}/reset-link`, undefined],
        ["DELETE", `/api/v1/users/invitations/${name}`, undefined],
      ] as const)
        expect((await copyOf(who).call(method, path, body)).status).toBeLessThan(500);
    }),
    { numRuns: 12 },
  );
  expect(await env.DB.prepare("SELECT count(*) AS n FROM user").first()).toEqual(before);
});

test("names and passwords of any script come back unchanged", async () => {
  for (const [index, name] of [
    "李小龙",
    "Zoë O'Neil",
    "🙂👩‍👩‍👧",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE user;--",
    "אבג",
  ].entries()) {
    const link = await owner.field("link", "POST", "/api/v1/users/invitations", { email: `n${index}@example.com` });
    const password = `${name} – ${PASSWORD}`;
    const body = { token: new URL(link).hash.slice("#token=".length), name, password };
    expect((await new Client().call("POST", "/api/v1/invitations/accept", body)).body).toMatchObject({ name });
    expect((await new Client().call("POST", "/api/v1/auth/sign-in", { email: `N${index}@Example.com`, password })).body).toMatchObject({
      name,
    });
  }
});

test("a key's and an invitation's name comes back unchanged, or is refused where no store would keep it", async () => {
  const nameOf = (value: unknown) => JSON.stringify(Reflect.get(Object(value), "name"));
  for (const [name, status] of [
    ["a\0b", 400],
    ["a\nb", 400],
    ["\ud800", 400],
    ["x\udc00y", 400],
    ["x".repeat(101), 400],
    ["\u202e", 200],
    ["a\u200bb", 200],
    ["𝒳".repeat(50), 200],
    ["e\u0301", 200],
    ["-- '; \"", 200],
  ] as const) {
    const key = await owner.call("POST", "/api/v1/keys", { name });
    const invitation = await owner.call("POST", "/api/v1/users/invitations", { email: "name@example.com", name });
    expect([JSON.stringify(name), key.status, invitation.status]).toEqual([JSON.stringify(name), status, status]);
    if (status === 400) continue;
    expect([nameOf(key.body), nameOf(invitation.body)]).toEqual([JSON.stringify(name), JSON.stringify(name)]);
    const { body } = await owner.call("GET", "/api/v1/users/invitations");
    expect(nameOf(Reflect.get(Object(body), "invitations")[0])).toBe(JSON.stringify(name));
  }
});

test("a body over 1 MiB and a body that is not JSON are refused", async () => {
  expect(
    (await new Client().call("POST", "/api/v1/auth/sign-in", { email: "a@example.com", password: "x".repeat(1_100_000) })).status,
  ).toBe(413);
  const form = new Client();
  form.headers["content-type"] = "application/x-www-form-urlencoded";
  expect((await form.call("POST", "/api/v1/auth/sign-out")).status).toBeGreaterThanOrEqual(400);
});
