import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";
import { chatRoutes } from "../../src/http/chat.ts";
import { endOf } from "./support/fake-agent.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { codeOf, House, ORIGIN, type Person } from "./support/house.ts";

const house = new House(chatRoutes);
let alice: Person;
const chat = (person: Person | null, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  house.call(person, "POST", "/api/v1/chat", body, headers);
const events = { accept: "text/event-stream" };

beforeAll(async () => {
  alice = await house.person("alice");
});

describe("POST /api/v1/chat", () => {
  test("answers with the outcome of the turn", async () => {
    const response = await chat(alice, { message: "hello", time_zone: "Europe/Berlin" });
    expect(response.status).toBe(200);
    expect(response.headers.get("idempotent-replayed")).toBeNull();
    expect(await response.json()).toMatchObject({ status: "done", reply: "Hi.", actions: [{ type: "add_todo" }] });
    expect(alice.agent.received.at(-1)).toMatchObject({ channel: "http", text: "hello", content: [], timeZone: "Europe/Berlin" });
    expect(alice.agent.callers.at(-1)).toMatchObject({ userId: alice.id, via: "api_key" });
  });

  test("hands every naughty string over unchanged", async () => {
    for (const text of NAUGHTY_STRINGS) {
      expect((await chat(alice, { message: text, context: text })).status).toBe(200);
      const message = alice.agent.received.at(-1);
      expect(message?.text).toBe(text);
      expect(message?.content).toEqual([{ kind: "context", origin: "context field", text }]);
    }
  });

  test("marks messages of the command line", async () => {
    await chat(alice, { message: "hello" }, { "x-margay-client": "cli" });
    expect(alice.agent.received.at(-1)?.channel).toBe("cli");
  });

  test("refuses who has no identity", async () => {
    const response = await chat(null, { message: "hello" });
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe("unauthorized");
  });

  test("refuses a cookie without the page's Origin", async () => {
    const response = await chat(null, { message: "hello" }, { cookie: alice.cookie, origin: "https://evil.example.com" });
    expect([response.status, await codeOf(response)]).toEqual([403, "bad_origin"]);
  });

  test.each(BAD_BODIES)("refuses %s as invalid", async (_what, body) => {
    const before = alice.agent.received.length;
    const response = await chat(alice, body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
    expect(alice.agent.received).toHaveLength(before);
  });

  test("refuses an execution mode that is not there yet, with a sentence", async () => {
    const response = await chat(alice, { message: "hi", execution_mode: "background" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "unsupported", message: expect.stringContaining("background") } });
  });

  test("refuses a body over 1 MiB, whatever its declared length", async () => {
    const response = await chat(alice, JSON.stringify({ message: "hi", x: "y".repeat(1024 * 1024) }));
    expect([response.status, await codeOf(response)]).toEqual([413, "payload_too_large"]);
    expect((await chat(alice, { message: "hi" }, { "content-type": "text/plain" })).status).toBe(415);
  });

  test("answers any JSON with 200 or a documented refusal", async () => {
    const shape = fc.record(
      {
        message: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
        context: fc.jsonValue(),
        files: fc.jsonValue(),
        tier: fc.oneof(fc.constantFrom("fast", "smart", "vision"), fc.jsonValue()),
        execution_mode: fc.oneof(fc.constant("direct"), fc.jsonValue()),
        time_zone: fc.oneof(fc.constant("UTC"), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(shape, fc.jsonValue()), async (body) => {
        expect([200, 400, 413]).toContain((await chat(alice, JSON.stringify(body))).status);
      }),
    );
  });

  test("says 202 and where to ask while the turn runs", async () => {
    const slow = await house.person("slow");
    slow.agent.outcomeNow = { status: "running", reply: "" };
    const response = await chat(slow, { message: "hello" });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe("/api/v1/chat/message-1");
    expect(await response.json()).toMatchObject({ status: "running" });
    const asked = slow.agent.calls.find(([name]) => name === "outcome");
    expect(asked?.slice(0, 2)).toEqual(["outcome", "message-1"]);
    // What is left of them.
    expect(Number(asked?.[2])).toBeGreaterThan(0);
    expect(Number(asked?.[2])).toBeLessThanOrEqual(100_000);
  });

  test("answers a turn that failed with its status and reason", async () => {
    const poor = await house.person("poor");
    poor.agent.outcomeNow = { status: "failed", error: { code: "budget_exceeded", message: "The daily budget is used up." } };
    const response = await chat(poor, { message: "hello" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "failed", error: { code: "budget_exceeded" } });
  });

  test("repeats a call that was lost when the object restarted, with the same key", async () => {
    const lucky = await house.person("lucky");
    lucky.agent.failures.push(Object.assign(new Error("reset"), { durableObjectReset: true }));
    expect((await chat(lucky, { message: "hello" })).status).toBe(200);
    expect(lucky.agent.received).toHaveLength(1);
  });

  test("does not repeat a call that failed by a bug or by overload", async () => {
    const unlucky = await house.person("unlucky");
    unlucky.agent.failures.push(Object.assign(new Error("busy"), { retryable: true, overloaded: true }));
    const response = await chat(unlucky, { message: "hello" });
    expect([response.status, await codeOf(response)]).toEqual([500, "internal"]);
    expect(unlucky.agent.received).toHaveLength(0);
  });
});

describe("Idempotency-Key", () => {
  test("answers a repeat with the first outcome and another body with 409", async () => {
    const anna = await house.person("anna");
    const key = { "idempotency-key": "order-1" };
    const first = await chat(anna, { message: "hello" }, key);
    const repeats = await Promise.all([1, 2, 3].map(() => chat(anna, { message: "hello" }, key)));
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const outcome = await first.json();
    for (const repeat of repeats) {
      expect([repeat.status, repeat.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
      expect(await repeat.json()).toEqual(outcome);
    }
    const other = await chat(anna, { message: "goodbye" }, key);
    expect([other.status, await codeOf(other)]).toEqual([409, "idempotency_conflict"]);
    expect(anna.agent.received).toHaveLength(1);
  });

  test("is each user's own", async () => {
    const [one, two] = await Promise.all([house.person("one"), house.person("two")]);
    for (const person of [one, two]) await chat(person, { message: person.id }, { "idempotency-key": "same" });
    expect([one.agent.received[0]?.text, two.agent.received[0]?.text]).toEqual([one.id, two.id]);
  });

  test.each([
    ["empty", ""],
    ["too long", "x".repeat(256)],
    ["with a space", "a b"],
    ["with a tab", "a\tb"],
  ])("is refused when it is %s", async (_what, key) => {
    const response = await chat(alice, { message: "hello" }, { "idempotency-key": key });
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });
});

describe("POST /api/v1/chat as a stream", () => {
  test("writes one server-sent event per turn event and ends with `end`", async () => {
    const sam = await house.person("sam");
    const delta = "line\n\ndata: forged\r\n👋\u2028";
    sam.agent.events = [{ type: "step", step: 1, model: "m" }, { type: "text", step: 1, delta }, endOf(delta)];
    const response = await chat(sam, { message: "hello" }, events);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
    expect(blocks).toEqual([
      `event: accepted\ndata: ${JSON.stringify({ message_id: "message-1", turn_id: "turn-1", duplicate: false })}`,
      ...sam.agent.events.map((event, seq) => `id: ${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}`),
    ]);
  });

  test("goes on behind Last-Event-ID with the same key", async () => {
    const rita = await house.person("rita");
    const headers = { ...events, "idempotency-key": "k" };
    await (await chat(rita, { message: "hello" }, headers)).text();
    const again = await chat(rita, { message: "hello" }, { ...headers, "last-event-id": "0" });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const text = await again.text();
    expect(text).not.toContain("id: 0\n");
    expect(text).toContain("id: 1\n");
    expect(rita.agent.followed).toEqual([0, 1]);
    expect(rita.agent.received).toHaveLength(1);
  });

  test("goes on by itself when the object restarts", async () => {
    const rob = await house.person("rob");
    rob.agent.breakAfter = [1, 1];
    const text = await (await chat(rob, { message: "hello" }, events)).text();
    expect(rob.agent.followed).toEqual([0, 1, 2]);
    expect(text.match(/^id: \d+$/gm)).toEqual(["id: 0", "id: 1", "id: 2"]);
  });

  test("ends for a client that has seen the end already", async () => {
    const text = await (await chat(alice, { message: "x" }, { ...events, "idempotency-key": "seen", "last-event-id": "2" })).text();
    expect(text.match(/^id:/gm)).toBeNull();
  });

  test.each(["x", "-1", "1.5", "99999999999999999"])("refuses the Last-Event-ID %s", async (id) => {
    const response = await chat(alice, { message: "x" }, { ...events, "idempotency-key": "l", "last-event-id": id });
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("refuses Last-Event-ID without a key, which would send the message again", async () => {
    const before = alice.agent.received.length;
    expect((await chat(alice, { message: "x" }, { ...events, "last-event-id": "1" })).status).toBe(400);
    expect(alice.agent.received).toHaveLength(before);
  });

  test("gives a refusal its own status before anything is streamed", async () => {
    const sue = await house.person("sue");
    sue.agent.refuse = { ok: false, error: { code: "suspended", message: "This account is suspended." } };
    const response = await chat(sue, { message: "x" }, events);
    expect([response.status, await codeOf(response)]).toEqual([403, "suspended"]);
  });
});

describe("GET /api/v1/chat/{message_id}", () => {
  test("answers how far a message is, waiting if asked", async () => {
    const response = await house.call(alice, "GET", "/api/v1/chat/message-1?wait=5");
    expect(await response.json()).toMatchObject({ message_id: "message-1", status: "done" });
    const [name, id, wait] = alice.agent.calls.at(-1) ?? [];
    expect([name, id]).toEqual(["outcome", "message-1"]);
    // What is left of them.
    expect(Number(wait)).toBeGreaterThan(0);
    expect(Number(wait)).toBeLessThanOrEqual(5000);
  });

  test("says 404 for a message that is not the caller's, streamed or not", async () => {
    for (const headers of [{}, events])
      expect((await house.call(alice, "GET", "/api/v1/chat/missing", undefined, headers)).status).toBe(404);
  });

  test.each(["-1", "101", "x", "1.5"])("refuses wait=%s", async (wait) => {
    expect((await house.call(alice, "GET", `/api/v1/chat/message-1?wait=${wait}`)).status).toBe(400);
  });
});

describe("POST /api/v1/chat/cancel", () => {
  test("stops the running turn or the one named", async () => {
    expect(await (await house.call(alice, "POST", "/api/v1/chat/cancel", {})).json()).toEqual({ stopped: 1, dropped: 0 });
    expect(alice.agent.calls.at(-1)).toEqual(["cancel", undefined]);
    await house.call(alice, "POST", "/api/v1/chat/cancel", { turn_id: "t" });
    expect(alice.agent.calls.at(-1)).toEqual(["cancel", "t"]);
  });
});

describe("GET /api/v1/chat/stream", () => {
  const upgrade: Record<string, string> = { upgrade: "websocket" };

  test("hands the upgrade to the caller's own object, and nothing else of the request", async () => {
    const headers = { ...upgrade, cookie: alice.cookie, origin: ORIGIN, "x-margay-caller": '{"userId":"bob"}', "x-other": "1" };
    const response = await house.call(null, "GET", "/api/v1/chat/stream?user=bob", undefined, headers);
    expect(response.status).toBe(101);
    const [, url, sent] = alice.agent.calls.findLast(([name]) => name === "fetch") ?? [];
    expect(url).toBe("https://agent/socket");
    expect(Object.keys(Object(sent)).toSorted()).toEqual(["upgrade", "x-margay-caller"]);
    expect(JSON.parse(String(Reflect.get(Object(sent), "x-margay-caller")))).toEqual({
      userId: alice.id,
      authVersion: 0,
      via: "session",
      role: "user",
      // Of the session: the connection must not outlive it.
      expiresAt: expect.any(Number),
    });
    const { webSocket } = response;
    if (!webSocket) throw new Error("no socket");
    const first = new Promise<unknown>((resolve) => webSocket.addEventListener("message", (event) => resolve(event.data)));
    webSocket.accept();
    expect(await first).toBe(JSON.stringify({ hello: alice.id }));
    webSocket.close();
  });

  test("answers 426 without an upgrade, 401 without an identity, 403 from another site", async () => {
    expect((await house.call(alice, "GET", "/api/v1/chat/stream")).status).toBe(426);
    expect((await house.call(null, "GET", "/api/v1/chat/stream", undefined, upgrade)).status).toBe(401);
    for (const origin of [null, { origin: "https://evil.example.com" }])
      expect(
        (await house.call(null, "GET", "/api/v1/chat/stream", undefined, { ...upgrade, cookie: alice.cookie, ...origin })).status,
      ).toBe(403);
  });
});
