import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { authenticate } from "../../src/auth/authenticate.ts";
import { betterAuthOf } from "../../src/auth/better-auth.ts";
import { enter } from "../../src/auth/enter.ts";
import { newAccount } from "../../src/auth/new-account.ts";
import { renewedCookie } from "../../src/auth/session.ts";
import { createOwner } from "../../src/db/setup.ts";
import { database } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { ORIGIN } from "./client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const owner = newAccount({ email: "olga@example.com", name: "Olga", role: "owner", passwordHash: null, now: Date.now() });
const url = new URL(ORIGIN);
let key: string;
let cookie: string;

beforeAll(async () => {
  await createOwner(await database(env), owner);
  const auth = await betterAuthOf(env, url);
  key = (await auth.api.createApiKey({ body: { userId: owner.userId, name: "k" } })).key;
  cookie = await newCookie(env);
});

async function newCookie(of: Env, root = ORIGIN): Promise<string> {
  const headers = await enter(of, new Request(root), owner.userId);
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

const withCookie = (value: string, root = ORIGIN) => new Request(root, { headers: { cookie: value } });
const withKey = (value: string) => new Request(ORIGIN, { headers: { authorization: `Bearer ${value}` } });

/** The same database, counting the statements that reach it. */
function counted(): { env: Env; statements(): number } {
  let n = 0;
  const DB = new Proxy(env.DB, {
    get(target, property) {
      if (property === "prepare" || property === "batch" || property === "exec") n += 1;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { env: { ...env, DB }, statements: () => n };
}

test("authenticate() costs no query for a caller seen in the last minute, and one again after it", async () => {
  const db = counted();
  const now = Date.now();
  for (const request of [withKey(key), withCookie(cookie)]) {
    const first = await authenticate(request, db.env, { now });
    expect(first).toMatchObject({ userId: owner.userId, role: "owner", email: "olga@example.com" });
    const cold = db.statements();
    expect(await authenticate(request, db.env, { now: now + 59_999 })).toEqual(first);
    expect(db.statements()).toBe(cold);
    await authenticate(request, db.env, { now: now + 60_000 });
    expect(db.statements()).toBeGreaterThan(cold);
  }
});

test("authenticate() asks the database for fresh access, and remembers what it said", async () => {
  const db = counted();
  const before = await authenticate(withKey(key), db.env);
  await env.DB.prepare("UPDATE user SET auth_version = auth_version + 1, name = 'Olga Two'").run();
  expect((await authenticate(withKey(key), db.env))?.authVersion).toBe(before?.authVersion);
  const fresh = await authenticate(withKey(key), db.env, { fresh: true });
  expect(fresh).toMatchObject({ authVersion: (before?.authVersion ?? 0) + 1, name: "Olga Two" });
  expect(await authenticate(withKey(key), db.env)).toEqual(fresh);
});

test("authenticate() remembers no failure", async () => {
  const auth = await betterAuthOf(env, url);
  const made = await auth.api.createApiKey({ body: { userId: owner.userId, name: "later" } });
  await env.DB.prepare("UPDATE apikey SET enabled = 0 WHERE id = ?").bind(made.id).run();
  expect(await authenticate(withKey(made.key), env)).toBeNull();
  await env.DB.prepare("UPDATE apikey SET enabled = 1 WHERE id = ?").bind(made.id).run();
  expect(await authenticate(withKey(made.key), env)).not.toBeNull();
});

test("authenticate() asks no database about a cookie that we did not sign", async () => {
  const db = counted();
  const [name = "", value = ""] = cookie.split("=", 2);
  expect(await authenticate(withCookie(`${name}=x${value}`), db.env)).toBeNull();
  expect(db.statements()).toBe(0);
});

test("authenticate() lets a session end with its expiry, remembered or not", async () => {
  const value = await newCookie(env);
  const end = (await env.DB.prepare("SELECT max(expires_at) AS at FROM session").first<{ at: number }>())?.at ?? 0;
  expect(await authenticate(withCookie(value), env, { now: end - 1000 })).not.toBeNull();
  expect(await authenticate(withCookie(value), env, { now: end })).toBeNull();
});

test("authenticate() takes the cookie for plain http on http only", async () => {
  const http = "http://margay.test";
  const plain = await newCookie(env, http);
  expect(plain.startsWith("margay.session_token=")).toBe(true);
  expect(await authenticate(withCookie(plain, http), env)).not.toBeNull();
  expect(await authenticate(withCookie(plain), env)).toBeNull();
  expect(await authenticate(withCookie(cookie, http), env)).toBeNull();
});

test("a session outlives a change of MASTER_KEY while the earlier key is set, and is signed again at its next use", async () => {
  const rotated: Env = { ...env, DB: counted().env.DB, MASTER_KEY: "a-second-master-key-of-32-characters-or-more" };
  expect(await authenticate(withCookie(cookie), rotated)).toBeNull();
  const both: Env = { ...rotated, ...(env.MASTER_KEY === undefined ? {} : { MASTER_KEY_PREVIOUS: env.MASTER_KEY }) };
  expect(await authenticate(withCookie(cookie), both)).toMatchObject({ userId: owner.userId });
  const value = cookie.slice(cookie.indexOf("=") + 1);
  const [renewed = ""] = (await renewedCookie(both, new Request(ORIGIN), value)).getSetCookie();
  const again = renewed.split(";")[0] ?? "";
  expect(again).not.toBe(cookie);
  expect(await authenticate(withCookie(again), rotated)).toMatchObject({ userId: owner.userId });
});

test("enter() gives a suspended user no session", async () => {
  await env.DB.prepare("UPDATE user SET suspended = 1").run();
  await expect(enter(env, new Request(ORIGIN), owner.userId)).rejects.toMatchObject({ code: "suspended" });
  await env.DB.prepare("UPDATE user SET suspended = 0").run();
});

test("better-auth's own sign-up is closed", async () => {
  const auth = await betterAuthOf(env, url);
  await expect(auth.api.signUpEmail({ body: { email: "m@example.com", password: "a long password", name: "M" } })).rejects.toMatchObject({
    statusCode: 400,
  });
});

test("the plugin itself verifies the keys that authenticate() does", async () => {
  const auth = await betterAuthOf(env, url);
  expect((await auth.api.verifyApiKey({ body: { key } })).valid).toBe(true);
});
