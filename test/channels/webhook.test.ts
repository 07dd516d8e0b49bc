import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery, DeliveryContext } from "../../src/channels/channel.ts";
import { InboundMessage } from "../../src/channels/message.ts";
import { webhook, WebhookBody } from "../../src/channels/webhook.ts";
import { deliverCallback } from "../../src/channels/webhook/callback.ts";
import { signWebhook, SIGNATURE_WINDOW_MS, verifyWebhook } from "../../src/channels/webhook/signature.ts";
import { anyText } from "./samples.ts";
import { channelConformance, type PushWorld, type Trouble } from "../conformance/channel.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("webhook.parse()", () => {
  test("takes nothing of the body as the user's word", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (message, context) => {
        const parsed = await webhook.parse({ key: "k", body: WebhookBody.parse({ message, context }) }, 1);
        if (parsed.kind !== "message") throw new Error(parsed.kind);
        expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
        expect(parsed.message.text).toBe("");
        expect(parsed.message.content).toEqual([
          { kind: "context", origin: "webhook", text: message },
          { kind: "context", origin: "webhook context", text: context },
        ]);
      }),
    );
  });

  test("answers to the callback address with the caller's key", async () => {
    const body = { message: "x", callback_url: "https://hooks.example.com/a", idempotency_key: "build-1" };
    const parsed = await webhook.parse({ key: "build-1", body }, 1);
    expect(parsed).toMatchObject({
      kind: "message",
      message: { replyTo: { channel: "webhook", callbackUrl: "https://hooks.example.com/a", requestId: "build-1" } },
    });
  });

  test.each(["http://example.com/", "https://127.0.0.1/", "https://localhost/", "nonsense"])(
    "refuses the callback address %s",
    async (callback_url) => {
      expect(await webhook.parse({ key: "k", body: { message: "x", callback_url } }, 1)).toMatchObject({
        kind: "invalid",
        error: { code: "invalid_request" },
      });
    },
  );
});

describe("verifyWebhook()", () => {
  const now = 1_795_000_000_000;
  const seconds = String(now / 1000);

  test("accepts what signWebhook() signed, to both ends of the window", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.integer({ min: -SIGNATURE_WINDOW_MS, max: SIGNATURE_WINDOW_MS }), async (body, skew) => {
        const signature = await signWebhook("whsec_a", seconds, body);
        expect(await verifyWebhook("whsec_a", { timestamp: seconds, signature, body, now: now + skew })).toBe(true);
      }),
    );
  });

  test("has the value that RFC 2104 gives for a known input", async () => {
    // printf '1.{}' | openssl dgst -sha256 -hmac secret
    expect(await signWebhook("secret", "1", bytes("{}"))).toBe("v1=1122767b193110cfec322b6f199b599edbf608ed087f2d27afb0b97d99523908");
  });

  test("refuses a request outside the window", async () => {
    const signature = await signWebhook("whsec_a", seconds, bytes("x"));
    for (const skew of [SIGNATURE_WINDOW_MS + 1, -SIGNATURE_WINDOW_MS - 1])
      expect(await verifyWebhook("whsec_a", { timestamp: seconds, signature, body: bytes("x"), now: now + skew })).toBe(false);
  });

  test("refuses any change of body, timestamp, signature or secret", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), async (body, at, flip) => {
        const signature = await signWebhook("whsec_a", seconds, body);
        const changed = body.slice();
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ flip;
        const digit = 3 + (at % 64);
        const other = signature[digit] === "0" ? "1" : "0";
        const request = { timestamp: seconds, signature, body, now };
        expect(await verifyWebhook("whsec_a", { ...request, body: changed })).toBe(false);
        expect(await verifyWebhook("whsec_a", { ...request, timestamp: String(Number(seconds) + 1) })).toBe(false);
        expect(await verifyWebhook("whsec_a", { ...request, timestamp: `0${seconds}` })).toBe(false);
        expect(await verifyWebhook("whsec_b", request)).toBe(false);
        expect(
          await verifyWebhook("whsec_a", { ...request, signature: signature.slice(0, digit) + other + signature.slice(digit + 1) }),
        ).toBe(false);
      }),
    );
  });

  test("refuses malformed headers", async () => {
    const signature = await signWebhook("whsec_a", seconds, bytes("x"));
    const request = { timestamp: seconds, signature, body: bytes("x"), now };
    for (const timestamp of [null, "", "x", "-1", "1e9", `${seconds}.0`, ` ${seconds}`, "9".repeat(13)])
      expect(await verifyWebhook("whsec_a", { ...request, timestamp })).toBe(false);
    for (const bad of [
      null,
      "",
      "v1=",
      signature.slice(3),
      signature.toUpperCase(),
      `${signature},${signature}`,
      `v0=${signature.slice(3)}`,
    ])
      expect(await verifyWebhook("whsec_a", { ...request, signature: bad })).toBe(false);
  });
});

describe("deliverCallback()", () => {
  const delivery: Delivery = {
    id: "d1",
    turnId: "t1",
    target: { channel: "webhook", callbackUrl: "https://hooks.example.com/a", requestId: "build-1" },
    text: "Done — ✅",
    approval: null,
    files: [],
    status: "done",
    attempt: 1,
    state: null,
  };
  const now = 1_795_000_000_000;

  function context(answer: () => Response | Promise<Response>, secret: string | null = "whsec_a"): DeliveryContext & { sent: Request[] } {
    const sent: Request[] = [];
    return {
      sent,
      userId: "alice",
      fetch: async (input, init) => {
        sent.push(new Request(input, init));
        return answer();
      },
      now: () => now,
      secret: async (name) => (name === "webhook:signing" ? secret : null),
      save: () => {},
      signal: new AbortController().signal,
    };
  }

  test("posts the signed result with the caller's idempotency key, following no redirect", async () => {
    const deps = context(() => new Response("ok"));
    expect(await deliverCallback(delivery, deps)).toEqual({ kind: "told" });
    const [request] = deps.sent;
    if (!request) throw new Error("nothing was sent");
    expect(request.method).toBe("POST");
    expect(request.redirect).toBe("manual");
    expect(request.headers.get("idempotency-key")).toBe("build-1");
    const body = new Uint8Array(await request.arrayBuffer());
    expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
      id: "d1",
      turn_id: "t1",
      request_id: "build-1",
      success: true,
      status: "done",
      response: "Done — ✅",
    });
    const signed = {
      timestamp: request.headers.get("x-margay-timestamp"),
      signature: request.headers.get("x-margay-signature"),
      body,
      now,
    };
    expect(await verifyWebhook("whsec_a", signed)).toBe(true);
  });

  test.each([
    [204, {}, { kind: "told" }],
    [301, { location: "https://127.0.0.1/" }, { kind: "refused", reason: "HTTP 301: redirects are not followed" }],
    [400, {}, { kind: "refused", reason: "HTTP 400" }],
    [410, {}, { kind: "refused", reason: "HTTP 410" }],
    [408, {}, { kind: "retry", reason: "HTTP 408" }],
    [429, { "retry-after": "7" }, { kind: "retry", reason: "HTTP 429", afterMs: 7000 }],
    [503, { "retry-after": new Date(now + 9000).toUTCString() }, { kind: "retry", reason: "HTTP 503", afterMs: 9000 }],
    [503, { "retry-after": "999999999" }, { kind: "retry", reason: "HTTP 503", afterMs: 3_600_000 }],
    [503, { "retry-after": "soon" }, { kind: "retry", reason: "HTTP 503" }],
    [500, {}, { kind: "retry", reason: "HTTP 500" }],
  ])("takes HTTP %i with %j as %j", async (status, headers, expected) => {
    const deps = context(() => new Response(status === 204 ? null : "x", { status, headers: Object.entries(headers) }));
    expect(await deliverCallback(delivery, deps)).toEqual(expected);
  });

  test("tries again when the connection fails", async () => {
    const deps = context(() => Promise.reject(new TypeError("fetch failed")));
    expect(await deliverCallback(delivery, deps)).toEqual({ kind: "retry", reason: "connection failed" });
  });

  test("stops reading an answer that does not end", async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(600)),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(
      await deliverCallback(
        delivery,
        context(() => new Response(endless)),
      ),
    ).toEqual({ kind: "told" });
    expect(cancelled).toBe(true);
  });

  test("sends nothing to an address that is not public, or without a secret", async () => {
    const inside = context(() => new Response());
    const target = { channel: "webhook" as const, callbackUrl: "https://169.254.169.254/" };
    expect(await deliverCallback({ ...delivery, target }, inside)).toMatchObject({ kind: "refused" });
    const unsigned = context(() => new Response(), null);
    expect(await deliverCallback(delivery, unsigned)).toMatchObject({ kind: "refused" });
    expect([...inside.sent, ...unsigned.sent]).toEqual([]);
  });

  test("has nothing to send for a request that waited for its answer", async () => {
    const deps = context(() => new Response());
    expect(await deliverCallback({ ...delivery, target: { channel: "webhook" } }, deps)).toEqual({ kind: "told" });
    expect(deps.sent).toEqual([]);
  });
});

/** A receiver that drops repeats by the id it has seen, as the guide asks. */
function receiver(): PushWorld {
  const seen = new Map<string, string>();
  let trouble: Trouble | null = null;
  const answer = async (request: Request): Promise<Response> => {
    const now = trouble;
    if (now !== "refuse") trouble = null;
    if (now === "broken") throw new TypeError("fetch failed");
    if (now === "refuse") return new Response(null, { status: 410 });
    if (now === "slow_down") return new Response(null, { status: 429, headers: { "retry-after": "7" } });
    if (now === "fault") return new Response(null, { status: 502 });
    const { id, response } = JSON.parse(await request.text());
    seen.set(String(id), String(response));
    return new Response("ok");
  };
  return {
    target: { channel: "webhook", callbackUrl: "https://hooks.example.com/a" },
    context: {
      userId: "alice",
      fetch: (input, init) => answer(new Request(input, init)),
      secret: async (name) => (name === "webhook:signing" ? "whsec_a" : null),
      signal: new AbortController().signal,
    },
    trouble: async (kind) => {
      trouble = kind;
    },
    received: async () => [...seen.values()],
  };
}

channelConformance({
  name: "webhook",
  channel: webhook,
  word: false,
  typed: (message, key) => ({ key, body: { message } }),
  foreign: { "the message": (foreign) => ({ key: "k", body: { message: foreign } }) },
  push: async () => receiver(),
});
