/**
 * JSON with the keys of every object in code unit order, so that two bodies that mean the same have the same text. Absent and
 * `undefined` are the same. The value comes from parsed JSON of bounded depth (`src/http/body.ts`), so recursion is safe.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of {@link canonicalJson}, lower-case hex: what tells a repeat of a request from another one under the same idempotency key. */
export async function bodyHash(value: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonicalJson(value)));
  return toHex(digest);
}

/** Lower-case hex of bytes. */
export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
