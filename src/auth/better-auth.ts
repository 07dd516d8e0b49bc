import { database } from "../db/database.ts";
import type { Env } from "../env.ts";
import { hex } from "../secrets/bytes.ts";
import { derivedKey } from "../secrets/keys.ts";
import type { Auth } from "./create-auth.ts";

const made = new WeakMap<Env, Map<boolean, Promise<Auth>>>();

/** The secret that better-auth signs cookies with, as it takes it. */
export const authSecret = (bytes: Uint8Array): string => hex(bytes);

/**
 * better-auth of this deployment, made at its first use in an isolate (most requests never need it). `url` is the request's: its scheme
 * decides whether cookies are `Secure`.
 */
export function betterAuthOf(env: Env, url: URL): Promise<Auth> {
  const secure = url.protocol === "https:";
  const variants = made.get(env) ?? new Map<boolean, Promise<Auth>>();
  made.set(env, variants);
  const known = variants.get(secure);
  if (known) return known;
  const making = make(env, secure);
  variants.set(secure, making);
  making.catch(() => variants.delete(secure));
  return making;
}

async function make(env: Env, secure: boolean): Promise<Auth> {
  const [db, key, { createAuth }] = await Promise.all([database(env), derivedKey(env, "auth", "sessions"), import("./create-auth.ts")]);
  return createAuth(db, authSecret(key.bytes), secure);
}
