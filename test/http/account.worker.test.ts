import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { admitAttempt } from "../../src/auth/attempts.ts";
import { database } from "../../src/db/database.ts";
import { Client, codeOf, copyOf, join, ORIGIN, PASSWORD, setUp, tokenOf } from "../auth/client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let owner: Client;
let ana: Client & { id: string };

beforeAll(async () => {
  owner = await setUp();
  ana = await join(owner, "Ana");
});

const signIn = async (email: string, password: string, client = new Client()) => ({
  client,
  answer: await client.call("POST", "/api/v1/auth/sign-in", { email, password }),
});

test("sign-in gives a session cookie that scripts and other sites cannot use", async () => {
  const { answer, client } = await signIn("ANA@example.com", PASSWORD);
  expect(answer.status).toBe(200);
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-margay\.session_token=/);
  for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(attribute);
  expect((await client.call("GET", "/api/v1/me")).body).toMatchObject({
    id: ana.id,
    email: "ana@example.com",
    role: "user",
    signed_in_by: "session",
  });
});

test("sign-in answers an unknown email and a wrong password with one body", async () => {
  const unknown = (await signIn("nobody@example.com", PASSWORD)).answer;
  const wrong = (await signIn("ana@example.com", "not the password")).answer;
  expect([unknown.status, wrong.status]).toEqual([401, 401]);
  expect(unknown.body).toEqual(wrong.body);
  expect(unknown.headers.getSetCookie()).toEqual([]);
});

test("sign-in is limited for an email, the same whether it has an account, and again open after a success", async () => {
  await signIn("ana@example.com", PASSWORD);
  const refusals = async (email: string) => {
    const codes: unknown[] = [];
    for (let n = 0; n < 17; n++) codes.push(codeOf((await signIn(email, "wrong password")).answer));
    return codes;
  };
  const [known, unknown] = [await refusals("olga@example.com"), await refusals("ghost@example.com")];
  expect(known).toEqual(unknown);
  expect(known.filter((code) => code === "rate_limited").length).toBe(2);
  const { answer } = await signIn("olga@example.com", PASSWORD);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  const stored = JSON.stringify((await env.DB.prepare("SELECT * FROM attempt").all()).results);
  expect(stored).not.toContain("example.com");
  await env.DB.prepare("DELETE FROM attempt").run();
});

test("sign-in is limited for a network, over all emails", async () => {
  const client = new Client();
  client.headers["cf-connecting-ip"] = "2001:db8:1:2:3::4";
  // Counted without the hashing of 49 passwords.
  const request = new Request(ORIGIN, { headers: client.headers });
  for (let n = 0; n < 49; n++) await admitAttempt(await database(env), "sign-in", request, `someone${n}@example.com`, Date.now());
  const codes: unknown[] = [];
  for (let n = 49; n < 52; n++) codes.push(codeOf((await signIn(`someone${n}@example.com`, "wrong", client)).answer));
  expect(codes).toEqual(["unauthorized", "rate_limited", "rate_limited"]);
  client.headers["cf-connecting-ip"] = "2001:db8:1:3::1";
  expect(codeOf((await signIn("other@example.com", "wrong", client)).answer)).toBe("unauthorized");
});

test("sign-in over plain http is refused, and so is everything else there", async () => {
  for (const [method, path] of [
    ["POST", "/api/v1/auth/sign-in"],
    ["GET", "/api/v1/me"],
    ["GET", "/health"],
  ] as const) {
    const body = method === "POST" ? { body: JSON.stringify({ email: "olga@example.com", password: PASSWORD }) } : {};
    const headers = { "content-type": "application/json" };
    const response = await exports.default.fetch(`http://margay.test${path}`, { method, headers, ...body });
    expect([path, response.status, response.headers.getSetCookie()]).toEqual([path, 403, []]);
  }
  const secure = await exports.default.fetch(`${ORIGIN}/health`);
  expect([secure.status, secure.headers.get("strict-transport-security")]).toEqual([200, "max-age=31536000"]);
});

test("sign-in from another site is refused", async () => {
  const client = new Client();
  client.headers.origin = "https://evil.example";
  expect(codeOf((await signIn("ana@example.com", PASSWORD, client)).answer)).toBe("bad_origin");
});

test("a changed cookie is nobody", async () => {
  const cookie = ana.cookie ?? "";
  const thief = new Client();
  const [name = "", value = ""] = cookie.split("=", 2);
  const [token = "", signature = ""] = decodeURIComponent(value).split(".");
  const flipped = `${token.slice(0, -1)}${token.endsWith("a") ? "b" : "a"}`;
  for (const changed of [
    `${flipped}.${signature}`,
    `${token}.${btoa("0".repeat(32))}`,
    token,
    `${token}.`,
    "",
    "%",
    `.${signature}`,
    "x".repeat(5000),
  ]) {
    thief.cookie = `${name}=${encodeURIComponent(changed)}`;
    expect((await thief.call("GET", "/api/v1/me")).status).toBe(401);
  }
  // Not under the name for plain http either.
  thief.cookie = `margay.session_token=${value}`;
  expect((await thief.call("GET", "/api/v1/me")).status).toBe(401);
});

test("there is no way to sign up without an invitation", async () => {
  const before = await env.DB.prepare("SELECT count(*) AS n FROM user").first<{ n: number }>();
  const body = { email: "mallory@example.com", password: PASSWORD, name: "Mallory", role: "owner" };
  for (const path of [
    "/api/auth/sign-up/email",
    "/api/v1/auth/sign-up",
    "/api/v1/users",
    "/api/auth/sign-in/email",
    "/api/auth/api-key/create",
  ])
    expect((await new Client().call("POST", path, body)).status).toBeGreaterThanOrEqual(400);
  expect(codeOf(await new Client().call("POST", "/api/v1/invitations/accept", { token: "made-up", name: "M", password: PASSWORD }))).toBe(
    "gone",
  );
  expect(await env.DB.prepare("SELECT count(*) AS n FROM user").first<{ n: number }>()).toEqual(before);
});

test("an invitation shows whom it is for, works once, and is then like any unknown one", async () => {
  const link = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "Ben@Example.com", name: "Ben" });
  expect(link).toMatch(/^https:\/\/margay\.test\/invite#token=[\w-]{43}$/);
  const token = tokenOf(link);
  expect((await new Client().call("POST", "/api/v1/invitations/lookup", { token })).body).toEqual({
    email: "ben@example.com",
    name: "Ben",
  });
  const accept = () => new Client().call("POST", "/api/v1/invitations/accept", { token, name: "Ben", password: PASSWORD });
  const answers = await Promise.all([accept(), accept()]);
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410]);
  const again = await accept();
  const unknown = await new Client().call("POST", "/api/v1/invitations/accept", { token: "x".repeat(43), name: "Ben", password: PASSWORD });
  expect(again.status).toBe(410);
  expect(again.body).toEqual(unknown.body);
  expect((await new Client().call("POST", "/api/v1/invitations/lookup", { token })).body).toEqual(unknown.body);
  const accounts = await env.DB.prepare(
    "SELECT count(*) AS n FROM account JOIN user ON user.id = user_id WHERE email = 'ben@example.com'",
  ).first();
  expect(accounts).toEqual({ n: 1 });
});

test("two invitations of one email, accepted at once, make one account", async () => {
  const first = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "twin@example.com" });
  // As if both had been made at the same moment: the first under another address while the second is made.
  await env.DB.prepare("UPDATE invitation SET email = 'x' WHERE email = 'twin@example.com'").run();
  const second = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "twin@example.com" });
  await env.DB.prepare("UPDATE invitation SET email = 'twin@example.com' WHERE email = 'x'").run();
  const accept = (link: string) =>
    new Client().call("POST", "/api/v1/invitations/accept", { token: tokenOf(link), name: "T", password: PASSWORD });
  const answers = await Promise.all([accept(first), accept(second)]);
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410]);
});

test("an expired and a withdrawn invitation are refused", async () => {
  const expired = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "late@example.com" });
  await env.DB.prepare("UPDATE invitation SET expires_at = ? WHERE email = 'late@example.com'")
    .bind(Date.now() - 1)
    .run();
  const withdrawn = await owner.call("POST", "/api/v1/users/invitations", { email: "never@example.com" });
  expect((await owner.call("DELETE", `/api/v1/users/invitations/${String(Reflect.get(Object(withdrawn.body), "id"))}`)).status).toBe(204);
  for (const link of [expired, String(Reflect.get(Object(withdrawn.body), "link"))])
    expect(
      codeOf(await new Client().call("POST", "/api/v1/invitations/accept", { token: tokenOf(link), name: "L", password: PASSWORD })),
    ).toBe("gone");
});

test("sign-out ends the session everywhere at once, and only that one", async () => {
  const { client } = await signIn("ana@example.com", PASSWORD);
  const thief = copyOf(client);
  expect((await thief.call("GET", "/api/v1/me")).status).toBe(200);
  const answer = await client.call("POST", "/api/v1/auth/sign-out");
  expect(answer.status).toBe(200);
  expect(client.cookie).toBeNull();
  expect((await thief.call("POST", "/api/v1/auth/sign-out")).status).toBe(401);
  expect((await ana.call("GET", "/api/v1/me")).status).toBe(200);
});

test("a cookie-authenticated write without an Origin of ours is refused", async () => {
  const client = copyOf(ana);
  for (const origin of ["https://evil.example", "null", "http://margay.test", `${ORIGIN}:444`]) {
    client.headers.origin = origin;
    expect(codeOf(await client.call("POST", "/api/v1/auth/sign-out"))).toBe("bad_origin");
  }
});

test("changing the password needs the current one, ends every other session and keeps this one", async () => {
  const here = (await signIn("ana@example.com", PASSWORD)).client;
  const elsewhere = (await signIn("ana@example.com", PASSWORD)).client;
  const change = (current: string) =>
    here.call("POST", "/api/v1/auth/password", { current_password: current, new_password: "another long password" });
  expect(codeOf(await change("not the password"))).toBe("forbidden");
  expect((await elsewhere.call("GET", "/api/v1/keys")).status).toBe(200);
  expect((await change(PASSWORD)).status).toBe(200);
  expect((await here.call("GET", "/api/v1/keys")).status).toBe(200);
  expect((await elsewhere.call("GET", "/api/v1/keys")).status).toBe(401);
  expect((await signIn("ana@example.com", PASSWORD)).answer.status).toBe(401);
  expect((await signIn("ana@example.com", "another long password")).answer.status).toBe(200);
});

test("a reset link sets a new password once, ends every session, and is then like any unknown one", async () => {
  const eve = await join(owner, "Eve");
  const first = await owner.field("link", "POST", `/api/v1/users/${eve.id}/reset-link`);
  const link = await owner.field("link", "POST", `/api/v1/users/${eve.id}/reset-link`);
  expect(link).toMatch(/^https:\/\/margay\.test\/reset#token=[\w-]{43}$/);
  const accept = (of: string, client = new Client()) =>
    client.call("POST", "/api/v1/password-resets/accept", { token: tokenOf(of), password: "eve's newest password" });
  expect(codeOf(await accept(first))).toBe("gone");
  const answers = await Promise.all([accept(link), accept(link)]);
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410]);
  expect((await accept(link)).body).toEqual((await accept(`${ORIGIN}/reset#token=${"x".repeat(43)}`)).body);
  expect((await eve.call("GET", "/api/v1/keys")).status).toBe(401);
  expect((await signIn("eve@example.com", PASSWORD)).answer.status).toBe(401);
  expect((await signIn("eve@example.com", "eve's newest password")).answer.status).toBe(200);
});

test("an expired reset link changes nothing", async () => {
  const fay = await join(owner, "Fay");
  const link = await owner.field("link", "POST", `/api/v1/users/${fay.id}/reset-link`);
  await env.DB.prepare("UPDATE password_reset SET expires_at = ? WHERE user_id = ?")
    .bind(Date.now() - 1, fay.id)
    .run();
  const body = { token: tokenOf(link), password: "a password that is new" };
  expect(codeOf(await new Client().call("POST", "/api/v1/password-resets/accept", body))).toBe("gone");
  expect((await signIn("fay@example.com", PASSWORD)).answer.status).toBe(200);
});

test("no link token and no password is in the database in clear", async () => {
  const link = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "clear@example.com" });
  const reset = await owner.field("link", "POST", `/api/v1/users/${ana.id}/reset-link`);
  const dump = await Promise.all(
    ["invitation", "password_reset", "account", "setup"].map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()),
  );
  const text = JSON.stringify(dump.map((table) => table.results));
  for (const secret of [tokenOf(link), tokenOf(reset), PASSWORD, "test-setup-code"]) expect(text).not.toContain(secret);
});

test("GET /api/v1/me prolongs a session once it is a day old", async () => {
  const { client } = await signIn("fay@example.com", PASSWORD);
  expect((await client.call("GET", "/api/v1/me")).headers.getSetCookie()).toEqual([]);
  const soon = Date.now() + 60_000;
  await env.DB.prepare("UPDATE session SET updated_at = ?, expires_at = ?")
    .bind(Date.now() - 25 * 3_600_000, soon)
    .run();
  const before = client.cookie;
  const answer = await client.call("GET", "/api/v1/me");
  expect(answer.headers.getSetCookie()).toHaveLength(1);
  expect(client.cookie).toBe(before);
  const rows = await env.DB.prepare("SELECT count(*) AS n FROM session WHERE expires_at > ?").bind(soon).first();
  expect(rows).toEqual({ n: 1 });
});

test("signing in sweeps out the user's expired sessions", async () => {
  const { client } = await signIn("fay@example.com", PASSWORD);
  await env.DB.prepare("UPDATE session SET expires_at = 1 WHERE user_id = (SELECT id FROM user WHERE email = 'fay@example.com')").run();
  expect((await client.call("GET", "/api/v1/keys")).status).toBe(401);
  await signIn("fay@example.com", PASSWORD);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM session WHERE expires_at = 1").first()).toEqual({ n: 0 });
});
