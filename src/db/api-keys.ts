import { and, asc, count, eq, gt, isNull, or } from "drizzle-orm";
import type { Database } from "./database.ts";
import { apikey, user } from "./schema.ts";
import type { UserRow } from "./users.ts";

export type ApiKeyRow = typeof apikey.$inferSelect;

const live = (now: number) => and(eq(apikey.enabled, true), or(isNull(apikey.expiresAt), gt(apikey.expiresAt, new Date(now))));

/** A usable key and its user, by the hash of the key; null: unknown, revoked or expired. */
export async function findApiKey(
  db: Database,
  hash: string,
  now: number,
): Promise<{ id: string; configId: string; expiresAt: Date | null; lastRequest: Date | null; user: UserRow } | null> {
  const row = await db
    .select({ id: apikey.id, configId: apikey.configId, expiresAt: apikey.expiresAt, lastRequest: apikey.lastRequest, user })
    .from(apikey)
    .innerJoin(user, eq(user.id, apikey.referenceId))
    .where(and(eq(apikey.key, hash), live(now)))
    .get();
  return row ?? null;
}

/** A user's keys, oldest first. */
export function apiKeysOf(db: Database, userId: string): Promise<ApiKeyRow[]> {
  return db.select().from(apikey).where(eq(apikey.referenceId, userId)).orderBy(asc(apikey.createdAt), asc(apikey.id));
}

export async function countApiKeys(db: Database, userId: string): Promise<number> {
  return (await db.select({ n: count() }).from(apikey).where(eq(apikey.referenceId, userId)).get())?.n ?? 0;
}

export async function findOwnApiKey(db: Database, userId: string, keyId: string): Promise<ApiKeyRow | null> {
  const row = await db
    .select()
    .from(apikey)
    .where(and(eq(apikey.id, keyId), eq(apikey.referenceId, userId)))
    .get();
  return row ?? null;
}

/** Statement for a `db.batch()`: revokes one key of a user. */
export const deleteApiKey = (db: Database, userId: string, keyId: string) =>
  db.delete(apikey).where(and(eq(apikey.id, keyId), eq(apikey.referenceId, userId)));

/** Keeps the end of a key just made, for a person to tell keys apart. */
export async function setLastFour(db: Database, keyId: string, lastFour: string): Promise<void> {
  await db
    .update(apikey)
    .set({ metadata: JSON.stringify({ lastFour }) })
    .where(eq(apikey.id, keyId));
}

/** Notes that a key was used. */
export async function touchApiKey(db: Database, keyId: string, now: number): Promise<void> {
  await db
    .update(apikey)
    .set({ lastRequest: new Date(now) })
    .where(eq(apikey.id, keyId));
}
