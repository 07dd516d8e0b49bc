import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HookScheme } from "../../src/events/hook-scheme.ts";
import { base64Bytes, TOLERANCE_MS } from "../../src/events/signatures/hmac-sha256.ts";
import { SIGNATURE_SCHEMES, verifyHook } from "../../src/events/signatures/registry.ts";
import { readSignatures } from "../../src/events/signatures/standard.ts";
import { readSignatureHeader } from "../../src/events/signatures/stripe.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const mac = (key: string | Buffer, text: string, encoding: "hex" | "base64"): string =>
  createHmac("sha256", key).update(text).digest(encoding);
const scheme = (value: unknown): HookScheme => HookScheme.parse(value);

const NOW = 1_614_265_330_000;
const T = String(NOW / 1000);
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA==";
const BODY = '{"test": 2432232314}';

/** How each is signed, over and above what the vendors publish. */
const SIGNED: readonly {
  name: string;
  scheme: HookScheme;
  headers(secret: string, body: string, seconds: string): Record<string, string>;
  timed: boolean;
}[] = [
  {
    name: "github",
    scheme: scheme({ name: "github" }),
    headers: (secret, body) => ({ "x-hub-signature-256": `sha256=${mac(secret, body, "hex")}`, "x-github-delivery": "d-1" }),
    timed: false,
  },
  {
    name: "stripe",
    scheme: scheme({ name: "stripe" }),
    headers: (secret, body, seconds) => ({
      "stripe-signature": `t=${seconds},v1=${mac(secret, `${seconds}.${body}`, "hex")},v0=${"0".repeat(64)}`,
    }),
    timed: true,
  },
  {
    name: "slack",
    scheme: scheme({ name: "slack" }),
    headers: (secret, body, seconds) => ({
      "x-slack-request-timestamp": seconds,
      "x-slack-signature": `v0=${mac(secret, `v0:${seconds}:${body}`, "hex")}`,
    }),
    timed: true,
  },
  {
    name: "standard",
    scheme: scheme({ name: "standard" }),
    headers: (secret, body, seconds) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${mac(Buffer.from(secret.slice(6), "base64"), `msg_1.${seconds}.${body}`, "base64")}`,
    }),
    timed: true,
  },
  {
    name: "hmac, of the body alone",
    scheme: scheme({ name: "hmac", header: "X-Sig" }),
    headers: (secret, body) => ({ "x-sig": mac(secret, body, "hex") }),
    timed: false,
  },
  {
    name: "hmac, in base64 with prefix, timestamp and id",
    scheme: scheme({ name: "hmac", header: "X-Sig", encoding: "base64", prefix: "sha256=", timestamp_header: "X-Time", id_header: "X-Id" }),
    headers: (secret, body, seconds) => ({
      "x-sig": `sha256=${mac(secret, `${seconds}.${body}`, "base64")}`,
      "x-time": seconds,
      "x-id": "7",
    }),
    timed: true,
  },
];

const verify = (of: HookScheme, headers: Record<string, string>, { body = BODY, secrets = [SECRET], now = NOW } = {}) =>
  verifyHook({ headers, body: bytes(body), now }, secrets, of);

describe("verifyHook() takes what the vendors publish", () => {
  test("GitHub's example", async () => {
    const headers = {
      "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
      "x-github-delivery": "d",
    };
    expect(await verify(scheme({ name: "github" }), headers, { body: "Hello, World!", secrets: ["It's a Secret to Everybody"] })).toEqual({
      kind: "event",
      id: "d",
      signed: false,
      differs: true,
    });
  });

  test("Slack's example", async () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const secrets = ["8f742231b10e8888abcd99yyyzzz85a5"];
    expect(await verify(scheme({ name: "slack" }), headers, { body, secrets, now: 1_531_420_618_000 })).toMatchObject({
      kind: "event",
      signed: true,
    });
    expect(await verify(scheme({ name: "slack" }), headers, { body, secrets, now: 1_531_420_618_000 + TOLERANCE_MS + 1 })).toBeNull();
  });

  test("the Standard Webhooks specification's, also under Svix' names", async () => {
    const parts = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: T, signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
    for (const prefix of ["webhook", "svix"]) {
      const headers = Object.fromEntries(Object.entries(parts).map(([name, value]) => [`${prefix}-${name}`, value]));
      expect(await verify(scheme({ name: "standard" }), headers)).toEqual({ kind: "event", id: parts.id, signed: true, differs: false });
    }
  });
});

describe.each(SIGNED)("verifyHook() of $name", ({ scheme: of, headers, timed }) => {
  const right = headers(SECRET, BODY, T);

  test("takes what is signed with one of the secrets", async () => {
    expect(await verify(of, right)).toMatchObject({ kind: "event" });
    expect(await verify(of, right, { secrets: [OTHER, SECRET] })).toMatchObject({ kind: "event" });
  });

  test("refuses another secret, none, an empty one, and another body", async () => {
    expect(await verify(of, right, { secrets: [OTHER] })).toBeNull();
    expect(await verify(of, right, { secrets: [] })).toBeNull();
    expect(
      await verify(of, headers("whsec_", BODY, T), { secrets: ["", "whsec_"].filter((one) => of.name === "standard" || one === "") }),
    ).toBeNull();
    expect(await verify(of, right, { body: `${BODY} ` })).toBeNull();
  });

  test("refuses what a header is missing of", async () => {
    for (const name of Object.keys(right).filter((one) => !["x-github-delivery", "x-id"].includes(one))) {
      const { [name]: _, ...rest } = right;
      expect(await verify(of, rest), name).toBeNull();
      expect(await verify(of, { ...right, [name]: "" }), name).toBeNull();
    }
  });

  test.runIf(timed)("refuses what is more than five minutes off, either way", async () => {
    for (const off of [TOLERANCE_MS + 1000, -TOLERANCE_MS - 1000]) expect(await verify(of, right, { now: NOW + off })).toBeNull();
    for (const off of [TOLERANCE_MS, -TOLERANCE_MS]) expect(await verify(of, right, { now: NOW + off })).not.toBeNull();
    // The time is part of what is signed.
    const other = String(Number(T) + 1);
    const changed = Object.fromEntries(Object.entries(right).map(([name, value]) => [name, value.replace(T, other)]));
    expect(await verify(of, changed)).toBeNull();
  });

  test("never throws, whatever the headers hold, and takes none of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(right)), fc.string({ maxLength: 200 })),
        fc.string(),
        async (some, body) => {
          expect(await verify(of, some, { body })).toBeNull();
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("stripe", () => {
  const sign = (secret: string, seconds = T, body = BODY): string => mac(secret, `${seconds}.${body}`, "hex");

  test("takes one right signature of several, as while a secret is rolled", async () => {
    const headers = { "stripe-signature": `t=${T},v1=${sign(OTHER)},v1=${sign(SECRET)}` };
    expect(await verify(scheme({ name: "stripe" }), headers)).toMatchObject({ kind: "event" });
  });

  test("takes no v0, and the id that is in the signed body", async () => {
    expect(await verify(scheme({ name: "stripe" }), { "stripe-signature": `t=${T},v0=${sign(SECRET)}` })).toBeNull();
    const body = '{"id":"evt_1"}';
    expect(await verify(scheme({ name: "stripe" }), { "stripe-signature": `t=${T},v1=${sign(SECRET, T, body)}` }, { body })).toEqual({
      kind: "event",
      id: "evt_1",
      signed: true,
      differs: true,
    });
  });

  test("readSignatureHeader() never throws, and gives whole signatures only", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("t", "v", "1", "=", ",", "a", "0", " ") }), (header) => {
        for (const one of readSignatureHeader(header).v1) expect(one.byteLength).toBe(32);
      }),
    );
  });
});

describe("standard", () => {
  test("takes one right signature of several, and none of another version", async () => {
    const right = SIGNED.find(({ name }) => name === "standard")?.headers(SECRET, BODY, T) ?? {};
    const wrong = SIGNED.find(({ name }) => name === "standard")?.headers(OTHER, BODY, T) ?? {};
    const both = `${wrong["webhook-signature"]} ${right["webhook-signature"]}`;
    expect(await verify(scheme({ name: "standard" }), { ...right, "webhook-signature": both })).not.toBeNull();
    expect(
      await verify(scheme({ name: "standard" }), {
        ...right,
        "webhook-signature": right["webhook-signature"]?.replace("v1,", "v1a,") ?? "",
      }),
    ).toBeNull();
  });

  test("readSignatures() and base64Bytes() never throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("v", "1", ",", "a", "=", "+", "/", " ", "é") }), (header) => {
        for (const one of readSignatures(header)) expect(one.byteLength).toBe(32);
        base64Bytes(header);
      }),
    );
  });

  test("makes secrets that it takes, and says why others are none", () => {
    const { newSecret, secretProblem } = SIGNATURE_SCHEMES.standard;
    expect(secretProblem(newSecret())).toBeNull();
    for (const wrong of ["whsec_", "whsec_!!!", "short"]) expect(secretProblem(wrong)).not.toBeNull();
  });
});

describe("slack", () => {
  const asked = (body: string): Record<string, string> => SIGNED.find(({ name }) => name === "slack")?.headers(SECRET, body, T) ?? {};

  test("answers a challenge only when it is rightly signed", async () => {
    const body = '{"type":"url_verification","challenge":"abc","token":"x"}';
    expect(await verify(scheme({ name: "slack" }), asked(body), { body })).toEqual({ kind: "challenge", answer: "abc" });
    expect(await verify(scheme({ name: "slack" }), asked(body), { body, secrets: [OTHER] })).toBeNull();
  });

  test("names an event by its id, and a command by what was signed", async () => {
    const event = '{"type":"event_callback","event_id":"Ev1"}';
    expect(await verify(scheme({ name: "slack" }), asked(event), { body: event })).toMatchObject({ id: "Ev1", signed: true });
    expect(await verify(scheme({ name: "slack" }), asked("command=a"), { body: "command=a" })).toMatchObject({
      id: expect.stringContaining(T),
    });
  });
});
