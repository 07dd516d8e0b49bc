import type { Env } from "../env.ts";
import { utf8 } from "../secrets/bytes.ts";
import { derivedKey } from "../secrets/keys.ts";
import { authSecret } from "./better-auth.ts";

/** A session token whose signature is right. `outdated`: signed under an earlier root key, so the cookie should be written again. */
export interface SignedToken {
  token: string;
  outdated: boolean;
}

/** Current key first. Non-extractable, so what is kept here can verify and do nothing else. What came of it, and never who is at it: see `database()`. */
const verifiers = new WeakMap<Env, CryptoKey[]>();

/**
 * Verifies a session cookie as better-call signs it: percent-encoded `<token>.<base64 of HMAC-SHA256(token)>`. null: not ours. Needs no
 * database.
 */
export async function verifySessionCookie(env: Env, cookie: string): Promise<SignedToken | null> {
  const value = decoded(cookie);
  const dot = value.lastIndexOf(".");
  const signature = dot > 0 ? bytesOfBase64(value.slice(dot + 1)) : null;
  if (signature === null) return null;
  const token = value.slice(0, dot);
  for (const [index, key] of (await verifiersOf(env)).entries())
    if (await crypto.subtle.verify("HMAC", key, signature, utf8(token))) return { token, outdated: index > 0 };
  return null;
}

async function verifiersOf(env: Env): Promise<CryptoKey[]> {
  const keys = verifiers.get(env) ?? (await makeVerifiers(env));
  verifiers.set(env, keys);
  return keys;
}

async function makeVerifiers(env: Env): Promise<CryptoKey[]> {
  const key = await derivedKey(env, "auth", "sessions");
  return Promise.all(
    [key, ...key.retired].map((part) =>
      crypto.subtle.importKey("raw", utf8(authSecret(part.bytes)), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]),
    ),
  );
}

function decoded(cookie: string): string {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return "";
  }
}

/** 32 bytes as base64 with padding, or nothing. */
function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
