import { inArray, lte, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { attempt } from "./schema.ts";

/**
 * Counts one more attempt under each key, in windows that begin with the first, and answers when the last full window ends (UTC ms);
 * null: every key is still within its limit. Attempts over the limit are counted too but do not move the window.
 */
export async function countAttempts(
  db: Database,
  keys: readonly { key: string; limit: number }[],
  windowMs: number,
  now: number,
): Promise<number | null> {
  const [, ...counted] = await db.batch([
    db.delete(attempt).where(lte(attempt.expiresAt, new Date(now))),
    ...keys.map(({ key }) =>
      db
        .insert(attempt)
        .values({ key, count: 1, expiresAt: new Date(now + windowMs) })
        .onConflictDoUpdate({ target: attempt.key, set: { count: sql`${attempt.count} + 1` } })
        .returning(),
    ),
  ]);
  const over = counted.flatMap((rows, index) => rows.filter((row) => row.count > (keys[index]?.limit ?? 0)));
  return over.length === 0 ? null : Math.max(...over.map((row) => row.expiresAt.getTime()));
}

/** Forgets the attempts under these keys: the person proved who they are. */
export async function clearAttempts(db: Database, keys: string[]): Promise<void> {
  await db.delete(attempt).where(inArray(attempt.key, keys));
}
