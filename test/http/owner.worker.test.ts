import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { authenticate } from "../../src/auth/authenticate.ts";
import { database } from "../../src/db/database.ts";
import { upsertUsageDays } from "../../src/db/usage-days.ts";
import { Client, codeOf, join, ORIGIN, PASSWORD, setUp, tokenOf } from "../auth/client.ts";
import { freshToken, TelegramTestBot } from "../support/telegram-client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let owner: Client;
let ownerId: string;
let ada: Client & { id: string };
let abe: Client & { id: string };
let ana: Client & { id: string };

beforeAll(async () => {
  owner = await setUp();
  ownerId = await owner.field("id", "GET", "/api/v1/me");
  ada = await join(owner, "Ada", "admin");
  abe = await join(owner, "Abe", "admin");
  ana = await join(owner, "Ana");
});

const patch = (client: Client, id: string, body: object) => client.call("PATCH", `/api/v1/users/${id}`, body);
const roleOf = async (id: string) =>
  (await env.DB.prepare("SELECT role, suspended FROM user WHERE id = ?").bind(id).first<{ role: string; suspended: number }>()) ?? null;

test("a user and a stranger get one body each from every admin route, whether or not the thing exists", async () => {
  const routes = (id: string) =>
    [
      ["GET", "/api/v1/users", undefined],
      ["PATCH", `/api/v1/users/${id}`, { suspended: true }],
      ["DELETE", `/api/v1/users/${id}`, undefined],
      ["POST", `/api/v1/users/${id}/reset-link`, undefined],
      ["GET", "/api/v1/users/invitations", undefined],
      ["POST", "/api/v1/users/invitations", { email: "x@example.com" }],
      ["DELETE", `/api/v1/users/invitations/${id}`, undefined],
    ] as const;
  for (const [client, status] of [
    [ana, 403],
    [new Client(), 401],
  ] as const) {
    const bodies = new Set<string>();
    for (const id of [ownerId, ada.id, ana.id, "nobody"]) {
      for (const [method, path, body] of routes(id)) {
        const answer = await client.call(method, path, body);
        expect(answer.status).toBe(status);
        bodies.add(JSON.stringify(answer.body));
      }
    }
    expect(bodies.size).toBe(1);
  }
  expect(await roleOf(ana.id)).toEqual({ role: "user", suspended: 0 });
});

test("an admin may not touch the owner or another admin, nor change any role", async () => {
  for (const id of [ownerId, abe.id, ada.id]) {
    for (const body of [{ role: "user" }, { suspended: true }, { day_cap_usd: 0 }, { suspended: false, month_cap_usd: null }])
      expect(codeOf(await patch(ada, id, body))).toBe("forbidden");
    expect(codeOf(await ada.call("DELETE", `/api/v1/users/${id}`))).toBe("forbidden");
    expect(codeOf(await ada.call("POST", `/api/v1/users/${id}/reset-link`))).toBe("forbidden");
  }
  expect(codeOf(await patch(ada, ana.id, { role: "admin" }))).toBe("forbidden");
  expect(codeOf(await patch(ada, ana.id, { role: "admin", suspended: true }))).toBe("forbidden");
  expect(codeOf(await ada.call("POST", "/api/v1/users/invitations", { email: "boss@example.com", role: "admin" }))).toBe("forbidden");
  expect(await roleOf(ownerId)).toEqual({ role: "owner", suspended: 0 });
  expect(await roleOf(abe.id)).toEqual({ role: "admin", suspended: 0 });
  expect(await roleOf(ana.id)).toEqual({ role: "user", suspended: 0 });
});

test("an admin cannot withdraw an invitation of an admin", async () => {
  const id = await owner.field("id", "POST", "/api/v1/users/invitations", { email: "ann@example.com", role: "admin" });
  expect(codeOf(await ada.call("DELETE", `/api/v1/users/invitations/${id}`))).toBe("forbidden");
  expect((await owner.call("GET", "/api/v1/users/invitations")).body).toMatchObject({
    invitations: [{ id, email: "ann@example.com", role: "admin" }],
  });
  expect((await owner.call("DELETE", `/api/v1/users/invitations/${id}`)).status).toBe(204);
  expect((await owner.call("DELETE", `/api/v1/users/invitations/${id}`)).status).toBe(404);
});

test("an admin cannot put an invitation in the place of an admin's", async () => {
  const link = await owner.field("link", "POST", "/api/v1/users/invitations", { email: "amy@example.com", role: "admin" });
  const answer = await ada.call("POST", "/api/v1/users/invitations", { email: "amy@example.com", role: "user" });
  expect([answer.status, codeOf(answer)]).toEqual([403, "forbidden"]);
  expect((await new Client().call("POST", "/api/v1/invitations/lookup", { token: tokenOf(link) })).status).toBe(200);
  // The owner may.
  expect((await owner.call("POST", "/api/v1/users/invitations", { email: "amy@example.com" })).status).toBe(200);
  expect((await new Client().call("POST", "/api/v1/invitations/lookup", { token: tokenOf(link) })).status).toBe(410);
});

test("nobody becomes owner by a request", async () => {
  for (const client of [owner, ada]) expect(codeOf(await patch(client, ada.id, { role: "owner" }))).toBe("invalid_request");
  expect(codeOf(await owner.call("POST", "/api/v1/users/invitations", { email: "two@example.com", role: "owner" }))).toBe(
    "invalid_request",
  );
});

test("the owner cannot suspend, demote or remove themselves", async () => {
  for (const body of [{ suspended: true }, { role: "user" }, { role: "admin" }])
    expect(codeOf(await patch(owner, ownerId, body))).toBe("forbidden");
  expect(codeOf(await owner.call("DELETE", `/api/v1/users/${ownerId}`))).toBe("forbidden");
  expect((await patch(owner, ownerId, { day_cap_usd: 20 })).body).toMatchObject({ role: "owner", day_cap_usd: 20, month_cap_usd: 50 });
});

test("a suspension holds at once for sessions, keys and sign-in, and is taken back", async () => {
  const ben = await join(ada, "Ben");
  const key = await ben.field("key", "POST", "/api/v1/keys", { name: "phone" });
  const request = () => new Request(`${ORIGIN}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  expect(await authenticate(request(), env)).not.toBeNull();
  expect((await patch(ada, ben.id, { suspended: true })).body).toMatchObject({ suspended: true });
  expect(await authenticate(request(), env, { fresh: true })).toBeNull();
  expect((await ben.call("GET", "/api/v1/keys")).status).toBe(401);
  const signIn = (password: string) => new Client().call("POST", "/api/v1/auth/sign-in", { email: "ben@example.com", password });
  const right = await signIn(PASSWORD);
  expect([right.status, codeOf(right)]).toEqual([403, "suspended"]);
  expect(right.headers.getSetCookie()).toEqual([]);
  expect(codeOf(await signIn("not the password"))).toBe("unauthorized");
  expect(await env.DB.prepare("SELECT count(*) AS n FROM session WHERE user_id = ?").bind(ben.id).first()).toEqual({ n: 0 });
  await patch(ada, ben.id, { suspended: false });
  expect(await authenticate(request(), env)).not.toBeNull();
  expect((await signIn(PASSWORD)).status).toBe(200);
});

test("a reset link lets a suspended user in no more than their password did", async () => {
  const cal = await join(owner, "Cal");
  const link = await owner.field("link", "POST", `/api/v1/users/${cal.id}/reset-link`);
  await patch(owner, cal.id, { suspended: true });
  const answer = await new Client().call("POST", "/api/v1/password-resets/accept", { token: tokenOf(link), password: "another long one" });
  expect(codeOf(answer)).toBe("suspended");
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test("every change of access starts a new generation", async () => {
  const dan = await join(owner, "Dan");
  const version = async () =>
    (await env.DB.prepare("SELECT auth_version AS v FROM user WHERE id = ?").bind(dan.id).first<{ v: number }>())?.v ?? -1;
  const seen = [await version()];
  for (const body of [{ role: "admin" }, { day_cap_usd: 1 }, { month_cap_usd: null }, { suspended: true }, { suspended: false }]) {
    expect((await patch(owner, dan.id, body)).status).toBe(200);
    seen.push(await version());
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a role change holds for open sessions", async () => {
  const eli = await join(owner, "Eli", "admin");
  expect((await eli.call("GET", "/api/v1/users")).status).toBe(200);
  await patch(owner, eli.id, { role: "user" });
  expect((await eli.call("GET", "/api/v1/users")).status).toBe(403);
});

test("PATCH refuses what is not a change or not an amount", async () => {
  for (const body of [{}, { day_cap_usd: -1 }, { day_cap_usd: "5" }, { month_cap_usd: 1e9 }, { suspended: "yes" }, { role: "root" }, []])
    expect(codeOf(await patch(owner, ana.id, body))).toBe("invalid_request");
  expect((await patch(owner, "nobody", { suspended: true })).status).toBe(404);
});

test("GET /api/v1/users lists everyone with caps and what they cost today and this month", async () => {
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const row = { userId: ana.id, tier: "smart", agent: "coordinator", inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, calls: 1 };
  await upsertUsageDays(await database(env), [
    { ...row, day: today, model: "a/one", microUsd: 250_000 },
    { ...row, day: today, model: "a/two", microUsd: null },
    { ...row, day: "2020-01-01", model: "a/one", microUsd: 9_000_000 },
    ...(today.endsWith("-01") ? [] : [{ ...row, day: `${today.slice(0, 7)}-01`, model: "a/one", microUsd: 1_000_000 }]),
  ]);
  const { body } = await ada.call("GET", "/api/v1/users");
  const users: Record<string, unknown>[] = Reflect.get(Object(body), "users");
  const mine = users.find((user) => user.id === ana.id);
  expect(mine).toMatchObject({
    email: "ana@example.com",
    role: "user",
    suspended: false,
    day_cap_usd: 5,
    month_cap_usd: 50,
    cost_today_usd: 0.25,
  });
  expect(mine?.cost_month_usd).toBeCloseTo(today.endsWith("-01") ? 0.25 : 1.25, 6);
  expect(mine?.last_active_at).toBeGreaterThan(now.getTime() - 10 * 60_000);
  expect(users[0]).toMatchObject({ id: ownerId, role: "owner", cost_today_usd: 0 });
  expect(JSON.stringify(body)).not.toMatch(/password|token|hash/i);
});

test("an invitation says the caps and refuses an email that has an account", async () => {
  const answer = await ada.call("POST", "/api/v1/users/invitations", { email: "new@example.com", name: "New" });
  expect(answer.body).toMatchObject({ email: "new@example.com", role: "user", day_cap_usd: 5, month_cap_usd: 50 });
  expect(codeOf(await ada.call("POST", "/api/v1/users/invitations", { email: "ANA@example.com" }))).toBe("conflict");
  // Inviting again replaces the link.
  await ada.call("POST", "/api/v1/users/invitations", { email: "new@example.com" });
  expect(
    codeOf(
      await new Client().call("POST", "/api/v1/invitations/lookup", { token: tokenOf(String(Reflect.get(Object(answer.body), "link"))) }),
    ),
  ).toBe("gone");
});

test("removing a user deletes their account, credentials and rows, and they are nobody", async () => {
  const fay = await join(owner, "Fay");
  const key = await fay.field("key", "POST", "/api/v1/keys", { name: "k" });
  await env.DB.batch([
    env.DB.prepare("INSERT INTO identity VALUES ('telegram:shared:9', ?, 'Fay', 0)").bind(fay.id),
    env.DB.prepare("INSERT INTO telegram_bot VALUES ('9', ?, 'fay_bot', 0)").bind(fay.id),
    env.DB.prepare("INSERT INTO webhook_secret VALUES (?, 1)").bind(fay.id),
    env.DB.prepare("INSERT INTO usage_day VALUES (?, '2026-01-01', 'm', 't', 'a', 1, 1, 1, 1, 1)").bind(fay.id),
  ]);
  await owner.field("link", "POST", `/api/v1/users/${fay.id}/reset-link`);
  expect((await ada.call("DELETE", `/api/v1/users/${fay.id}`)).status).toBe(204);
  for (const [table, column] of [
    ["user", "id"],
    ["session", "user_id"],
    ["account", "user_id"],
    ["apikey", "reference_id"],
    ["identity", "user_id"],
    ["telegram_bot", "user_id"],
    ["webhook_secret", "user_id"],
    ["password_reset", "user_id"],
    ["usage_day", "user_id"],
  ])
    expect(await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`).bind(fay.id).first()).toEqual({ n: 0 });
  expect((await fay.call("GET", "/api/v1/keys")).status).toBe(401);
  expect(await authenticate(new Request(`${ORIGIN}/`, { headers: { authorization: `Bearer ${key}` } }), env, { fresh: true })).toBeNull();
  expect((await ada.call("DELETE", `/api/v1/users/${fay.id}`)).status).toBe(404);
});

test("a suspended or demoted admin's open links stop, and a promoted user's", async () => {
  const accept = (link: string) =>
    new Client().call("POST", "/api/v1/password-resets/accept", { token: tokenOf(link), password: `${PASSWORD} 2` });
  const enter = (link: string) =>
    new Client().call("POST", "/api/v1/invitations/accept", { token: tokenOf(link), name: "Back", password: PASSWORD });
  const hal = await join(owner, "Hal");
  const invite = (admin: Client, email: string) => admin.field("link", "POST", "/api/v1/users/invitations", { email });
  for (const [name, change] of [
    ["Gus", { suspended: true }],
    ["Gil", { role: "user" }],
  ] as const) {
    const admin = await join(owner, name, "admin");
    const invitation = await invite(admin, `${name}-back@example.com`);
    const reset = await admin.field("link", "POST", `/api/v1/users/${hal.id}/reset-link`);
    expect((await patch(owner, admin.id, change)).status).toBe(200);
    expect(codeOf(await enter(invitation))).toBe("gone");
    expect(codeOf(await accept(reset))).toBe("gone");
  }
  // What an admin may do to a user they may not do to an admin, and so the link for the user does not become one for the admin.
  const reset = await ada.field("link", "POST", `/api/v1/users/${hal.id}/reset-link`);
  expect((await patch(owner, hal.id, { role: "admin" })).status).toBe(200);
  expect(codeOf(await accept(reset))).toBe("gone");
});

test("a removed admin's open links stop, and no invitation keeps the email of who was removed", async () => {
  const ivy = await join(owner, "Ivy", "admin");
  const link = await ivy.field("link", "POST", "/api/v1/users/invitations", { email: "ivy-back@example.com" });
  expect((await owner.call("DELETE", `/api/v1/users/${ivy.id}`)).status).toBe(204);
  const back = await new Client().call("POST", "/api/v1/invitations/accept", { token: tokenOf(link), name: "Back", password: PASSWORD });
  expect(codeOf(back)).toBe("gone");
  const { results } = await env.DB.prepare("SELECT email FROM invitation WHERE email LIKE 'ivy%'").all();
  expect(results).toEqual([]);
});

test("an API key makes no reset link: by one it would become a session", async () => {
  const program = new Client();
  program.key = await owner.field("key", "POST", "/api/v1/keys", { name: "script" });
  for (const id of [ownerId, ana.id, "nobody"])
    expect(codeOf(await program.call("POST", `/api/v1/users/${id}/reset-link`))).toBe("forbidden");
});

test("an API key makes no admin: what it made would outlive it", async () => {
  for (const service of [false, true]) {
    const program = new Client();
    program.key = await owner.field("key", "POST", "/api/v1/keys", { name: "script", service });
    expect(codeOf(await program.call("POST", "/api/v1/users/invitations", { email: "k@example.com", role: "admin" }))).toBe("forbidden");
    expect(codeOf(await patch(program, ana.id, { role: "admin" }))).toBe("forbidden");
    expect((await roleOf(ana.id))?.role).toBe("user");
  }
});

test("a user whose secrets do not open any more can still take their bot away, and be removed", async () => {
  const bot = await new TelegramTestBot(env.TELEGRAM_SERVER, freshToken(), "lost_bot").create();
  const leo = await join(owner, "Leo");
  await leo.field("id", "PUT", "/api/v1/telegram/bot", { token: bot.token });
  await runInDurableObject(env.USER_AGENT.getByName(leo.id), (_agent, { storage }) => {
    storage.sql.exec("UPDATE vault SET key_id = 'a root that is gone'");
  });
  expect((await leo.call("DELETE", `/api/v1/telegram/bot/${bot.id}`)).status).toBe(204);
  await leo.field("id", "PUT", "/api/v1/telegram/bot", { token: bot.token });
  await runInDurableObject(env.USER_AGENT.getByName(leo.id), (_agent, { storage }) => {
    storage.sql.exec("UPDATE vault SET key_id = 'a root that is gone'");
  });
  expect((await owner.call("DELETE", `/api/v1/users/${leo.id}`)).status).toBe(204);
  expect(await roleOf(leo.id)).toBeNull();
});
