import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { UserAgentApi } from "../src/agent/user-agent-api.ts";
import { MessagePage } from "../src/agent/shapes.ts";
import { routes } from "../src/app.ts";
import { userAgent } from "../src/stubs.ts";
import { Client, join, ORIGIN, setUp } from "./auth/client.ts";

const CANARY = `canary-${crypto.randomUUID()}`;
let victim: Client & { id: string };
let thief: Client & { id: string };
const key = "the-victims-key";
const planted: string[] = [];

beforeAll(async () => {
  const owner = await setUp();
  victim = await join(owner, "Vera");
  thief = await join(owner, "Theo");
  victim.headers["idempotency-key"] = key;
  const answer = await victim.call("POST", "/api/v1/chat", { message: `${CANARY} is my secret` });
  delete victim.headers["idempotency-key"];
  if (answer.status !== 200) throw new Error(`chat: ${answer.status}`);
  const todo = await victim.call("POST", "/api/v1/todos", { title: CANARY });
  await victim.call("PUT", "/api/v1/models/providers/openai-compatible/mine", {
    api_key: `sk-${CANARY}`,
    base_url: "https://models.example/v1",
  });
  const file = await exports.default.fetch(`${ORIGIN}/api/v1/files`, {
    method: "POST",
    headers: { cookie: victim.cookie ?? "", origin: ORIGIN, "content-type": "text/plain", "x-file-name": "diary.txt" },
    body: CANARY,
  });
  const ids = JSON.stringify([answer.body, todo.body, await file.json(), (await victim.call("GET", "/api/v1/messages")).body]);
  planted.push(
    ...new Set(ids.match(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g) ?? []),
    ...(ids.match(/u\/[^"]+/g) ?? []).flatMap((name) => [name, name.split("/").slice(2).join("/"), `../${name.slice(2)}`]),
    victim.id,
  );
  if (planted.length < 5) throw new Error("nothing was planted");
});

const fill = (path: string, value: string): string =>
  path.replaceAll(/\{\w+\+\}/g, value).replaceAll(/\{\w+\}/g, encodeURIComponent(value));

test("no route gives another user's data, whichever of their ids is named", async () => {
  for (const route of routes.filter(({ who }) => who === "user" || who === "session")) {
    if (route.path.endsWith("/sign-out")) continue;
    for (const value of planted) {
      const answer = await thief.call(
        route.method,
        fill(route.path, value),
        route.method === "GET" ? undefined : { message: "hi", user_id: value, channel: "x", title: "x", text: "x" },
      );
      expect(JSON.stringify(answer.body), `${route.method} ${fill(route.path, value)}`).not.toContain(CANARY);
    }
  }
  for (const search of [CANARY, "secret", "canary"]) {
    const found = await thief.call("POST", "/api/v1/messages/search", { search });
    expect(found.status).toBe(200);
    expect(JSON.stringify(found.body)).not.toContain(CANARY);
  }
});

test("another user's idempotency key is a key of one's own", async () => {
  thief.headers["idempotency-key"] = key;
  const answer = await thief.call("POST", "/api/v1/chat", { message: "what did I say?" });
  delete thief.headers["idempotency-key"];
  expect(answer.status).toBe(200);
  expect(JSON.stringify(answer.body)).not.toContain(CANARY);
});

test("no header chooses another user's object", async () => {
  for (const name of ["x-user-id", "x-margay-caller", "x-margay-user", "cf-access-authenticated-user-email", "x-forwarded-user"]) {
    thief.headers[name] =
      name === "x-margay-caller" ? JSON.stringify({ userId: victim.id, authVersion: 99, via: "session", role: "owner" }) : victim.id;
    for (const path of ["/api/v1/messages", "/api/v1/todos", "/api/v1/me", "/api/v1/models/providers"])
      expect(JSON.stringify((await thief.call("GET", path)).body)).not.toContain(CANARY);
    const socket = await exports.default.fetch(`${ORIGIN}/api/v1/chat/stream`, {
      headers: { upgrade: "websocket", cookie: thief.cookie ?? "", origin: ORIGIN, [name]: thief.headers[name] ?? "" },
    });
    expect(socket.status).toBe(101);
    const frame = await new Promise((resolve) => {
      socket.webSocket?.accept();
      socket.webSocket?.addEventListener("message", (event) => resolve(event.data), { once: true });
    });
    const own = MessagePage.parse((await thief.call("GET", "/api/v1/messages?limit=1")).body).messages[0];
    expect(JSON.parse(String(frame))).toMatchObject({ type: "ready", conversation_id: own?.conversation_id ?? "the thief has no message" });
    socket.webSocket?.close();
    delete thief.headers[name];
  }
});

test("the object of one user refuses the verified caller of another", async () => {
  const caller = { userId: thief.id, authVersion: 99, via: "session", role: "owner" } as const;
  const agent: UserAgentApi = userAgent(env, victim.id);
  for (const result of [
    await agent.messages(caller, { limit: 10 }),
    await agent.listTodos(caller, { status: "all", limit: 10 }),
    await agent.settings(caller),
    await agent.providers(caller),
  ])
    expect(result).toMatchObject({ ok: false, error: { code: "forbidden" } });
});

test("a stored key is shown by its last four at most", async () => {
  const answer = await victim.call("GET", "/api/v1/models/providers");
  expect(JSON.stringify(answer.body)).not.toContain(`sk-${CANARY}`);
  expect(JSON.stringify(answer.body)).toContain(CANARY.slice(-4));
});

test("a removed user leaves nothing", async () => {
  const owner = new Client();
  await owner.call("POST", "/api/v1/auth/sign-in", { email: "olga@example.com", password: "correct horse battery" });
  expect((await owner.call("DELETE", `/api/v1/users/${victim.id}`)).status).toBeLessThan(300);
  expect((await victim.call("GET", "/api/v1/me")).status).toBe(401);
  expect((await env.FILES.list({ prefix: `u/${victim.id}/` })).objects).toEqual([]);
});
