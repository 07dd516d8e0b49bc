import type { Env } from "../../env.ts";
import { hex, utf8 } from "../../secrets/bytes.ts";
import { derivedKey } from "../../secrets/keys.ts";
import { normalisePairingCode } from "../telegram/pairing.ts";

export const LINK_LIFETIME_MS = 24 * 3_600_000;
/** A mail has one code in it; whoever tries many is guessing. */
const MAX_CANDIDATES = 5;

/** Codes are short, so D1 holds a keyed hash: a copy of the database alone gives none away. It is good for one user and one address. */
export async function linkCodeHash(env: Env, userId: string, address: string, code: string): Promise<string> {
  const { bytes } = await derivedKey(env, "pairing", "email");
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(JSON.stringify([userId, address, code])))));
}

/** What may be a code in a mail's subject and text, in order, each once. */
export function codesIn(text: string): string[] {
  const found = text.slice(0, 5_000).matchAll(/(?<![\w-])[2-9A-HJKMNP-TV-Z]{4}[-–— ]?[2-9A-HJKMNP-TV-Z]{4}(?![\w-])/gi);
  const codes = [...found].flatMap(([match]) => normalisePairingCode(match) ?? []);
  // A word of eight letters may look like a code; one with a digit in it is hardly a word, and stands first.
  const likely = [...new Set(codes)].toSorted((a, b) => Number(/\d/.test(b)) - Number(/\d/.test(a)));
  return likely.slice(0, MAX_CANDIDATES);
}

/** As people read it. */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
