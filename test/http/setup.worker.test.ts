import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { ensureSetupCode, isSetupCode } from "../../src/auth/setup-code.ts";
import type { Env } from "../../src/env.ts";
import type { LogFields } from "../../src/log.ts";
import { Client, codeOf, PASSWORD } from "../auth/client.ts";

// The first test loads the whole Worker.
vi.setConfig({ testTimeout: 60_000 });

const setup = (patch: object = {}) => ({ code: "test-setup-code", name: "Olga", email: "Olga@Example.com", password: PASSWORD, ...patch });

/** The same deployment without the secret SETUP_CODE. */
function withoutSecret(): Env {
  const { SETUP_CODE: _code, ...rest } = env;
  return rest;
}

test("ensureSetupCode() prints nothing where the secret SETUP_CODE is set", async () => {
  const lines: LogFields[] = [];
  await ensureSetupCode(env, (_event, fields) => void lines.push(fields));
  expect(lines).toEqual([]);
});

test("ensureSetupCode() makes one code, prints it once, and only that code is right", async () => {
  const lines: { event: string; fields: LogFields }[] = [];
  const log = (event: string, fields: LogFields) => void lines.push({ event, fields });
  await Promise.all([ensureSetupCode(withoutSecret(), log), ensureSetupCode(withoutSecret(), log)]);
  await ensureSetupCode(withoutSecret(), log);
  expect(lines.map((line) => line.event)).toEqual(["setup_code"]);
  const code = String(lines[0]?.fields.code);
  expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  expect(await isSetupCode(withoutSecret(), code)).toBe(true);
  expect(await isSetupCode(withoutSecret(), ` ${code.toLowerCase().replaceAll("-", "")} `)).toBe(true);
  expect(await isSetupCode(withoutSecret(), "0000-0000-0000-0000")).toBe(false);
  expect(await isSetupCode(withoutSecret(), "")).toBe(false);
  const { results } = await env.DB.prepare("SELECT * FROM setup").all();
  expect(JSON.stringify(results)).not.toContain(code);
  // The secret takes over as soon as it is set.
  expect(await isSetupCode(env, code)).toBe(false);
  expect(await isSetupCode(env, "test-setup-code")).toBe(true);
});

test("POST /api/v1/setup refuses a wrong code and a bad body, and makes nobody", async () => {
  const client = new Client();
  expect(codeOf(await client.call("POST", "/api/v1/setup", setup({ code: "not-the-code" })))).toBe("forbidden");
  for (const patch of [{ email: "not an email" }, { password: "short" }, { name: " " }, { code: 5 }, { password: "x".repeat(129) }])
    expect(codeOf(await client.call("POST", "/api/v1/setup", setup(patch)))).toBe("invalid_request");
  expect((await client.call("GET", "/api/v1/setup")).body).toEqual({ needed: true });
  expect(client.cookie).toBeNull();
});

test("POST /api/v1/setup twice at once makes exactly one owner", async () => {
  const clients = [new Client(), new Client(), new Client()];
  const answers = await Promise.all(
    clients.map((client, index) => client.call("POST", "/api/v1/setup", setup({ email: `owner${index}@example.com` }))),
  );
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410, 410]);
  const { results } = await env.DB.prepare("SELECT role FROM user").all();
  expect(results).toEqual([{ role: "owner" }]);
  const winner = clients[answers.findIndex((answer) => answer.status === 200)];
  expect((await winner?.call("GET", "/api/v1/me"))?.body).toMatchObject({ role: "owner", day_cap_usd: 5, month_cap_usd: 50 });
});

test("POST /api/v1/setup answers the same, right code or wrong, once there is an owner", async () => {
  const right = await new Client().call("POST", "/api/v1/setup", setup());
  const wrong = await new Client().call("POST", "/api/v1/setup", setup({ code: "wrong-code-entirely" }));
  expect(right.status).toBe(410);
  expect(right.body).toEqual(wrong.body);
  expect((await new Client().call("GET", "/api/v1/setup")).body).toEqual({ needed: false });
});

test("ensureSetupCode() prints nothing once there is an owner", async () => {
  await env.DB.prepare("DELETE FROM setup").run();
  const lines: LogFields[] = [];
  await ensureSetupCode(withoutSecret(), (_event, fields) => void lines.push(fields));
  expect(lines).toEqual([]);
});
