import { toHex } from "../body-hash.ts";

/** How far a signed request's clock may be from ours, milliseconds. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;

export const TIMESTAMP_HEADER = "x-margay-timestamp";
export const SIGNATURE_HEADER = "x-margay-signature";

/**
 * The signature of a webhook, both ways: HMAC-SHA256 (RFC 2104) with the UTF-8 bytes of the secret over
 * `<timestamp>.<body bytes>`, written `v1=<64 hex digits>`. `timestamp` is decimal Unix seconds as sent.
 */
export async function signWebhook(secret: string, timestamp: string, body: Uint8Array): Promise<string> {
  return `v1=${toHex(await crypto.subtle.sign("HMAC", await hmacKey(secret, "sign"), signedBytes(timestamp, body)))}`;
}

export interface SignedRequest {
  /** Null: the header is missing. */
  timestamp: string | null;
  signature: string | null;
  body: Uint8Array;
  /** UTC milliseconds. */
  now: number;
}

/** Whether a request was signed with `secret` within the window. The comparison is `crypto.subtle.verify`'s, in constant time. */
export async function verifyWebhook(secret: string, request: SignedRequest): Promise<boolean> {
  const { timestamp, signature, body, now } = request;
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  const hex = signature === null ? null : /^v1=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (!hex) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > SIGNATURE_WINDOW_MS) return false;
  const given = Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
  return crypto.subtle.verify("HMAC", await hmacKey(secret, "verify"), given, signedBytes(timestamp, body));
}

function signedBytes(timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`${timestamp}.`);
  const bytes = new Uint8Array(prefix.byteLength + body.byteLength);
  bytes.set(prefix);
  bytes.set(body, prefix.byteLength);
  return bytes;
}

const hmacKey = (secret: string, use: "sign" | "verify"): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [use]);
