import type { SecretUse } from "./vault.ts";

/** The header that a secret goes into, and the header's whole value (RFC 6750, RFC 7617). */
export const headerOf = (use: SecretUse): string => (use.place === "header" ? (use.header ?? "authorization") : "authorization");

export function placed({ place }: SecretUse, value: string): string {
  if (place === "bearer") return `Bearer ${value}`;
  if (place === "header") return value;
  const bytes = new TextEncoder().encode(value);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
