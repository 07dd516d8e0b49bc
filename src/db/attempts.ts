import { inArray, lte, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { attempt } from "./schema.ts";

/**
 * Counts one more attempt under each key in turn, in windows that begin with the first, up to the first key that is full, and answers when its window
 * ends (UTC ms); null: every key is still within its limit. Name the narrowest key first: an attempt that one key refuses does not count under the next,
 * so nobody uses up what is others' by failing on. Attempts over the limit are counted too but do not move the window. One transaction.
 */
export async function countAttempts(
  db: Database,
  keys: readonly { key: string; limit: number }[],
  windowMs: number,
  now: number,
): Promise<number | null> {
  const [, ...counted] = await db.batch([
    db.delete(attempt).where(lte(attempt.expiresAt, new Date(now))),
    ...keys.map(({ key }, index) => {
      const full = keys.slice(0, index).map((before) => sql`(key = ${before.key} AND count > ${before.limit})`);
      const refused = full.length === 0 ? sql`0` : sql`EXISTS (SELECT 1 FROM ${attempt} WHERE ${sql.join(full, sql` OR `)})`;
      return db
        .insert(attempt)
        .select(sql`SELECT ${key}, 1, ${now + windowMs} WHERE NOT ${refused}`)
        .onConflictDoUpdate({ target: attempt.key, set: { count: sql`${attempt.count} + 1` } })
        .returning();
    }),
  ]);
  const over = counted.flatMap((rows, index) => rows.filter((row) => row.count > (keys[index]?.limit ?? 0)));
  return over[0]?.expiresAt.getTime() ?? null;
}

/** Forgets the attempts under these keys: the person proved who they are. */
export async function clearAttempts(db: Database, keys: string[]): Promise<void> {
  await db.delete(attempt).where(inArray(attempt.key, keys));
}
