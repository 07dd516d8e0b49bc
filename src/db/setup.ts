import { eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { insertAccount, type NewAccount } from "./new-account.ts";
import { setup } from "./schema.ts";

const ROW = 1;

/** The hash of the setup code that was made; null: none was. */
export async function setupCodeHash(db: Database): Promise<string | null> {
  const row = await db.select({ codeHash: setup.codeHash }).from(setup).where(eq(setup.id, ROW)).get();
  return row?.codeHash ?? null;
}

/** Keeps the hash of a code just made. False: one was made before, and stays. */
export async function putSetupCodeHash(db: Database, codeHash: string, now: number): Promise<boolean> {
  const rows = await db
    .insert(setup)
    .values({ id: ROW, codeHash, createdAt: new Date(now) })
    .onConflictDoNothing()
    .returning({ id: setup.id });
  return rows.length === 1;
}

/** Makes the owner, once: a unique index on the owner's role breaks every other attempt. False: there is an owner already. */
export async function createOwner(db: Database, owner: NewAccount & { role: "owner" }): Promise<boolean> {
  const at = new Date(owner.now);
  try {
    await db.batch([
      ...insertAccount(db, owner),
      db
        .insert(setup)
        .values({ id: ROW, codeHash: null, createdAt: at, usedAt: at })
        .onConflictDoUpdate({
          target: setup.id,
          set: { usedAt: at, codeHash: null },
        }),
    ]);
    return true;
  } catch (error) {
    const made = await db.get<{ made: number }>(sql`SELECT count(*) AS made FROM user WHERE role = 'owner'`);
    if (made && made.made > 0) return false;
    throw error;
  }
}
