import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import type { UserAgentApi } from "../../src/agent/user-agent-api.ts";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { Caller, Principal } from "../../src/auth/principal.ts";
import { callerOf } from "../../src/http/with-agent.ts";
import { userAgent } from "../../src/stubs.ts";
import { type Client, join, ORIGIN, PASSWORD, setUp } from "./client.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let owner: Client;

beforeAll(async () => {
  owner = await setUp();
});

/** A user with an API key whose sign-in this isolate remembers. */
async function remembered(name: string): Promise<{ client: Client & { id: string }; principal: Principal; keyId: string }> {
  const client = await join(owner, name);
  const made = await client.call("POST", "/api/v1/keys", { name: "k" });
  const request = new Request(ORIGIN, { headers: { authorization: `Bearer ${String(Reflect.get(Object(made.body), "key"))}` } });
  const principal = await authenticate(request, env);
  if (principal === null) throw new Error("not signed in");
  expect((await ask(callerOf(principal))).ok).toBe(true);
  return { client, principal, keyId: String(Reflect.get(Object(made.body), "id")) };
}

const ask = (caller: Caller) => {
  const agent: UserAgentApi = userAgent(env, caller.userId);
  return agent.settings(caller);
};
const refusal = async (principal: Principal) => {
  const result = await ask(callerOf(principal));
  return result.ok ? "ok" : result.error.code;
};

// What a cached sign-in in another isolate would still send: the object refuses it as soon as the change is answered.
for (const [name, change] of [
  ["Suspended", (client: Client & { id: string }) => owner.call("PATCH", `/api/v1/users/${client.id}`, { suspended: true })],
  ["Promoted", (client: Client & { id: string }) => owner.call("PATCH", `/api/v1/users/${client.id}`, { role: "admin" })],
  ["Capped", (client: Client & { id: string }) => owner.call("PATCH", `/api/v1/users/${client.id}`, { day_cap_usd: 1 })],
  ["Leaving", (client: Client & { id: string }) => client.call("POST", "/api/v1/auth/sign-out")],
  ["Keyless", (client: Client & { id: string }, keyId: string) => client.call("DELETE", `/api/v1/keys/${keyId}`)],
  [
    "Changed",
    (client: Client & { id: string }) =>
      client.call("POST", "/api/v1/auth/password", { current_password: PASSWORD, new_password: "an entirely new one" }),
  ],
] as const) {
  test(`the user's object refuses a remembered sign-in at once: ${name}`, async () => {
    const { client, principal, keyId } = await remembered(name);
    expect((await change(client, keyId)).status).toBeLessThan(300);
    expect(["stale_principal", "suspended"]).toContain(await refusal(principal));
  });
}

test("the object of a removed user refuses a remembered sign-in", async () => {
  const { client, principal } = await remembered("Removed");
  expect((await owner.call("DELETE", `/api/v1/users/${client.id}`)).status).toBe(204);
  expect(["stale_principal", "suspended"]).toContain(await refusal(principal));
});
