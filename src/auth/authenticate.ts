import { findApiKey, touchApiKey } from "../db/api-keys.ts";
import { type Database, database } from "../db/database.ts";
import { findSession } from "../db/sessions.ts";
import { touchUser, type UserRow } from "../db/users.ts";
import type { Env } from "../env.ts";
import { base64url, sha256 } from "../secrets/bytes.ts";
import { API_KEY, type Credential, credentialOf } from "./credential.ts";
import type { Principal, Via } from "./principal.ts";
import { PrincipalCache } from "./principal-cache.ts";
import { verifySessionCookie } from "./session-cookie.ts";

/** How long a verified caller is remembered in an isolate. The user's object refuses outdated ones before that (`stale_principal`). */
const REMEMBER_MS = 60_000;
const REMEMBER_MOST = 5_000;
/** "Last active" and a key's "last use" are written at most this often. */
const TOUCH_MS = 10 * 60_000;

const caches = new WeakMap<D1Database, PrincipalCache>();

/**
 * Who sent this request, by session cookie or API key (`Authorization: Bearer …`, `x-api-key`); null: nobody that may enter (no or a wrong
 * credential, an expired or revoked one, a suspended user). A caller seen in the last minute costs no query; `fresh` asks D1 and replaces what
 * was remembered. Failures are not remembered. `now` is UTC ms.
 */
export async function authenticate(request: Request, env: Env, options: { fresh?: boolean; now?: number } = {}): Promise<Principal | null> {
  const credential = credentialOf(request);
  if (credential === null) return null;
  const now = options.now ?? Date.now();
  const cache = cacheOf(env);
  const secret = credential.kind === "session" ? credential.cookie : credential.key;
  const key = base64url(await sha256(`${credential.kind}:${secret}`));
  const known = options.fresh ? null : cache.get(key, now);
  if (known) return known;
  const principal = await verify(credential, env, now);
  if (principal === null) cache.delete(key);
  else cache.set(key, principal, Math.min(now + REMEMBER_MS, principal.expiresAt ?? Number.POSITIVE_INFINITY));
  return principal;
}

function cacheOf(env: Env): PrincipalCache {
  const known = caches.get(env.DB);
  if (known) return known;
  const cache = new PrincipalCache(REMEMBER_MOST);
  caches.set(env.DB, cache);
  return cache;
}

async function verify(credential: Credential, env: Env, now: number): Promise<Principal | null> {
  return credential.kind === "session" ? verifySession(credential.cookie, env, now) : verifyApiKey(credential.key, env, now);
}

async function verifySession(cookie: string, env: Env, now: number): Promise<Principal | null> {
  const signed = await verifySessionCookie(env, cookie);
  if (signed === null) return null;
  const db = await database(env);
  const session = await findSession(db, signed.token, now);
  if (session === null || session.user.suspended) return null;
  await touch(db, session.user, now);
  return principalOf(session.user, "session", session.id, session.expiresAt);
}

async function verifyApiKey(key: string, env: Env, now: number): Promise<Principal | null> {
  if (!API_KEY.test(key)) return null;
  const db = await database(env);
  // The plugin's `defaultKeyHasher`: SHA-256, base64url without padding. A test makes a key with the plugin and enters with it.
  const found = await findApiKey(db, base64url(await sha256(key)), now);
  if (found === null || found.user.suspended) return null;
  const service = found.configId === "service";
  if (service && found.user.role !== "owner") return null;
  await touch(db, found.user, now, found);
  return principalOf(found.user, service ? "service_key" : "api_key", found.id, found.expiresAt);
}

const principalOf = (user: UserRow, via: Via, credentialId: string, expiresAt: Date | null): Principal => ({
  userId: user.id,
  role: user.role,
  via,
  email: user.email,
  name: user.name,
  authVersion: user.authVersion,
  credentialId,
  expiresAt: expiresAt?.getTime() ?? null,
});

async function touch(db: Database, user: UserRow, now: number, key?: { id: string; lastRequest: Date | null }): Promise<void> {
  const due = (last: Date | null) => last === null || now - last.getTime() > TOUCH_MS;
  try {
    if (due(user.lastActiveAt)) await touchUser(db, user.id, now);
    if (key && due(key.lastRequest)) await touchApiKey(db, key.id, now);
  } catch {
    // When somebody was last here is worth less than letting them in.
  }
}
