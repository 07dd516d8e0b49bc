import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { authenticate } from "../../src/auth/authenticate.ts";
import { Client, codeOf, join, ORIGIN, setUp } from "../auth/client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let owner: Client;
let ana: Client & { id: string };
let ben: Client & { id: string };

beforeAll(async () => {
  owner = await setUp();
  ana = await join(owner, "Ana");
  ben = await join(owner, "Ben");
});

async function keyOf(client: Client, body: object = {}): Promise<{ program: Client; id: string; key: string }> {
  const answer = await client.call("POST", "/api/v1/keys", { name: "laptop", ...body });
  expect(answer.status).toBe(200);
  const program = new Client();
  const key = String(Reflect.get(Object(answer.body), "key"));
  program.key = key;
  return { program, key, id: String(Reflect.get(Object(answer.body), "id")) };
}

const bearer = (key: string) => new Request(`${ORIGIN}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });

test("a key is shown once, stored as a hash, and enters as its user", async () => {
  const { program, key, id } = await keyOf(ana);
  expect(key).toMatch(/^mgy_\w{60,}$/);
  expect((await program.call("GET", "/api/v1/me")).body).toMatchObject({ id: ana.id, signed_in_by: "api_key" });
  const list = await ana.call("GET", "/api/v1/keys");
  expect(list.body).toMatchObject({ keys: [{ id, name: "laptop", service: false, last_four: key.slice(-4), expires_at: null }] });
  expect(JSON.stringify(list.body)).not.toContain(key);
  expect(Reflect.get(Object(list.body), "keys")[0].last_used_at).toBeGreaterThan(0);
  expect(JSON.stringify((await env.DB.prepare("SELECT * FROM apikey").all()).results)).not.toContain(key);
});

test("x-api-key is accepted as well", async () => {
  const { key } = await keyOf(ana);
  const client = new Client();
  client.headers["x-api-key"] = key;
  expect((await client.call("GET", "/api/v1/me")).status).toBe(200);
});

test("a changed key is nobody, and does not fall back to the cookie", async () => {
  const { key } = await keyOf(ana);
  const client = new Client();
  client.cookie = ana.cookie;
  for (const wrong of [`${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`, "mgy_", key.slice(4), `${key}x`, "x".repeat(10_000)]) {
    client.key = wrong;
    expect((await client.call("GET", "/api/v1/me")).status).toBe(401);
  }
});

test("a key cannot make keys, change the password or sign out", async () => {
  const { program } = await keyOf(ana);
  for (const [method, path, body] of [
    ["GET", "/api/v1/keys", undefined],
    ["POST", "/api/v1/keys", { name: "more" }],
    ["DELETE", "/api/v1/keys/any", undefined],
    ["POST", "/api/v1/auth/password", { current_password: "a", new_password: "a new long password" }],
    ["POST", "/api/v1/auth/sign-out", undefined],
  ] as const)
    expect(codeOf(await program.call(method, path, body))).toBe("forbidden");
});

test("a deleted key is refused at once where access is asked afresh, though it was remembered", async () => {
  const { key, id } = await keyOf(ana);
  const before = await authenticate(bearer(key), env);
  expect(before).toMatchObject({ userId: ana.id, credentialId: id });
  expect((await ana.call("DELETE", `/api/v1/keys/${id}`)).status).toBe(204);
  expect(await authenticate(bearer(key), env, { fresh: true })).toBeNull();
  // And what was remembered is gone with it.
  expect(await authenticate(bearer(key), env)).toBeNull();
  const now = await env.DB.prepare("SELECT auth_version FROM user WHERE id = ?").bind(ana.id).first<{ auth_version: number }>();
  expect(now?.auth_version).toBe((before?.authVersion ?? 0) + 1);
});

test("DELETE /api/v1/keys/{id} knows another user's key no better than none", async () => {
  const { id, program } = await keyOf(ana);
  const other = await ben.call("DELETE", `/api/v1/keys/${id}`);
  expect(other.status).toBe(404);
  expect(other.body).toEqual((await ben.call("DELETE", "/api/v1/keys/none")).body);
  expect((await program.call("GET", "/api/v1/me")).status).toBe(200);
  expect(Reflect.get(Object((await ben.call("GET", "/api/v1/keys")).body), "keys")).toEqual([]);
});

test("a key expires", async () => {
  const { key, id } = await keyOf(ana, { expires_in_days: 1 });
  const day = 24 * 3_600_000;
  expect(await authenticate(bearer(key), env, { now: Date.now() + day - 5000 })).not.toBeNull();
  expect(await authenticate(bearer(key), env, { now: Date.now() + day + 5000 })).toBeNull();
  expect(await authenticate(bearer(key), env, { now: Date.now() + day + 5000, fresh: true })).toBeNull();
  expect(id).not.toBe("");
});

test("only the owner makes a service key, and it enters as one", async () => {
  expect(codeOf(await ana.call("POST", "/api/v1/keys", { name: "s", service: true }))).toBe("forbidden");
  const { program } = await keyOf(owner, { service: true });
  expect((await program.call("GET", "/api/v1/me")).body).toMatchObject({ role: "owner", signed_in_by: "service_key" });
});

test("a row that says service but is not the owner's is nobody", async () => {
  const { program, id } = await keyOf(ben);
  await env.DB.prepare("UPDATE apikey SET config_id = 'service' WHERE id = ?").bind(id).run();
  expect((await program.call("GET", "/api/v1/me")).status).toBe(401);
});

test("a key's use writes no counter on every call", async () => {
  const { program, id } = await keyOf(ana);
  const row = () => env.DB.prepare("SELECT request_count, last_request, updated_at FROM apikey WHERE id = ?").bind(id).first();
  await program.call("GET", "/api/v1/me");
  const first = await row();
  for (let n = 0; n < 20; n++) expect((await program.call("GET", "/api/v1/me")).status).toBe(200);
  expect(await row()).toEqual(first);
});

test("a user has at most 50 keys", async () => {
  const cal = await join(owner, "Cal");
  for (let n = 0; n < 50; n++) await keyOf(cal);
  expect(codeOf(await cal.call("POST", "/api/v1/keys", { name: "one more" }))).toBe("conflict");
});
