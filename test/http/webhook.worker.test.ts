import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { webhookSecrets } from "../../src/channels/webhook/secret.ts";
import { signWebhook } from "../../src/channels/webhook/signature.ts";
import { webhookRoutes } from "../../src/http/webhook.ts";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { codeOf, House, ORIGIN, type Person } from "./support/house.ts";

const house = new House(webhookRoutes);
let alice: Person;
let bob: Person;
let secret: string;

const page = (person: Person): Record<string, string> => ({ cookie: person.cookie, origin: ORIGIN });
const rotate = async (person: Person): Promise<string> => {
  const response = await house.call(null, "POST", "/api/v1/webhook/secret/rotate", undefined, page(person));
  return String(Reflect.get(Object(await response.json()), "secret"));
};
const byKey = (person: Person, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  house.call(person, "POST", "/webhook", body, headers);

interface Signing {
  secret?: string;
  at?: number;
  /** What is sent in place of what was signed. */
  sent?: string;
  headers?: Record<string, string>;
}

async function bySignature(
  body: string,
  { secret: key = secret, at = Date.now(), sent = body, headers = {} }: Signing = {},
): Promise<Response> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = await signWebhook(key, timestamp, new TextEncoder().encode(body));
  return house.call(null, "POST", "/webhook", sent, { "x-margay-timestamp": timestamp, "x-margay-signature": signature, ...headers });
}

beforeAll(async () => {
  alice = await house.person("alice");
  bob = await house.person("bob");
  secret = await rotate(alice);
});

describe("the signing secret", () => {
  test("is null until it is made, shown to its user at the page, and changed by a rotation", async () => {
    const carl = await house.person("carl");
    const shown = async (): Promise<unknown> => (await house.call(null, "GET", "/api/v1/webhook/secret", undefined, page(carl))).json();
    expect(await shown()).toEqual({ secret: null });
    const first = await rotate(carl);
    expect(first).toMatch(/^whsec_[0-9a-f]{64}$/);
    expect(await shown()).toEqual({ secret: first });
    expect(await rotate(carl)).not.toBe(first);
    expect(first).not.toBe(secret);
  });

  test("is not shown to an API key, nor made without the page's Origin", async () => {
    expect((await house.call(alice, "GET", "/api/v1/webhook/secret")).status).toBe(403);
    expect((await house.call(alice, "POST", "/api/v1/webhook/secret/rotate")).status).toBe(403);
    expect((await house.call(null, "POST", "/api/v1/webhook/secret/rotate", undefined, { cookie: alice.cookie })).status).toBe(403);
    expect((await house.call(null, "GET", "/api/v1/webhook/secret")).status).toBe(401);
  });
});

describe("POST /webhook by API key", () => {
  test("answers in the response, and takes nothing of the body as the user's word", async () => {
    const response = await byKey(alice, { message: "Build failed", context: { id: 7 }, idempotency_key: "b7" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ success: true, status: "done", response: "Hi.", request_id: "b7" });
    expect(alice.agent.received.at(-1)).toMatchObject({
      channel: "webhook",
      text: "",
      content: [{ text: "Build failed" }, { text: '{"id":7}' }],
    });
  });

  test("hands every naughty string over unchanged", async () => {
    for (const message of NAUGHTY_STRINGS) {
      await byKey(alice, { message });
      expect(alice.agent.received.at(-1)?.content[0]).toMatchObject({ text: message });
    }
  });

  test("refuses another user, a cookie, a wrong key and nobody", async () => {
    expect((await byKey(alice, { user: bob.id, message: "x" })).status).toBe(403);
    expect((await house.call(null, "POST", "/webhook", { message: "x" }, page(alice))).status).toBe(401);
    expect((await house.call({ ...alice, key: "mgy_wrong" }, "POST", "/webhook", { message: "x" })).status).toBe(401);
    expect((await house.call(null, "POST", "/webhook", { message: "x" })).status).toBe(401);
    expect(bob.agent.received).toEqual([]);
  });

  test("answers a repeat once, and another body under the same key with 409", async () => {
    const before = alice.agent.received.length;
    const body = { message: "x", idempotency_key: "same" };
    await byKey(alice, body);
    const repeat = await byKey(alice, body);
    expect([repeat.status, repeat.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    expect((await byKey(alice, { ...body, message: "y" })).status).toBe(409);
    expect((await byKey(alice, body, { "idempotency-key": "other" })).status).toBe(400);
    expect(alice.agent.received).toHaveLength(before + 1);
  });

  test("accepts a callback at once, and only to a public https address", async () => {
    const response = await byKey(alice, { message: "x", callback_url: "https://hooks.example.com/a", idempotency_key: "c1" });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ accepted: true, request_id: "c1" });
    expect(alice.agent.received.at(-1)?.replyTo).toEqual({
      channel: "webhook",
      callbackUrl: "https://hooks.example.com/a",
      requestId: "c1",
    });
    const inside = await byKey(alice, { message: "x", callback_url: "https://169.254.169.254/" });
    expect([inside.status, await codeOf(inside)]).toEqual([400, "invalid_request"]);
  });

  test("refuses a callback that could not be signed", async () => {
    const response = await byKey(bob, { message: "x", callback_url: "https://hooks.example.com/a" });
    expect([response.status, await codeOf(response)]).toEqual([409, "not_configured"]);
  });

  test.each(BAD_BODIES)("refuses %s as invalid", async (_what, body) => {
    const response = await byKey(alice, body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("refuses a body over 1 MiB", async () => {
    expect((await byKey(alice, JSON.stringify({ message: "x", y: "z".repeat(1024 * 1024) }))).status).toBe(413);
  });

  test("answers any JSON with 200 or a documented refusal", async () => {
    const keys = {
      user: fc.jsonValue(),
      message: fc.jsonValue(),
      context: fc.jsonValue(),
      callback_url: fc.jsonValue(),
      idempotency_key: fc.jsonValue(),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(keys, { requiredKeys: [] }), async (body) => {
        expect([200, 400, 403, 409, 413]).toContain((await byKey(alice, JSON.stringify(body))).status);
      }),
    );
  });
});

describe("POST /webhook by signature", () => {
  const body = (change: Record<string, unknown> = {}): string => JSON.stringify({ user: alice.id, message: "Build failed", ...change });

  test("lets the user's own secret in", async () => {
    const response = await bySignature(body());
    expect(response.status).toBe(200);
    expect(alice.agent.callers.at(-1)).toMatchObject({ userId: alice.id, role: "user" });
  });

  test("starts nothing for the same request replayed, whatever header comes with it", async () => {
    const before = alice.agent.received.length;
    // A body of its own: the same one of the same second is what another test has sent.
    const once = body({ message: "Build replayed" });
    const at = Date.now();
    await bySignature(once, { at });
    const replay = await bySignature(once, { at, headers: { "idempotency-key": "another" } });
    expect([replay.status, replay.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    expect(alice.agent.received).toHaveLength(before + 1);
  });

  test("answers every failure before the sender is known with one and the same 401", async () => {
    const bobsSecret = await rotate(bob);
    const old = secret;
    secret = await rotate(alice);
    const refused = await Promise.all([
      bySignature(body(), { secret: old }),
      bySignature(body(), { secret: bobsSecret }),
      bySignature(body(), { secret: `whsec_${"0".repeat(64)}` }),
      bySignature(body({ user: "nobody" }), { secret: `whsec_${"0".repeat(64)}` }),
      bySignature(body({ user: undefined })),
      bySignature(body({ user: 7 })),
      bySignature(body(), { at: Date.now() - 301_000 }),
      bySignature(body(), { at: Date.now() + 600_000 }),
      bySignature(body(), { sent: body({ message: "changed" }) }),
      bySignature(body(), { sent: body({ user: bob.id }) }),
      bySignature(body(), { headers: { "x-margay-signature": "v1=" } }),
      bySignature(body(), { headers: { "x-margay-timestamp": "now" } }),
      bySignature("{"),
      bySignature("[]"),
      bySignature("[".repeat(1000)),
    ]);
    expect(refused.map((response) => response.status)).toEqual(refused.map(() => 401));
    expect(new Set(await Promise.all(refused.map((response) => response.text()))).size).toBe(1);
    expect(bob.agent.received).toEqual([]);
  });

  test("refuses a wrong signature even beside a valid API key", async () => {
    const response = await bySignature(body(), { secret: "whsec_wrong", headers: { authorization: `Bearer ${alice.key}` } });
    expect(response.status).toBe(401);
  });

  test("tells a verified sender what is wrong with the body", async () => {
    const response = await bySignature(body({ message: 7 }));
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("goes on with the same secret when MASTER_KEY is replaced and kept as the previous one", async () => {
    const rotated = { ...house.env, MASTER_KEY: "another-master-key-0123456789abcdef-0123", MASTER_KEY_PREVIOUS: house.env.MASTER_KEY };
    const secrets = await webhookSecrets(rotated, alice.id);
    expect(secrets?.current).not.toBe(secret);
    expect(secrets?.accepted).toContain(secret);
  });
});
