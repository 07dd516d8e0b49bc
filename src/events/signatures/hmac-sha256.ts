/** How far a signed timestamp may be from our clock, milliseconds: what Stripe, Slack and Standard Webhooks each name, 5 minutes. */
export const TOLERANCE_MS = 5 * 60_000;
/** Signatures of one header that are looked at: a service that changes its secret sends two. */
const MAX_SIGNATURES = 5;
const SHA256_BYTES = 32;

/** One HMAC-SHA256 (RFC 2104) as it was sent, `size` bytes after decoding; null: it is none. */
export function hexBytes(text: string | undefined): Uint8Array<ArrayBuffer> | null {
  if (text === undefined || !/^[0-9a-f]{64}$/iu.test(text)) return null;
  return Uint8Array.from({ length: SHA256_BYTES }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16));
}

/** Base64 (RFC 4648, 4) of any length up to 1,024 characters, with or without its padding; null: it is none. */
export function base64Bytes(text: string | undefined): Uint8Array<ArrayBuffer> | null {
  if (text === undefined || text.length > 1_024 || !/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** An HMAC-SHA256 in base64. */
export function base64Hmac(text: string | undefined): Uint8Array<ArrayBuffer> | null {
  const bytes = base64Bytes(text);
  return bytes?.byteLength === SHA256_BYTES ? bytes : null;
}

export const utf8Bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

/** `before` and the body as one. */
export function signedBytes(before: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = utf8Bytes(before);
  const bytes = new Uint8Array(prefix.byteLength + body.byteLength);
  bytes.set(prefix);
  bytes.set(body, prefix.byteLength);
  return bytes;
}

/**
 * Whether any of the signatures is one of `signed` under any of the keys. Every pair is tried, whatever the first ones were, and each comparison is `crypto.subtle.verify`'s, in constant time.
 */
export async function anyMatches(
  keys: readonly Uint8Array<ArrayBuffer>[],
  signatures: readonly Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const usable = keys.filter((key) => key.byteLength > 0);
  const imported = await Promise.all(
    usable.map((key) => crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"])),
  );
  const pairs = imported.flatMap((key) => signatures.slice(0, MAX_SIGNATURES).map((signature) => [key, signature] as const));
  const results = await Promise.all(pairs.map(([key, signature]) => crypto.subtle.verify("HMAC", key, signature, signed)));
  return results.includes(true);
}

/** Whether Unix seconds as sent are near enough. */
export const isFresh = (seconds: string | undefined, now: number): seconds is string =>
  seconds !== undefined && /^\d{1,12}$/u.test(seconds) && Math.abs(now - Number(seconds) * 1000) <= TOLERANCE_MS;

/** 32 random bytes. */
export const randomBytes = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));
export const hexText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const base64Text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
