import { scrubKeys } from "./key-shapes.ts";

/** Shorter values stand in ordinary text by accident; they are not looked for. */
const MIN_LENGTH = 6;

/** A stored secret, for as long as it takes to look for it. */
export interface KnownSecret {
  name: string;
  value: string;
}

/**
 * A text without the stored secrets, as they are and as base64, base64url, hexadecimal, percent-encoded, as forms write them and JSON-escaped, and without what looks like a key. A secret that is inside base64 of something longer is not found.
 */
export function scrub(text: string, secrets: readonly KnownSecret[]): string {
  let scrubbed = text;
  for (const { name, value } of secrets.toSorted((a, b) => b.value.length - a.value.length)) {
    if (value.length < MIN_LENGTH) continue;
    for (const form of formsOf(value)) scrubbed = scrubbed.replaceAll(form, `[secret ${name} taken out]`);
  }
  return scrubKeys(scrubbed);
}

/** How a value may stand in a text. */
function formsOf(value: string): Set<string> {
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const plain = value.toWellFormed();
  return new Set([
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(plain),
    // As forms write it: blanks are +.
    new URLSearchParams([["", plain]]).toString().slice(1),
    base64.replace(/=+$/, ""),
    base64.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"),
    hex,
    hex.toUpperCase(),
  ]);
}
