import { database } from "../db/database.ts";
import type { Env } from "../env.ts";
import { hex } from "../secrets/bytes.ts";
import { derivedKey } from "../secrets/keys.ts";
import type { Auth } from "./create-auth.ts";

/** What came of it, and never who is at it: see `database()`. */
const made = new WeakMap<Env, Map<boolean, Auth>>();

/** The secret that better-auth signs cookies with, as it takes it. */
export const authSecret = (bytes: Uint8Array): string => hex(bytes);

/**
 * better-auth of this deployment, made at its first use in an isolate (most requests never need it). `url` is the request's: its scheme
 * decides whether cookies are `Secure`.
 */
export async function betterAuthOf(env: Env, url: URL): Promise<Auth> {
  const secure = url.protocol === "https:";
  const variants = made.get(env) ?? new Map<boolean, Auth>();
  made.set(env, variants);
  const auth = variants.get(secure) ?? (await make(env, secure));
  variants.set(secure, auth);
  return auth;
}

async function make(env: Env, secure: boolean): Promise<Auth> {
  const [db, key, { createAuth }] = await Promise.all([database(env), derivedKey(env, "auth", "sessions"), import("./create-auth.ts")]);
  return createAuth(db, authSecret(key.bytes), secure);
}
