import { and, eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { hook } from "./schema.ts";

/** Whose address it is; null: nobody's. */
export async function hookOwner(db: Database, id: string): Promise<string | null> {
  const row = await db.select({ userId: hook.userId }).from(hook).where(eq(hook.id, id)).get();
  return row?.userId ?? null;
}

/** Makes an address of a user known; again changes nothing, nor does one that is another's. */
export async function putHook(db: Database, { id, userId, now }: { id: string; userId: string; now: number }): Promise<void> {
  await db
    .insert(hook)
    .values({ id, userId, createdAt: new Date(now) })
    .onConflictDoNothing();
}

/** Takes one of this user's addresses away, if there is one. */
export async function dropHook(db: Database, userId: string, id: string): Promise<void> {
  await db.delete(hook).where(and(eq(hook.id, id), eq(hook.userId, userId)));
}
