import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { Client, copyOf, join, ORIGIN, setUp } from "./client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let owner: Client;

beforeAll(async () => {
  owner = await setUp();
});

/** Routes that do not ask the user's object, which is what refuses an outdated sign-in elsewhere. */
const WITHOUT_OBJECT = ["/api/v1/files/x/y", "/api/v1/telegram", "/api/v1/me"];

test("authenticate() lets no remembered session into a route that asks no object, once it has ended", async () => {
  const ana = await join(owner, "Ana");
  const thief = copyOf(ana);
  expect((await thief.call("GET", "/api/v1/commands")).status).toBe(200);
  expect((await ana.call("POST", "/api/v1/auth/sign-out")).status).toBe(200);
  for (const path of WITHOUT_OBJECT) expect([path, (await thief.call("GET", path)).status]).toEqual([path, 401]);
});

test("authenticate() takes no upload of a removed user, so nothing of theirs comes back", async () => {
  const bea = await join(owner, "Bea");
  const key = await bea.field("key", "POST", "/api/v1/keys", { name: "phone" });
  const upload = () => fetchWorker("/api/v1/files", { method: "POST", headers: { authorization: `Bearer ${key}` }, body: "secret" });
  expect((await upload()).status).toBe(200);
  expect((await owner.call("DELETE", `/api/v1/users/${bea.id}`)).status).toBe(204);
  expect((await upload()).status).toBe(401);
  expect((await env.FILES.list({ prefix: `u/${bea.id}/` })).objects).toEqual([]);
});

test("speakerFor() lets a revoked service key act for nobody, though it was remembered", async () => {
  const cal = await join(owner, "Cal");
  const made = await owner.call("POST", "/api/v1/keys", { name: "bridge", service: true });
  const service = new Client();
  service.key = String(Reflect.get(Object(made.body), "key"));
  const speak = () => service.call("POST", "/agent/command", { user_id: cal.id, channel: "test", message: "hello" });
  expect((await speak()).status).toBe(200);
  await owner.call("DELETE", `/api/v1/keys/${String(Reflect.get(Object(made.body), "id"))}`);
  expect((await speak()).status).toBe(401);
});

const fetchWorker = (path: string, init: RequestInit): Promise<Response> => exports.default.fetch(`${ORIGIN}${path}`, init);
