import { canonical } from "../permission/canonical.ts";

/** SHA-256 of {@link canonical}, lower-case hex: what tells a repeat of a request from another one under the same idempotency key. */
export async function bodyHash(value: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(value)));
  return toHex(digest);
}

/** Lower-case hex of bytes. */
export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
