import type { HookScheme } from "../hook-scheme.ts";
import { anyMatches, base64Bytes, base64Hmac, base64Text, isFresh, randomBytes, signedBytes } from "./hmac-sha256.ts";
import type { SignatureScheme } from "./signature.ts";

/**
 * Standard Webhooks: `webhook-signature: v1,<base64> [v1,<base64> …]` over `<webhook-id>.<webhook-timestamp>.<body>`, under the bytes that `whsec_<base64>` stands for. `webhook-id` is the same for every repeat.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard: SignatureScheme<Extract<HookScheme, { name: "standard" }>> = {
  title: "Standard Webhooks",
  theirs: false,
  newSecret: () => `whsec_${base64Text(randomBytes())}`,
  secretProblem(secret) {
    const bytes = keyOf(secret)?.byteLength ?? 0;
    return bytes >= 16 && bytes <= 128 ? null : "A secret of Standard Webhooks is whsec_ and base64 of 24 to 64 bytes.";
  },
  async verify({ headers, body, now }, secrets) {
    // Svix, where the standard comes from, still sends its own names.
    const named = (name: string): string | undefined => headers[`webhook-${name}`] ?? headers[`svix-${name}`];
    const [id, timestamp] = [named("id"), named("timestamp")];
    const signatures = readSignatures(named("signature") ?? "");
    const signed = signedBytes(`${id ?? ""}.${timestamp ?? ""}.`, body);
    const right = await anyMatches(
      secrets.flatMap((secret) => keyOf(secret) ?? []),
      signatures,
      signed,
    );
    return right && id !== undefined && id !== "" && isFresh(timestamp, now) ? { kind: "event", id, signed: true, differs: false } : null;
  },
  sample: {
    headers: { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek" },
    payload: {
      type: "contact.created",
      timestamp: "2022-11-03T20:26:10.344522Z",
      data: { id: "1f81eb52-5198-4599-803e-771906343485", name: "Ada Lovelace" },
    },
  },
};

/** The v1 signatures of the header; others are ignored. Never throws. */
export const readSignatures = (header: string): Uint8Array<ArrayBuffer>[] =>
  header
    .slice(0, 2_000)
    .split(" ")
    .filter((part) => part.startsWith("v1,"))
    .flatMap((part) => base64Hmac(part.slice(3)) ?? []);

const keyOf = (secret: string): Uint8Array<ArrayBuffer> | null => base64Bytes(secret.replace(/^whsec_/u, ""));
