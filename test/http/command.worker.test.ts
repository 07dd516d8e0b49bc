import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { eq } from "drizzle-orm";
import { database } from "../../src/db/database.ts";
import { user } from "../../src/db/schema.ts";
import { commandRoutes } from "../../src/http/command.ts";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { codeOf, House, type Person } from "./support/house.ts";

const house = new House(commandRoutes);
let alice: Person;
let bob: Person;
let service: Person;
const command = (person: Person | null, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  house.call(person, "POST", "/agent/command", body, headers);

beforeAll(async () => {
  alice = await house.person("alice");
  bob = await house.person("bob");
  service = await house.person("olga", "owner", "service");
});

describe("POST /agent/command", () => {
  test("answers with the reply and what was done", async () => {
    const response = await command(alice, { user_id: alice.id, channel: "kiosk", message: "hello", context: { room: 1 } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, response: "Hi.", actions: [{ type: "add_todo", status: "done" }] });
    expect(alice.agent.received.at(-1)).toMatchObject({ channel: "command", text: "hello" });
  });

  test("hands every naughty string over unchanged", async () => {
    for (const message of NAUGHTY_STRINGS) {
      await command(alice, { channel: "kiosk", message });
      expect(alice.agent.received.at(-1)?.text).toBe(message);
    }
  });

  test("says when there is no answer, and why", async () => {
    const poor = await house.person("poor");
    poor.agent.outcomeNow = {
      status: "failed",
      reply: "",
      error: { code: "budget_exceeded", message: "The daily budget is used up." },
      actions: [],
    };
    expect(await (await command(poor, { channel: "x", message: "hi" })).json()).toEqual({
      success: false,
      response: "The daily budget is used up.",
      actions: [],
    });
  });

  test("refuses another user's id with one body, whether or not that user exists", async () => {
    const bodies = await Promise.all(
      [bob.id, "nobody", bob.id.toUpperCase()].map(async (user_id) => {
        const response = await command(alice, { user_id, channel: "x", message: "hi" });
        expect(response.status).toBe(403);
        return response.text();
      }),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(bob.agent.received).toEqual([]);
  });

  test("lets an owner's service key name a user who exists", async () => {
    const response = await command(service, { user_id: bob.id, channel: "x", message: "for bob" });
    expect(response.status).toBe(200);
    expect(bob.agent.received.at(-1)?.text).toBe("for bob");
    expect(bob.agent.callers.at(-1)).toMatchObject({ userId: bob.id, via: "service_key", role: "user" });
    const missing = await command(service, { user_id: "nobody", channel: "x", message: "hi" });
    expect([missing.status, await codeOf(missing)]).toEqual([403, "forbidden"]);
  });

  test("does not let a service key name a suspended user", async () => {
    const sue = await house.person("sue");
    await (await database(house.env)).update(user).set({ suspended: true }).where(eq(user.id, sue.id));
    expect((await command(service, { user_id: sue.id, channel: "x", message: "hi" })).status).toBe(403);
    expect(sue.agent.received).toEqual([]);
  });

  test("tells the object of a named user what D1 says when it does not know them yet", async () => {
    const ned = await house.person("ned");
    ned.agent.refuse = { ok: false, error: { code: "stale_principal", message: "Sign in again." } };
    const response = await command(service, { user_id: ned.id, channel: "x", message: "hi" });
    expect(response.status).toBe(401);
    expect(ned.agent.calls).toContainEqual(["setAccess", ned.id]);
  });

  test("honours Idempotency-Key", async () => {
    const key = { "idempotency-key": "k1" };
    const body = { channel: "x", message: "once" };
    await command(alice, body, key);
    const repeat = await command(alice, body, key);
    expect([repeat.status, repeat.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    expect((await command(alice, { ...body, message: "twice" }, key)).status).toBe(409);
  });

  test("refuses who has no identity", async () => expect((await command(null, { channel: "x", message: "hi" })).status).toBe(401));

  test.each(BAD_BODIES)("refuses %s as invalid", async (_what, body) => {
    const response = await command(alice, body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("answers any JSON with 200 or a documented refusal", async () => {
    const shape = fc.record(
      { channel: fc.jsonValue(), message: fc.jsonValue(), user_id: fc.jsonValue(), context: fc.jsonValue() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(shape, async (body) => {
        expect([200, 400, 403, 413]).toContain((await command(alice, JSON.stringify(body))).status);
      }),
    );
  });
});
