import { database } from "../../db/database.ts";
import { findIdentity, type IdentityOwner } from "../../db/identities.ts";
import type { Env } from "../../env.ts";
import { CACHE_MS } from "./bots.ts";

const cache = new Map<string, { owner: IdentityOwner; until: number }>();

/**
 * Who speaks as an identity; null: nobody. Remembered for a minute; the user's object refuses what was unlinked in the meantime.
 * `fresh` asks D1.
 */
export async function findSender(env: Env, identity: string, now: number, fresh = false): Promise<IdentityOwner | null> {
  const known = cache.get(identity);
  if (!fresh && known && known.until > now) return known.owner;
  const owner = await findIdentity(await database(env), identity);
  cache.delete(identity);
  if (cache.size > 10_000) cache.clear();
  if (owner) cache.set(identity, { owner, until: now + CACHE_MS });
  return owner;
}

export const forgetSender = (identity: string): void => void cache.delete(identity);
